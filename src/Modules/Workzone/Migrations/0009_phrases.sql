CREATE TABLE workzone_phrase (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  owner_id $id NULL,
  step $text(20) NOT NULL,
  words $text(500) NOT NULL,
  changed_by $text(60) NOT NULL,
  changed_at $time NOT NULL,
  FOREIGN KEY (court_id) REFERENCES workzone_court (id),
  FOREIGN KEY (owner_id) REFERENCES workzone_person (id)
);

CREATE INDEX workzone_phrase_owner ON workzone_phrase (owner_id, step, id) WHERE owner_id IS NOT NULL;

CREATE INDEX workzone_phrase_court ON workzone_phrase (court_id, step, id) WHERE owner_id IS NULL;
