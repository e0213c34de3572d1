CREATE TABLE trial_element (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  code $text(20) NOT NULL,
  state $text(12) NOT NULL,
  sent_name $text(60) NOT NULL,
  sent_at $time NOT NULL,
  version $int NOT NULL,
  CONSTRAINT trial_element_once UNIQUE (case_id)
);

CREATE TABLE trial_element_side (
  id $id NOT NULL PRIMARY KEY,
  form_id $id NOT NULL,
  party_id $id NOT NULL,
  party_name $text(200) NOT NULL,
  role $text(40) NOT NULL,
  claims $bool NOT NULL,
  token_enc $text(400) NULL,
  answers_enc $note NULL,
  filled_name $text(60) NULL,
  filled_at $time NULL,
  CONSTRAINT trial_element_side_once UNIQUE (form_id, party_id),
  FOREIGN KEY (form_id) REFERENCES trial_element (id)
);

CREATE TABLE trial_public_element (
  id $id NOT NULL PRIMARY KEY,
  token_digest $text(64) NOT NULL,
  side_id $id NOT NULL,
  court_name $text(80) NOT NULL,
  case_number $text(80) NOT NULL,
  cause $text(120) NOT NULL,
  code $text(20) NOT NULL,
  claims $bool NOT NULL,
  tail_keyed $text(100) NULL,
  tries $int NOT NULL,
  answers_enc $note NULL,
  filled_at $time NULL,
  expires_at $time NOT NULL,
  CONSTRAINT trial_public_element_token UNIQUE (token_digest)
);

CREATE INDEX trial_public_element_side ON trial_public_element (side_id);
