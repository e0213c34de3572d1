-- Two persons of one name and role may be parties of one case: twin tells them apart. SQLite cannot drop a constraint, so the tables are made anew
-- and the copies go again, in the same transaction.
CREATE TABLE workzone_party_copy (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  ordinal $int NOT NULL,
  name $text(200) NOT NULL,
  role $text(40) NOT NULL,
  party_type $text(10) NOT NULL,
  id_number_enc $text(400) NULL,
  id_number_idx $text(64) NULL,
  id_number_tail $text(4) NULL,
  phone_enc $text(400) NULL,
  phone_idx $text(64) NULL,
  phone_tail $text(4) NULL,
  email_enc $text(600) NULL,
  email_hint $text(60) NULL,
  e_service $text(12) NOT NULL,
  language $text(10) NOT NULL,
  version $int NOT NULL,
  contact_source $text(200) NULL,
  contact_on $date NULL,
  contact_by $text(60) NULL,
  contact_at $time NULL
);

INSERT INTO workzone_party_copy (id, case_id, ordinal, name, role, party_type, id_number_enc, id_number_idx, id_number_tail, phone_enc, phone_idx, phone_tail, email_enc, email_hint, e_service, language, version, contact_source, contact_on, contact_by, contact_at)
SELECT id, case_id, ordinal, name, role, party_type, id_number_enc, id_number_idx, id_number_tail, phone_enc, phone_idx, phone_tail, email_enc, email_hint, e_service, language, version, contact_source, contact_on, contact_by, contact_at FROM workzone_party;

CREATE TABLE workzone_agent_copy (
  id $id NOT NULL PRIMARY KEY,
  party_id $id NOT NULL,
  name $text(120) NOT NULL,
  agent_type $text(40) NOT NULL,
  phone_enc $text(400) NULL,
  phone_tail $text(4) NULL
);

INSERT INTO workzone_agent_copy (id, party_id, name, agent_type, phone_enc, phone_tail)
SELECT id, party_id, name, agent_type, phone_enc, phone_tail FROM workzone_agent;

DROP TABLE workzone_agent;

DROP TABLE workzone_party;

CREATE TABLE workzone_party (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  ordinal $int NOT NULL,
  name $text(200) NOT NULL,
  role $text(40) NOT NULL,
  party_type $text(10) NOT NULL,
  id_number_enc $text(400) NULL,
  id_number_idx $text(64) NULL,
  id_number_tail $text(4) NULL,
  phone_enc $text(400) NULL,
  phone_idx $text(64) NULL,
  phone_tail $text(4) NULL,
  email_enc $text(600) NULL,
  email_hint $text(60) NULL,
  e_service $text(12) NOT NULL,
  language $text(10) NOT NULL,
  version $int NOT NULL,
  contact_source $text(200) NULL,
  contact_on $date NULL,
  contact_by $text(60) NULL,
  contact_at $time NULL,
  twin $int NOT NULL DEFAULT 0,
  CONSTRAINT workzone_party_once UNIQUE (case_id, name, role, twin),
  FOREIGN KEY (case_id) REFERENCES workzone_case (id)
);

INSERT INTO workzone_party (id, case_id, ordinal, name, role, party_type, id_number_enc, id_number_idx, id_number_tail, phone_enc, phone_idx, phone_tail, email_enc, email_hint, e_service, language, version, contact_source, contact_on, contact_by, contact_at, twin)
SELECT id, case_id, ordinal, name, role, party_type, id_number_enc, id_number_idx, id_number_tail, phone_enc, phone_idx, phone_tail, email_enc, email_hint, e_service, language, version, contact_source, contact_on, contact_by, contact_at, 0 FROM workzone_party_copy;

CREATE INDEX workzone_party_name ON workzone_party (name);

CREATE INDEX workzone_party_phone ON workzone_party (phone_idx) WHERE phone_idx IS NOT NULL;

CREATE INDEX workzone_party_id_number ON workzone_party (id_number_idx) WHERE id_number_idx IS NOT NULL;

CREATE TABLE workzone_agent (
  id $id NOT NULL PRIMARY KEY,
  party_id $id NOT NULL,
  name $text(120) NOT NULL,
  agent_type $text(40) NOT NULL,
  phone_enc $text(400) NULL,
  phone_tail $text(4) NULL,
  CONSTRAINT workzone_agent_once UNIQUE (party_id, name),
  FOREIGN KEY (party_id) REFERENCES workzone_party (id)
);

INSERT INTO workzone_agent (id, party_id, name, agent_type, phone_enc, phone_tail)
SELECT id, party_id, name, agent_type, phone_enc, phone_tail FROM workzone_agent_copy;

DROP TABLE workzone_agent_copy;

DROP TABLE workzone_party_copy;
