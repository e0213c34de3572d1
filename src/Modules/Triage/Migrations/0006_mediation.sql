CREATE TABLE triage_mediator (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  name $text(60) NOT NULL,
  organisation $text(120) NOT NULL,
  phone_enc $text(400) NULL,
  email_enc $text(600) NULL,
  skills $text(400) NOT NULL,
  languages $text(40) NOT NULL,
  gold $bool NOT NULL,
  evaluator $bool NOT NULL,
  active $bool NOT NULL,
  most_open $int NOT NULL,
  version $int NOT NULL
);

CREATE INDEX triage_mediator_court ON triage_mediator (court_id, active, name);

CREATE TABLE triage_mediation (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  filing_id $id NULL,
  case_number $text(80) NOT NULL,
  cause $text(120) NOT NULL,
  parties_text $note NOT NULL,
  procedure_code $text(20) NOT NULL,
  languages $text(40) NOT NULL,
  round $int NOT NULL,
  consents $note NOT NULL,
  consent_by $date NULL,
  assign_by $date NULL,
  mediator_id $id NULL,
  mediator_name $text(60) NOT NULL,
  chosen_by $text(10) NOT NULL,
  passed_over $text(400) NOT NULL,
  confirm_by $date NULL,
  accepted_on $date NULL,
  base_end $date NULL,
  due_on $date NULL,
  extended $int NOT NULL,
  outcome $text(12) NOT NULL,
  ended_on $date NULL,
  reason $text(1000) NOT NULL,
  elements $note NULL,
  agreement $note NULL,
  document_id $id NULL,
  confirm_asked_on $date NULL,
  confirm_due $date NULL,
  confirmed $text(10) NOT NULL,
  cooling_until $date NULL,
  follow_on $date NULL,
  followed_on $date NULL,
  escalated_at $time NULL,
  escalated_why $text(20) NOT NULL,
  next_on $date NULL,
  token_digest $text(64) NULL,
  token_enc $text(400) NULL,
  started_at $time NOT NULL,
  state $text(12) NOT NULL,
  is_open $bool NOT NULL,
  version $int NOT NULL,
  CONSTRAINT triage_mediation_round UNIQUE (case_id, round)
);

CREATE INDEX triage_mediation_queue ON triage_mediation (court_id, state, next_on, id);

CREATE INDEX triage_mediation_next ON triage_mediation (next_on, id) WHERE next_on IS NOT NULL;

CREATE INDEX triage_mediation_open ON triage_mediation (case_id, is_open);

CREATE INDEX triage_mediation_of ON triage_mediation (mediator_id, is_open);

CREATE TABLE triage_mediation_event (
  id $id NOT NULL PRIMARY KEY,
  mediation_id $id NOT NULL,
  event $text(20) NOT NULL,
  at $time NOT NULL,
  by_name $text(60) NOT NULL,
  words $note NOT NULL,
  FOREIGN KEY (mediation_id) REFERENCES triage_mediation (id)
);

CREATE INDEX triage_mediation_event_of ON triage_mediation_event (mediation_id, id);

CREATE TABLE triage_evaluation (
  id $id NOT NULL PRIMARY KEY,
  mediation_id $id NOT NULL,
  evaluator_id $id NOT NULL,
  evaluator_name $text(60) NOT NULL,
  due_on $date NOT NULL,
  opinion $note NULL,
  given_at $time NULL,
  CONSTRAINT triage_evaluation_once UNIQUE (mediation_id, evaluator_id)
);

CREATE TABLE triage_public_mediation (
  token_digest $text(64) NOT NULL PRIMARY KEY,
  mediation_id $id NOT NULL,
  court_name $text(80) NOT NULL,
  case_number $text(80) NOT NULL,
  cause $text(120) NOT NULL,
  mediator_name $text(60) NOT NULL,
  contacts_enc $note NOT NULL,
  confirm_by $date NULL,
  due_on $date NULL,
  stage $text(12) NOT NULL,
  released_at $time NOT NULL,
  expires_at $time NOT NULL,
  withdrawn_at $time NULL
);

CREATE INDEX triage_public_mediation_of ON triage_public_mediation (mediation_id);

CREATE TABLE triage_public_mediation_act (
  id $id NOT NULL PRIMARY KEY,
  mediation_id $id NOT NULL,
  act $text(12) NOT NULL,
  words_enc $note NOT NULL,
  days $int NULL,
  elements_enc $note NULL,
  at $time NOT NULL,
  heard_at $time NULL,
  refused $text(400) NOT NULL
);

CREATE INDEX triage_public_mediation_act_of ON triage_public_mediation_act (mediation_id, id);
