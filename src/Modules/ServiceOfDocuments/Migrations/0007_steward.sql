-- a postal address of a party, with where it comes from (C-03)
CREATE TABLE service_address (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  party_id $id NOT NULL,
  person_enc $text(400) NULL,
  person_idx $text(64) NULL,
  origin $text(12) NOT NULL,
  text_enc $text(1600) NOT NULL,
  hint $text(80) NOT NULL,
  postcode $text(10) NULL,
  recipient $text(200) NOT NULL,
  phone_enc $text(400) NULL,
  warned $bool NOT NULL,
  used_on $date NULL,
  evidence_id $id NULL,
  evidence $note NOT NULL,
  ended_at $time NULL,
  ended_why $text(200) NULL,
  entered_by $text(60) NOT NULL,
  entered_at $time NOT NULL,
  version $int NOT NULL
);

CREATE INDEX service_address_party ON service_address (party_id, id);

CREATE INDEX service_address_person ON service_address (person_idx, id);

-- 送达地址确认书
CREATE TABLE service_confirmation (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  party_id $id NOT NULL,
  notice_id $id NULL,
  person_enc $text(400) NULL,
  person_idx $text(64) NULL,
  way $text(10) NOT NULL,
  form_enc $note NOT NULL,
  e_service $bool NOT NULL,
  judgments $bool NOT NULL,
  scope $text(60) NOT NULL,
  signed_on $date NOT NULL,
  signature $text(10) NOT NULL,
  document_id $id NULL,
  carried_from $id NULL,
  replaced_at $time NULL,
  created_by $text(60) NOT NULL,
  created_at $time NOT NULL
);

CREATE INDEX service_confirmation_party ON service_confirmation (party_id, id);

CREATE INDEX service_confirmation_person ON service_confirmation (person_idx, id);

-- what a party wrote on its page, until it has come inside
CREATE TABLE service_public_form (
  id $id NOT NULL PRIMARY KEY,
  notice_id $id NOT NULL,
  kind $text(12) NOT NULL,
  form_enc $note NOT NULL,
  at $time NOT NULL
);

CREATE INDEX service_public_form_notice ON service_public_form (notice_id, id);

-- the steward's plan: one way after the other
CREATE TABLE service_step (
  id $id NOT NULL PRIMARY KEY,
  notice_id $id NOT NULL,
  order_id $id NOT NULL,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  ordinal $int NOT NULL,
  channel $text(12) NOT NULL,
  state $text(12) NOT NULL,
  why $text(200) NOT NULL,
  wait_days $int NOT NULL,
  starts_at $time NULL,
  until_at $time NULL,
  started_at $time NULL,
  ended_at $time NULL,
  result $text(400) NULL,
  by_name $text(60) NULL,
  address_id $id NULL,
  batch_id $id NULL,
  tracking $text(40) NULL,
  version $int NOT NULL,
  FOREIGN KEY (notice_id) REFERENCES service_notice (id)
);

CREATE INDEX service_step_notice ON service_step (notice_id, ordinal);

CREATE INDEX service_step_due ON service_step (state, channel, starts_at);

CREATE INDEX service_step_until ON service_step (state, until_at);

CREATE INDEX service_step_batch ON service_step (batch_id);

CREATE INDEX service_step_tracking ON service_step (tracking);

-- hearings, for the clear days before them
CREATE TABLE service_hearing (
  hearing_id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  start_at $time NOT NULL,
  serve_by $date NOT NULL,
  summons_id $id NULL,
  parties $note NOT NULL,
  hearing_version $int NOT NULL,
  over_at $time NULL
);

CREATE INDEX service_hearing_case ON service_hearing (case_id, start_at);

CREATE INDEX service_hearing_start ON service_hearing (start_at);

-- detained, serving a sentence or in the army: papers go through the institution (CPL 92-94)
ALTER TABLE service_notice ADD custody $bool NOT NULL DEFAULT 0;

ALTER TABLE service_notice ADD institution $text(120) NULL;
