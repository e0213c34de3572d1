CREATE TABLE triage_series (
  id $id NOT NULL PRIMARY KEY,
  number $text(40) NOT NULL,
  court_id $id NOT NULL,
  title $text(200) NOT NULL,
  cause $text(120) NOT NULL,
  claimant $text(200) NOT NULL,
  total $int NOT NULL,
  state $text(12) NOT NULL,
  model_case_id $id NULL,
  model_number $text(80) NOT NULL,
  owner_id $id NULL,
  owner_name $text(60) NOT NULL,
  wake_on $date NULL,
  woken_at $time NULL,
  elements $note NULL,
  taken_at $time NOT NULL,
  taken_by_name $text(60) NOT NULL,
  version $int NOT NULL
);

CREATE INDEX triage_series_court ON triage_series (court_id, state, id);

CREATE INDEX triage_series_wake ON triage_series (wake_on, id) WHERE wake_on IS NOT NULL;

CREATE TABLE triage_series_case (
  series_id $id NOT NULL,
  filing_id $id NOT NULL PRIMARY KEY,
  row_no $int NOT NULL,
  case_id $id NULL,
  case_number $text(80) NOT NULL,
  name $text(200) NOT NULL,
  amount $money NULL,
  stage $text(12) NOT NULL,
  problem $text(400) NOT NULL,
  elements $note NULL,
  FOREIGN KEY (series_id) REFERENCES triage_series (id)
);

CREATE INDEX triage_series_case_of ON triage_series_case (series_id, stage, row_no);

CREATE INDEX triage_series_case_case ON triage_series_case (case_id) WHERE case_id IS NOT NULL;
