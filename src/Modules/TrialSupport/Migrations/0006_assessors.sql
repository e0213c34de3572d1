CREATE TABLE trial_assessor (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  name $text(60) NOT NULL,
  field $text(60) NOT NULL,
  note $text(200) NOT NULL,
  active $bool NOT NULL,
  version $int NOT NULL
);

CREATE INDEX trial_assessor_court ON trial_assessor (court_id, active, name);

CREATE TABLE trial_assessor_away (
  id $id NOT NULL PRIMARY KEY,
  assessor_id $id NOT NULL,
  from_on $date NOT NULL,
  until_on $date NOT NULL,
  reason $text(200) NOT NULL,
  FOREIGN KEY (assessor_id) REFERENCES trial_assessor (id)
);

CREATE INDEX trial_assessor_away_person ON trial_assessor_away (assessor_id, until_on);

CREATE TABLE trial_draw (
  id $id NOT NULL PRIMARY KEY,
  hearing_id $id NOT NULL,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  field $text(60) NOT NULL,
  seats $int NOT NULL,
  spares $int NOT NULL,
  seed $text(64) NOT NULL,
  candidates $note NOT NULL,
  reason $text(400) NULL,
  state $text(12) NOT NULL,
  drawn_name $text(60) NOT NULL,
  drawn_at $time NOT NULL,
  version $int NOT NULL,
  FOREIGN KEY (hearing_id) REFERENCES trial_hearing (id)
);

CREATE INDEX trial_draw_hearing ON trial_draw (hearing_id, drawn_at, id);

CREATE INDEX trial_draw_case ON trial_draw (case_id, id);

CREATE TABLE trial_draw_pick (
  draw_id $id NOT NULL,
  n $int NOT NULL,
  assessor_id $id NOT NULL,
  name $text(60) NOT NULL,
  part $text(12) NOT NULL,
  ground $text(20) NULL,
  words $text(400) NULL,
  by_name $text(60) NULL,
  at $time NULL,
  PRIMARY KEY (draw_id, n),
  FOREIGN KEY (draw_id) REFERENCES trial_draw (id)
);

CREATE INDEX trial_draw_pick_person ON trial_draw_pick (assessor_id, part, draw_id);
