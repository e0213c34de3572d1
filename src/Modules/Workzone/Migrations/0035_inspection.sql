ALTER TABLE workzone_inspection ADD due_on $date NULL;

ALTER TABLE workzone_inspection ADD order_id $id NULL;

CREATE INDEX workzone_inspection_due ON workzone_inspection (due_on, id) WHERE order_id IS NOT NULL;

CREATE TABLE workzone_inspection_past (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  code $text(60) NOT NULL,
  severity $text(10) NOT NULL,
  args $note NOT NULL,
  found_at $time NOT NULL,
  mended_at $time NOT NULL,
  mended_by $text(60) NOT NULL,
  due_on $date NULL,
  late $bool NOT NULL,
  FOREIGN KEY (case_id) REFERENCES workzone_case (id)
);

CREATE INDEX workzone_inspection_past_case ON workzone_inspection_past (case_id, mended_at);

CREATE TABLE workzone_inspection_look (
  case_id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  team $text(60) NOT NULL,
  stage $text(10) NOT NULL,
  rules $int NOT NULL,
  failed $int NOT NULL,
  errors $int NOT NULL,
  looked_at $time NOT NULL,
  FOREIGN KEY (case_id) REFERENCES workzone_case (id)
);

CREATE INDEX workzone_inspection_look_court ON workzone_inspection_look (court_id, team, looked_at);

CREATE TABLE workzone_inspection_waiver (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  code $text(60) NOT NULL,
  args $note NOT NULL,
  reason $text(400) NOT NULL,
  waived_by $text(60) NOT NULL,
  waived_at $time NOT NULL,
  FOREIGN KEY (case_id) REFERENCES workzone_case (id)
);

CREATE INDEX workzone_inspection_waiver_case ON workzone_inspection_waiver (case_id);
