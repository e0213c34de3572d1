ALTER TABLE triage_bill ADD kind $text(12) NOT NULL DEFAULT 'filing';

CREATE INDEX triage_bill_case ON triage_bill (case_id);

CREATE TABLE triage_conversion (
  event_id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  from_code $text(20) NOT NULL,
  to_code $text(20) NOT NULL,
  on_day $date NOT NULL
);

CREATE INDEX triage_conversion_case ON triage_conversion (case_id, event_id);
