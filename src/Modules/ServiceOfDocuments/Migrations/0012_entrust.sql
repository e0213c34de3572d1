-- service that another court of the installation carries out; what it may see stands here, so that it needs no access to the case
CREATE TABLE service_entrust (
  id $id NOT NULL PRIMARY KEY,
  notice_id $id NOT NULL,
  step_id $id NOT NULL,
  order_id $id NOT NULL,
  case_id $id NOT NULL,
  from_court_id $id NOT NULL,
  from_court_name $text(80) NOT NULL,
  to_court_id $id NOT NULL,
  to_court_name $text(80) NOT NULL,
  case_number $text(80) NOT NULL,
  recipient $text(200) NOT NULL,
  address_enc $text(1200) NULL,
  phone_enc $text(400) NULL,
  papers $note NOT NULL,
  judgment $bool NOT NULL,
  words $note NOT NULL,
  state $text(10) NOT NULL,
  sent_by $text(60) NOT NULL,
  sent_at $time NOT NULL,
  receive_by $date NOT NULL,
  received_by $text(60) NULL,
  received_at $time NULL,
  serve_by $date NULL,
  outcome $text(10) NULL,
  on_day $date NULL,
  signer $text(10) NULL,
  opposing $bool NOT NULL,
  place $text(200) NULL,
  answer_words $note NULL,
  answered_by $text(60) NULL,
  answered_at $time NULL,
  version $int NOT NULL
);

CREATE INDEX service_entrust_to ON service_entrust (to_court_id, state, id);

CREATE INDEX service_entrust_from ON service_entrust (from_court_id, state, id);

CREATE INDEX service_entrust_step ON service_entrust (step_id);

-- recordings of calls found in a folder: each once, with the call it was found to belong to
CREATE TABLE service_recording (
  id $id NOT NULL PRIMARY KEY,
  blob $text(64) NOT NULL,
  court_id $id NOT NULL,
  name $text(200) NOT NULL,
  mime $text(60) NOT NULL,
  size $id NOT NULL,
  number_enc $text(400) NULL,
  number_tail $text(4) NULL,
  called_at $time NULL,
  call_id $id NULL,
  taken_at $time NOT NULL,
  settled_at $time NULL,
  settled_by $text(60) NULL,
  CONSTRAINT service_recording_once UNIQUE (blob)
);

CREATE INDEX service_recording_open ON service_recording (court_id, settled_at, id);

CREATE INDEX service_call_tail ON service_call (number_tail, at);
