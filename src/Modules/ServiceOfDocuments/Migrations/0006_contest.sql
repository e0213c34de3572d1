-- an effect that a bounce or the party's own word speaks against: a person decides it
ALTER TABLE service_notice ADD contested_at $time NULL;

ALTER TABLE service_notice ADD contested_why $text(12) NULL;

ALTER TABLE service_notice ADD contest_order_id $id NULL;

ALTER TABLE service_notice ADD decided_at $time NULL;

ALTER TABLE service_notice ADD decided_by $text(60) NULL;

ALTER TABLE service_notice ADD decided_words $note NULL;

-- why the same document goes to the same person again
ALTER TABLE service_notice ADD again_reason $note NULL;

CREATE INDEX service_task_party ON service_task (party_id, document_blob);

CREATE INDEX service_notice_contest ON service_notice (contest_order_id);

-- no paper is shown between the party's word that it is somebody else and the decision
ALTER TABLE service_public_notice ADD held_at $time NULL;

ALTER TABLE service_public_notice ADD wrong $int NOT NULL DEFAULT 0;

ALTER TABLE service_public_notice ADD ended_at $time NULL;

-- wrong tails of one browser
CREATE TABLE service_public_try (
  token_digest $text(64) NOT NULL,
  browser $text(64) NOT NULL,
  tries $int NOT NULL,
  locks $int NOT NULL,
  locked_until $time NULL,
  CONSTRAINT service_public_try_pk PRIMARY KEY (token_digest, browser)
);

-- opponents with one address: whose it is, decided by a person
CREATE TABLE service_address_word (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  party_id $id NOT NULL,
  address_enc $text(900) NOT NULL,
  address_idx $text(64) NOT NULL,
  words $note NOT NULL,
  decided_by $text(60) NOT NULL,
  decided_at $time NOT NULL,
  CONSTRAINT service_address_word_once UNIQUE (party_id, address_idx)
);

-- what a person must be told of, once for each cause
CREATE TABLE service_alarm (
  id $id NOT NULL PRIMARY KEY,
  cause_key $text(120) NOT NULL,
  kind $text(20) NOT NULL,
  case_id $id NOT NULL,
  notice_id $id NULL,
  order_id $id NOT NULL,
  raised_at $time NOT NULL,
  CONSTRAINT service_alarm_once UNIQUE (cause_key)
);
