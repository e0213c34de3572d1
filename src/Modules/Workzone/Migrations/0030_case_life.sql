ALTER TABLE workzone_case ADD closed_on $date NULL;

ALTER TABLE workzone_case ADD closed_how $text(20) NULL;

ALTER TABLE workzone_case ADD origin_id $id NULL;

ALTER TABLE workzone_case ADD custody_until $date NULL;

ALTER TABLE workzone_case ADD marks $text(60) NULL;

CREATE TABLE workzone_case_event (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  event $text(40) NOT NULL,
  on_day $date NOT NULL,
  facts $note NOT NULL,
  source_key $text(120) NOT NULL,
  document_id $id NULL,
  recorded_by $text(60) NOT NULL,
  recorded_at $time NOT NULL,
  undone_at $time NULL,
  CONSTRAINT workzone_case_event_once UNIQUE (case_id, source_key),
  FOREIGN KEY (case_id) REFERENCES workzone_case (id)
);

CREATE TABLE workzone_clock_fact (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  kind $text(12) NOT NULL,
  code $text(20) NOT NULL,
  from_on $date NOT NULL,
  to_on $date NULL,
  from_code $text(20) NULL,
  n $int NULL,
  unit $text(6) NULL,
  document_id $id NULL,
  reason $text(400) NOT NULL,
  source_key $text(120) NOT NULL,
  recorded_by $text(60) NOT NULL,
  recorded_at $time NOT NULL,
  undone_at $time NULL,
  version $int NOT NULL,
  CONSTRAINT workzone_clock_fact_once UNIQUE (case_id, source_key),
  FOREIGN KEY (case_id) REFERENCES workzone_case (id)
);

CREATE INDEX workzone_clock_fact_open ON workzone_clock_fact (case_id) WHERE to_on IS NULL;

DROP VIEW workzone_case_card;

CREATE VIEW workzone_case_card AS
SELECT c.id, c.number, c.court_id, t.name AS court_name, c.kind, c.cause, c.procedure_code, c.filed_on, c.judge_id, p.name AS judge_name, c.state, c.parties_text, c.sealed,
       c.amount, c.allotted_on, c.closed_on, c.closed_how, c.clock_end, c.clock_legal_end, c.custody_until, c.marks, c.origin_id
FROM workzone_case c
JOIN workzone_court t ON t.id = c.court_id
LEFT JOIN workzone_person p ON p.id = c.judge_id;
