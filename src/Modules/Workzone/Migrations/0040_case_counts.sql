-- the last movement of a case: a change of its own, or an event recorded of it
ALTER TABLE workzone_case ADD moved_at $time NULL;

UPDATE workzone_case
SET moved_at = COALESCE((SELECT MAX(e.recorded_at)
FROM workzone_case_event e
WHERE e.case_id = workzone_case.id AND e.recorded_at > workzone_case.changed_at), changed_at);

-- unsealed open cases of a judge in a court as they stand on the day up to which the court is counted; judge 0 where none is allotted
CREATE TABLE workzone_case_count (
  court_id $id NOT NULL,
  judge_id $id NOT NULL,
  open_cases $int NOT NULL,
  near $int NOT NULL,
  over_limit $int NOT NULL,
  still15 $int NOT NULL,
  still30 $int NOT NULL,
  still60 $int NOT NULL,
  still90 $int NOT NULL,
  long12 $int NOT NULL,
  long18 $int NOT NULL,
  long36 $int NOT NULL,
  PRIMARY KEY (court_id, judge_id),
  FOREIGN KEY (court_id) REFERENCES workzone_court (id)
);

-- unsealed cases filed and closed in a month ("2026-03")
CREATE TABLE workzone_case_month (
  court_id $id NOT NULL,
  month $text(7) NOT NULL,
  filed $int NOT NULL,
  closed $int NOT NULL,
  PRIMARY KEY (court_id, month),
  FOREIGN KEY (court_id) REFERENCES workzone_court (id)
);

-- a court without a row here is not counted yet: whoever asks reads its cases
CREATE TABLE workzone_case_counted (
  court_id $id NOT NULL PRIMARY KEY,
  day $date NOT NULL,
  counted_at $time NOT NULL,
  wrong $int NOT NULL,
  wrong_at $time NULL,
  FOREIGN KEY (court_id) REFERENCES workzone_court (id)
);

CREATE INDEX workzone_case_over ON workzone_case (court_id, clock_legal_end, id) WHERE state = 'open';

CREATE INDEX workzone_case_still ON workzone_case (court_id, moved_at, id) WHERE state = 'open';

CREATE INDEX workzone_case_long ON workzone_case (court_id, filed_on, id) WHERE state = 'open';

CREATE INDEX workzone_case_ended ON workzone_case (court_id, closed_on, id) WHERE closed_on IS NOT NULL;

CREATE INDEX workzone_slip_court ON workzone_slip (court_id, id) WHERE ended_at IS NULL;
