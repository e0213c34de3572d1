CREATE TABLE trial_appeal_need (
  id $id NOT NULL PRIMARY KEY,
  appeal_id $id NOT NULL,
  kind $text(12) NOT NULL,
  words $text(400) NOT NULL,
  upper_asks $bool NOT NULL,
  asked_on $date NOT NULL,
  due_on $date NOT NULL,
  urged $int NOT NULL,
  urged_on $date NULL,
  got_on $date NULL,
  got_words $text(400) NULL,
  state $text(12) NOT NULL,
  by_name $text(60) NOT NULL,
  version $int NOT NULL,
  FOREIGN KEY (appeal_id) REFERENCES trial_appeal (id)
);

CREATE INDEX trial_appeal_need_appeal ON trial_appeal_need (appeal_id, asked_on, id);

ALTER TABLE trial_appeal ADD upper_number $text(80) NULL;

ALTER TABLE trial_appeal ADD upper_on $date NULL;

ALTER TABLE trial_appeal ADD result $text(12) NULL;

ALTER TABLE trial_appeal ADD result_on $date NULL;

ALTER TABLE trial_appeal ADD result_words $text(400) NULL;

ALTER TABLE trial_appeal ADD returned_on $date NULL;
