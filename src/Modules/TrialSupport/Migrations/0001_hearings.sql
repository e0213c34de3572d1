CREATE TABLE trial_room (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  name $text(60) NOT NULL,
  size $int NOT NULL,
  features $text(200) NOT NULL,
  online $bool NOT NULL,
  active $bool NOT NULL,
  version $int NOT NULL,
  CONSTRAINT trial_room_name UNIQUE (court_id, name)
);

CREATE TABLE trial_room_closed (
  room_id $id NOT NULL,
  closed_on $date NOT NULL,
  reason $text(200) NOT NULL,
  PRIMARY KEY (room_id, closed_on),
  FOREIGN KEY (room_id) REFERENCES trial_room (id)
);

CREATE TABLE trial_hearing (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  case_number $text(80) NOT NULL,
  cause $text(120) NOT NULL,
  session $text(20) NOT NULL,
  room_id $id NOT NULL,
  room_name $text(60) NOT NULL,
  online $bool NOT NULL,
  open_court $bool NOT NULL,
  starts_at $time NOT NULL,
  ends_at $time NOT NULL,
  held_on $date NOT NULL,
  minutes $int NOT NULL,
  judge_id $id NOT NULL,
  judge_name $text(60) NOT NULL,
  clerk_id $id NULL,
  clerk_name $text(60) NULL,
  panel $text(400) NOT NULL,
  waived $text(400) NULL,
  serve_by $date NOT NULL,
  state $text(12) NOT NULL,
  turn $int NOT NULL,
  reason $text(400) NULL,
  outcome $text(20) NULL,
  adjourn_code $text(20) NULL,
  attendance $note NULL,
  created_by $id NOT NULL,
  created_name $text(60) NOT NULL,
  created_at $time NOT NULL,
  confirmed_at $time NULL,
  version $int NOT NULL,
  FOREIGN KEY (room_id) REFERENCES trial_room (id)
);

CREATE INDEX trial_hearing_case ON trial_hearing (case_id, starts_at);

CREATE INDEX trial_hearing_court ON trial_hearing (court_id, held_on, starts_at);

CREATE TABLE trial_hearing_person (
  hearing_id $id NOT NULL,
  resource $text(120) NOT NULL,
  part $text(12) NOT NULL,
  person_id $id NULL,
  name $text(200) NOT NULL,
  PRIMARY KEY (hearing_id, resource),
  FOREIGN KEY (hearing_id) REFERENCES trial_hearing (id)
);

CREATE TABLE trial_booking (
  resource $text(120) NOT NULL,
  slot $int NOT NULL,
  hearing_id $id NOT NULL,
  PRIMARY KEY (resource, slot),
  FOREIGN KEY (hearing_id) REFERENCES trial_hearing (id)
);

CREATE INDEX trial_booking_hearing ON trial_booking (hearing_id);

CREATE TABLE trial_served (
  case_id $id NOT NULL,
  party_id $id NOT NULL,
  document_id $id NOT NULL,
  kind $text(20) NOT NULL,
  served_on $date NOT NULL,
  ends_on $date NULL,
  PRIMARY KEY (document_id, party_id)
);

CREATE INDEX trial_served_case ON trial_served (case_id, served_on);

CREATE TABLE trial_event (
  id $id NOT NULL PRIMARY KEY,
  hearing_id $id NOT NULL,
  kind $text(20) NOT NULL,
  words $note NOT NULL,
  who $text(60) NOT NULL,
  at $time NOT NULL,
  FOREIGN KEY (hearing_id) REFERENCES trial_hearing (id)
);

CREATE INDEX trial_event_hearing ON trial_event (hearing_id, id);

CREATE TABLE trial_public_hearing (
  hearing_id $id NOT NULL PRIMARY KEY,
  room_id $id NOT NULL,
  court_name $text(80) NOT NULL,
  room_name $text(60) NOT NULL,
  case_number $text(80) NOT NULL,
  cause $text(120) NOT NULL,
  parties $text(400) NOT NULL,
  judge_name $text(60) NOT NULL,
  open_court $bool NOT NULL,
  held_on $date NOT NULL,
  starts_at $time NOT NULL,
  ends_at $time NOT NULL,
  withdrawn_at $time NULL
);

CREATE INDEX trial_public_hearing_day ON trial_public_hearing (held_on, starts_at);

CREATE INDEX trial_public_hearing_room ON trial_public_hearing (room_id, held_on, starts_at);
