CREATE TABLE trial_interpreter (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  name $text(60) NOT NULL,
  languages $text(200) NOT NULL,
  note $text(200) NOT NULL,
  active $bool NOT NULL,
  version $int NOT NULL
);

CREATE INDEX trial_interpreter_court ON trial_interpreter (court_id, active, name);

CREATE TABLE trial_interpreter_away (
  id $id NOT NULL PRIMARY KEY,
  interpreter_id $id NOT NULL,
  from_on $date NOT NULL,
  until_on $date NOT NULL,
  reason $text(200) NOT NULL,
  FOREIGN KEY (interpreter_id) REFERENCES trial_interpreter (id)
);

CREATE INDEX trial_interpreter_away_person ON trial_interpreter_away (interpreter_id, until_on);

ALTER TABLE trial_hearing ADD language $text(20) NOT NULL DEFAULT '';

ALTER TABLE trial_hearing ADD escort $bool NOT NULL DEFAULT 0;
