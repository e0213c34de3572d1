CREATE TABLE workzone_slip (
  id $id NOT NULL PRIMARY KEY,
  number $text(30) NOT NULL,
  kind $text(12) NOT NULL,
  court_id $id NOT NULL,
  case_id $id NULL,
  order_id $id NULL,
  cause_key $text(120) NOT NULL,
  from_id $id NOT NULL,
  from_name $text(60) NOT NULL,
  to_id $id NOT NULL,
  to_name $text(60) NOT NULL,
  subject $text(200) NOT NULL,
  words $note NOT NULL,
  answer $note NULL,
  state $text(10) NOT NULL,
  due_at $time NOT NULL,
  sent_at $time NOT NULL,
  received_at $time NULL,
  answered_at $time NULL,
  ended_at $time NULL,
  returned_words $text(400) NULL,
  raised_id $id NULL,
  version $int NOT NULL,
  CONSTRAINT workzone_slip_once UNIQUE (cause_key),
  FOREIGN KEY (court_id) REFERENCES workzone_court (id)
);

CREATE INDEX workzone_slip_to ON workzone_slip (to_id, state, due_at, id);

CREATE INDEX workzone_slip_from ON workzone_slip (from_id, state, id);

CREATE INDEX workzone_slip_due ON workzone_slip (due_at, id) WHERE ended_at IS NULL;

CREATE INDEX workzone_slip_case ON workzone_slip (case_id) WHERE case_id IS NOT NULL;
