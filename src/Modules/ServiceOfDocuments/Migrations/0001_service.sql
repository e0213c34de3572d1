CREATE TABLE service_notice (
  id $id NOT NULL PRIMARY KEY,
  order_id $id NOT NULL,
  case_id $id NOT NULL,
  party_id $id NOT NULL,
  round $int NOT NULL,
  case_number $text(80) NOT NULL,
  court_name $text(80) NOT NULL,
  cause $text(120) NOT NULL,
  procedure_code $text(20) NOT NULL,
  recipient $text(200) NOT NULL,
  recipient_role $text(40) NOT NULL,
  language $text(10) NOT NULL,
  address_kind $text(12) NOT NULL,
  email_enc $text(600) NULL,
  email_hint $text(60) NULL,
  id_tail $text(4) NULL,
  token_digest $text(64) NOT NULL,
  token_enc $text(200) NOT NULL,
  state $text(12) NOT NULL,
  reason $text(400) NULL,
  released_at $time NULL,
  sent_at $time NULL,
  mail_reply $text(400) NULL,
  opened_at $time NULL,
  read_at $time NULL,
  confirmed_at $time NULL,
  bounced_at $time NULL,
  disputed_at $time NULL,
  effective_on $date NULL,
  raw_effective_on $date NULL,
  basis $text(400) NULL,
  presumed $bool NOT NULL,
  served_at $time NULL,
  proof_document_id $id NULL,
  proof_at $time NULL,
  sender_id $id NULL,
  sender_name $text(60) NULL,
  attempts $int NOT NULL,
  created_at $time NOT NULL,
  version $int NOT NULL,
  CONSTRAINT service_notice_token UNIQUE (token_digest),
  CONSTRAINT service_notice_once UNIQUE (order_id, party_id)
);

CREATE INDEX service_notice_case ON service_notice (case_id, created_at);

CREATE INDEX service_notice_state ON service_notice (state, created_at);

CREATE TABLE service_task (
  id $id NOT NULL PRIMARY KEY,
  notice_id $id NOT NULL,
  order_id $id NOT NULL,
  case_id $id NOT NULL,
  document_id $id NOT NULL,
  document_kind $text(20) NOT NULL,
  document_title $text(200) NOT NULL,
  document_blob $text(64) NOT NULL,
  document_size $id NOT NULL,
  document_pages $int NULL,
  party_id $id NOT NULL,
  recipient $text(200) NOT NULL,
  round $int NOT NULL,
  channel $text(12) NOT NULL,
  read_at $time NULL,
  effective_on $date NULL,
  defence_ends $date NULL,
  appeal_ends $date NULL,
  created_at $time NOT NULL,
  CONSTRAINT service_task_once UNIQUE (document_id, party_id, round, channel),
  FOREIGN KEY (notice_id) REFERENCES service_notice (id)
);

CREATE INDEX service_task_notice ON service_task (notice_id, id);

CREATE INDEX service_task_order ON service_task (order_id, id);

CREATE INDEX service_task_case ON service_task (case_id, id);

CREATE TABLE service_event (
  id $id NOT NULL PRIMARY KEY,
  notice_id $id NOT NULL,
  kind $text(20) NOT NULL,
  at $time NOT NULL,
  detail $note NOT NULL,
  FOREIGN KEY (notice_id) REFERENCES service_notice (id)
);

CREATE INDEX service_event_notice ON service_event (notice_id, id);

CREATE TABLE service_public_notice (
  token_digest $text(64) NOT NULL PRIMARY KEY,
  notice_id $id NOT NULL,
  court_name $text(80) NOT NULL,
  case_number $text(80) NOT NULL,
  cause $text(120) NOT NULL,
  recipient $text(200) NOT NULL,
  language $text(10) NOT NULL,
  tail_keyed $text(64) NOT NULL,
  needs_code $bool NOT NULL,
  documents $note NOT NULL,
  released_at $time NOT NULL,
  expires_at $time NOT NULL,
  withdrawn_at $time NULL,
  tries $int NOT NULL,
  locked_until $time NULL,
  code_keyed $text(64) NULL,
  code_until $time NULL,
  code_sent $int NOT NULL,
  opened_at $time NULL,
  read_count $int NOT NULL,
  confirmed_at $time NULL,
  disputed_at $time NULL,
  served_on $date NULL,
  served_basis $text(400) NULL,
  periods $note NULL,
  proof_blob $text(64) NULL
);

CREATE INDEX service_public_notice_id ON service_public_notice (notice_id);

CREATE TABLE service_public_act (
  id $id NOT NULL PRIMARY KEY,
  notice_id $id NOT NULL,
  kind $text(20) NOT NULL,
  document_n $int NULL,
  at $time NOT NULL,
  address $text(60) NOT NULL
);

CREATE INDEX service_public_act_notice ON service_public_act (notice_id, id);

CREATE TABLE service_request (
  request_id $text(80) NOT NULL PRIMARY KEY,
  order_id $id NOT NULL,
  created_at $time NOT NULL
);
