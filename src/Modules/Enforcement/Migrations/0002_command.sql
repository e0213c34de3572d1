ALTER TABLE enforcement_case ADD track $text(12) NULL;

ALTER TABLE enforcement_case ADD track_rule $text(80) NULL;

ALTER TABLE enforcement_case ADD transfer $bool NOT NULL DEFAULT 0;

CREATE TABLE enforcement_node (
  case_id $id NOT NULL,
  code $text(20) NOT NULL,
  due_on $date NOT NULL,
  done_on $date NULL,
  words $text(400) NOT NULL,
  person_id $id NULL,
  PRIMARY KEY (case_id, code)
);
