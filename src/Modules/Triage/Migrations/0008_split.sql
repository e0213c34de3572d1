CREATE TABLE triage_split (
  case_id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  facts $note NOT NULL,
  score $int NOT NULL,
  band $text(12) NOT NULL,
  weight $int NOT NULL,
  version $int NOT NULL
);

CREATE TABLE triage_split_fact (
  case_id $id NOT NULL,
  fact_key $text(80) NOT NULL,
  fact $text(20) NOT NULL,
  on_day $date NOT NULL,
  PRIMARY KEY (case_id, fact_key)
);

CREATE TABLE triage_proposal (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  case_number $text(80) NOT NULL,
  fact $text(20) NOT NULL,
  from_procedure $text(20) NOT NULL,
  to_procedure $text(20) NOT NULL,
  from_band $text(12) NOT NULL,
  to_band $text(12) NOT NULL,
  why $note NOT NULL,
  clock_now $date NULL,
  clock_then $date NULL,
  made_on $date NOT NULL,
  made_at $time NOT NULL,
  state $text(12) NOT NULL,
  decided_at $time NULL,
  decided_by_name $text(60) NOT NULL,
  reason $text(400) NOT NULL,
  version $int NOT NULL
);

CREATE INDEX triage_proposal_open ON triage_proposal (court_id, state, id);

CREATE INDEX triage_proposal_case ON triage_proposal (case_id, state, id);

CREATE TABLE triage_override (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  cause $text(120) NOT NULL,
  from_band $text(12) NOT NULL,
  to_band $text(12) NOT NULL,
  score $int NOT NULL,
  factors $note NOT NULL,
  reason $text(400) NOT NULL,
  by_name $text(60) NOT NULL,
  at $time NOT NULL,
  on_day $date NOT NULL
);

CREATE INDEX triage_override_court ON triage_override (court_id, on_day, id);
