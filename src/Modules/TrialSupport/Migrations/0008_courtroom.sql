CREATE TABLE trial_consent (
  hearing_id $id NOT NULL,
  party_id $id NOT NULL,
  case_id $id NOT NULL,
  party_name $text(200) NOT NULL,
  answer $text(12) NOT NULL,
  way $text(20) NOT NULL,
  words $text(400) NOT NULL,
  given_on $date NOT NULL,
  by_name $text(60) NOT NULL,
  at $time NOT NULL,
  PRIMARY KEY (hearing_id, party_id),
  FOREIGN KEY (hearing_id) REFERENCES trial_hearing (id)
);

CREATE TABLE trial_attendance (
  hearing_id $id NOT NULL,
  resource $text(120) NOT NULL,
  name $text(200) NOT NULL,
  presence $text(12) NOT NULL,
  words $text(400) NOT NULL,
  by_name $text(60) NOT NULL,
  at $time NOT NULL,
  PRIMARY KEY (hearing_id, resource),
  FOREIGN KEY (hearing_id) REFERENCES trial_hearing (id)
);

CREATE TABLE trial_exhibit (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  n $int NOT NULL,
  name $text(200) NOT NULL,
  party_id $id NULL,
  party_name $text(200) NOT NULL,
  form $text(12) NOT NULL,
  pieces $int NOT NULL,
  purpose $text(400) NOT NULL,
  opinion $text(1000) NOT NULL,
  finding $text(12) NOT NULL,
  place $text(100) NOT NULL,
  state $text(12) NOT NULL,
  returned_to $text(100) NULL,
  returned_on $date NULL,
  by_name $text(60) NOT NULL,
  at $time NOT NULL,
  version $int NOT NULL,
  CONSTRAINT trial_exhibit_number UNIQUE (case_id, n)
);
