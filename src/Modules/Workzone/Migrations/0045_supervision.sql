ALTER TABLE workzone_slip ADD answer_by $time NULL;

ALTER TABLE workzone_slip ADD to_post $text(20) NOT NULL DEFAULT 'person';

ALTER TABLE workzone_slip ADD tier $text(10) NOT NULL DEFAULT '';

ALTER TABLE workzone_slip ADD raised_from $id NULL;

UPDATE workzone_slip SET answer_by = due_at;

CREATE TABLE workzone_slip_act (
  slip_id $id NOT NULL,
  n $int NOT NULL,
  act $text(12) NOT NULL,
  words $note NOT NULL,
  by_name $text(60) NOT NULL,
  at $time NOT NULL,
  PRIMARY KEY (slip_id, n),
  FOREIGN KEY (slip_id) REFERENCES workzone_slip (id)
);

INSERT INTO workzone_slip_act (slip_id, n, act, words, by_name, at)
SELECT id, 1, 'send', '', from_name, sent_at FROM workzone_slip;

CREATE INDEX workzone_slip_raised ON workzone_slip (raised_from) WHERE raised_from IS NOT NULL;
