CREATE TABLE enforcement_agency (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  name $text(120) NOT NULL,
  kind $text(20) NOT NULL,
  login $text(80) NOT NULL,
  active $bool NOT NULL,
  version $int NOT NULL,
  CONSTRAINT enforcement_agency_name UNIQUE (court_id, name)
);

CREATE TABLE enforcement_linkage (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  agency_id $id NOT NULL,
  agency_name $text(120) NOT NULL,
  login $text(80) NOT NULL,
  act $text(20) NOT NULL,
  words $text(1000) NOT NULL,
  basis $text(200) NOT NULL,
  due_on $date NOT NULL,
  documents $note NOT NULL,
  digest $text(64) NOT NULL,
  token_enc $text(200) NOT NULL,
  state $text(12) NOT NULL,
  sent_by $id NOT NULL,
  sent_by_name $text(60) NOT NULL,
  sent_at $time NOT NULL,
  urged $int NOT NULL,
  urged_at $time NULL,
  answered_at $time NULL,
  answered_by $text(60) NULL,
  answer $text(1000) NULL,
  receipt $text(120) NULL,
  answer_document_id $id NULL,
  next_date $date NULL,
  version $int NOT NULL,
  FOREIGN KEY (agency_id) REFERENCES enforcement_agency (id)
);

CREATE INDEX enforcement_linkage_state ON enforcement_linkage (state, due_on, id);

CREATE INDEX enforcement_linkage_case ON enforcement_linkage (case_id, id);

CREATE INDEX enforcement_linkage_next ON enforcement_linkage (next_date, id);

CREATE TABLE enforcement_public_request (
  token_digest $text(64) NOT NULL PRIMARY KEY,
  linkage_id $id NOT NULL,
  court_name $text(80) NOT NULL,
  case_number $text(80) NOT NULL,
  case_id $id NOT NULL,
  agency_name $text(120) NOT NULL,
  act $text(20) NOT NULL,
  words $text(1000) NOT NULL,
  basis $text(200) NOT NULL,
  due_on $date NOT NULL,
  documents $note NOT NULL,
  digest $text(64) NOT NULL,
  expires_at $time NOT NULL,
  withdrawn_at $time NULL,
  answered_at $time NULL,
  answer $text(1000) NULL,
  answer_receipt $text(120) NULL
);

CREATE INDEX enforcement_public_request_id ON enforcement_public_request (linkage_id);
