CREATE TABLE trial_opinion (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  case_number $text(80) NOT NULL,
  matter $text(400) NOT NULL,
  institution $text(120) NOT NULL,
  complex $bool NOT NULL,
  entrusted_on $date NOT NULL,
  due_on $date NOT NULL,
  ended_on $date NULL,
  outcome $text(12) NULL,
  words $text(400) NULL,
  urged $int NOT NULL,
  urged_on $date NULL,
  state $text(12) NOT NULL,
  created_name $text(60) NOT NULL,
  created_at $time NOT NULL,
  version $int NOT NULL
);

CREATE INDEX trial_opinion_case ON trial_opinion (case_id, entrusted_on);

CREATE TABLE trial_closing (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  asked_name $text(60) NOT NULL,
  asked_at $time NOT NULL,
  due_at $time NOT NULL
);

CREATE INDEX trial_closing_case ON trial_closing (case_id, asked_at);

CREATE TABLE trial_closing_answer (
  ask_id $id NOT NULL,
  centre $text(20) NOT NULL,
  missing $note NOT NULL,
  at $time NOT NULL,
  PRIMARY KEY (ask_id, centre),
  FOREIGN KEY (ask_id) REFERENCES trial_closing (id)
);
