-- agents ask over the web to read a file; the court takes it in, decides, and answers on the asker's own page
CREATE TABLE cataloguing_public_reading_ask (
  id $id NOT NULL PRIMARY KEY,
  token_digest $text(64) NOT NULL,
  court_id $id NOT NULL,
  court_name $text(120) NOT NULL,
  case_number $text(120) NOT NULL,
  person $text(120) NOT NULL,
  phone_enc $note NULL,
  licence $text(80) NOT NULL,
  purpose $text(400) NOT NULL,
  wanted $text(400) NOT NULL,
  paper $text(64) NOT NULL,
  paper_size $int NOT NULL,
  stage $text(12) NOT NULL,
  answer $text(400) NOT NULL,
  reference $text(40) NOT NULL,
  until_on $date NULL,
  lending_id $id NULL,
  asked_at $time NOT NULL,
  expires_at $time NOT NULL,
  CONSTRAINT cataloguing_public_reading_ask_token UNIQUE (token_digest)
);

CREATE INDEX cataloguing_public_reading_ask_lending ON cataloguing_public_reading_ask (lending_id);

ALTER TABLE cataloguing_lending ADD public_id $id NULL;
