CREATE TABLE workzone_centre_skill (
  person_id $id NOT NULL,
  court_id $id NOT NULL,
  centre $text(20) NOT NULL,
  skill $text(40) NOT NULL,
  PRIMARY KEY (person_id, court_id, centre, skill),
  FOREIGN KEY (person_id) REFERENCES workzone_person (id),
  FOREIGN KEY (court_id) REFERENCES workzone_court (id)
);

INSERT INTO workzone_centre_skill (person_id, court_id, centre, skill)
SELECT DISTINCT s.person_id, r.court_id, r.centre, s.skill
FROM workzone_skill s
JOIN workzone_role_grant r ON r.person_id = s.person_id
WHERE r.centre <> '';

DROP TABLE workzone_skill;

CREATE INDEX workzone_order_review ON workzone_order (court_id, due_at, id) WHERE state >= 'review' AND state <= 'review';
