ALTER TABLE workzone_order ADD reopens_id $id NULL;

ALTER TABLE workzone_order ADD mark $int NULL;

CREATE INDEX workzone_order_reopens ON workzone_order (reopens_id) WHERE reopens_id IS NOT NULL;

CREATE TABLE workzone_skill (
  person_id $id NOT NULL,
  skill $text(40) NOT NULL,
  PRIMARY KEY (person_id, skill),
  FOREIGN KEY (person_id) REFERENCES workzone_person (id)
);

CREATE TABLE workzone_dispatch (
  court_id $id NOT NULL,
  centre $text(20) NOT NULL,
  strategy $text(20) NOT NULL,
  last_given $id NOT NULL,
  given_at $time NULL,
  changed_by $text(60) NOT NULL,
  changed_at $time NOT NULL,
  version $int NOT NULL,
  PRIMARY KEY (court_id, centre),
  FOREIGN KEY (court_id) REFERENCES workzone_court (id)
);

CREATE TABLE workzone_dispatched (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  centre $text(20) NOT NULL,
  order_id $id NOT NULL,
  case_id $id NULL,
  FOREIGN KEY (order_id) REFERENCES workzone_order (id)
);

CREATE INDEX workzone_dispatched_centre ON workzone_dispatched (court_id, centre, id);

CREATE INDEX workzone_dispatched_order ON workzone_dispatched (order_id);
