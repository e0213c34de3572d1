CREATE TABLE trial_plan (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  person_id $id NOT NULL,
  person_name $text(60) NOT NULL,
  from_on $date NOT NULL,
  until_on $date NOT NULL,
  minutes $int NOT NULL,
  seconds $int NOT NULL,
  used_ms $int NOT NULL,
  turns $int NOT NULL,
  state $text(12) NOT NULL,
  input $note NOT NULL,
  cases $int NOT NULL,
  placed $int NOT NULL,
  bound $int NOT NULL,
  spread $int NOT NULL,
  first_placed $int NOT NULL,
  first_spread $int NOT NULL,
  reason $text(400) NULL,
  made_at $time NOT NULL,
  ended_at $time NULL,
  version $int NOT NULL
);

CREATE INDEX trial_plan_person ON trial_plan (person_id, id);

CREATE TABLE trial_plan_row (
  plan_id $id NOT NULL,
  case_id $id NOT NULL,
  case_number $text(80) NOT NULL,
  cause $text(200) NOT NULL,
  judge_name $text(60) NOT NULL,
  room_id $id NULL,
  room_name $text(60) NULL,
  starts_at $time NULL,
  why $text(400) NULL,
  outcome $text(400) NULL,
  hearing_id $id NULL,
  PRIMARY KEY (plan_id, case_id),
  FOREIGN KEY (plan_id) REFERENCES trial_plan (id)
);

CREATE INDEX trial_plan_row_case ON trial_plan_row (case_id, plan_id);
