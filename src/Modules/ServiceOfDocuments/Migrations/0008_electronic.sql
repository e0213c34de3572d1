-- short messages: a prompt beside the mail, never service by itself
CREATE TABLE service_sms (
  id $id NOT NULL PRIMARY KEY,
  notice_id $id NOT NULL,
  template $text(20) NOT NULL,
  state $text(12) NOT NULL,
  gateway_id $text(80) NULL,
  report $text(200) NULL,
  sent_at $time NULL,
  reported_at $time NULL,
  created_at $time NOT NULL
);

CREATE INDEX service_sms_notice ON service_sms (notice_id, id);

-- bounces as they came, each once
CREATE TABLE service_bounce (
  id $id NOT NULL PRIMARY KEY,
  digest $text(64) NOT NULL,
  way $text(10) NOT NULL,
  notice_id $id NULL,
  kind $text(10) NOT NULL,
  reason $text(400) NOT NULL,
  at $time NOT NULL,
  taken_at $time NOT NULL,
  CONSTRAINT service_bounce_once UNIQUE (digest)
);

CREATE INDEX service_bounce_notice ON service_bounce (notice_id, id);

CREATE INDEX service_bounce_taken ON service_bounce (taken_at, id);

-- what party and court write to each other on the party's page
CREATE TABLE service_public_message (
  id $id NOT NULL PRIMARY KEY,
  notice_id $id NOT NULL,
  from_party $bool NOT NULL,
  text_enc $note NOT NULL,
  by_name $text(60) NOT NULL,
  at $time NOT NULL
);

CREATE INDEX service_public_message_notice ON service_public_message (notice_id, id);
