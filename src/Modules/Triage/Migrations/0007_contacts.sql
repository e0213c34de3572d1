CREATE TABLE triage_contact (
  id $id NOT NULL PRIMARY KEY,
  number $text(40) NOT NULL,
  court_id $id NOT NULL,
  court_name $text(80) NOT NULL,
  for_court_id $id NOT NULL,
  for_court_name $text(80) NOT NULL,
  service $text(16) NOT NULL,
  channel $text(10) NOT NULL,
  person $text(120) NOT NULL,
  phone_enc $text(400) NULL,
  phone_tail $text(4) NULL,
  case_number $text(80) NOT NULL,
  case_id $id NULL,
  words $note NOT NULL,
  taken_at $time NOT NULL,
  taken_by_name $text(60) NOT NULL,
  due_on $date NOT NULL,
  accepted_at $time NULL,
  accepted_by $id NULL,
  accepted_by_name $text(60) NOT NULL,
  finished_at $time NULL,
  answer $note NOT NULL,
  mark $int NULL,
  mark_words $text(400) NOT NULL,
  marked_at $time NULL,
  declared_pages $int NULL,
  escalated_at $time NULL,
  escalated_to $text(60) NOT NULL,
  public_id $id NULL,
  state $text(12) NOT NULL,
  version $int NOT NULL,
  CONSTRAINT triage_contact_number UNIQUE (number)
);

CREATE INDEX triage_contact_for ON triage_contact (for_court_id, state, due_on, id);

CREATE INDEX triage_contact_taken ON triage_contact (court_id, state, due_on, id);

CREATE INDEX triage_contact_due ON triage_contact (state, due_on, id);

CREATE TABLE triage_contact_event (
  id $id NOT NULL PRIMARY KEY,
  contact_id $id NOT NULL,
  event $text(20) NOT NULL,
  at $time NOT NULL,
  by_name $text(60) NOT NULL,
  court_name $text(80) NOT NULL,
  words $note NOT NULL,
  pages $int NULL,
  FOREIGN KEY (contact_id) REFERENCES triage_contact (id)
);

CREATE INDEX triage_contact_event_of ON triage_contact_event (contact_id, id);

CREATE TABLE triage_contact_paper (
  id $id NOT NULL PRIMARY KEY,
  contact_id $id NOT NULL,
  title $text(200) NOT NULL,
  blob $text(64) NOT NULL,
  size $id NOT NULL,
  pages $int NULL,
  document_id $id NULL,
  added_at $time NOT NULL,
  CONSTRAINT triage_contact_paper_once UNIQUE (contact_id, blob),
  FOREIGN KEY (contact_id) REFERENCES triage_contact (id)
);

CREATE TABLE triage_duty (
  court_id $id NOT NULL,
  on_day $date NOT NULL,
  person_id $id NOT NULL,
  person_name $text(60) NOT NULL,
  phone $text(40) NOT NULL,
  PRIMARY KEY (court_id, on_day)
);

CREATE TABLE triage_public_contact (
  id $id NOT NULL PRIMARY KEY,
  token_digest $text(64) NOT NULL,
  court_id $id NOT NULL,
  court_name $text(80) NOT NULL,
  service $text(16) NOT NULL,
  person $text(120) NOT NULL,
  phone_enc $text(400) NULL,
  case_number $text(80) NOT NULL,
  words_enc $note NOT NULL,
  number $text(40) NOT NULL,
  due_on $date NULL,
  stage $text(12) NOT NULL,
  answer $note NOT NULL,
  mark $int NULL,
  mark_words $text(400) NOT NULL,
  asked_at $time NOT NULL,
  expires_at $time NOT NULL,
  CONSTRAINT triage_public_contact_token UNIQUE (token_digest)
);
