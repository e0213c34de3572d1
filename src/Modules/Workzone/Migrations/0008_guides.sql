CREATE TABLE workzone_guide (
  order_type $text(40) NOT NULL,
  version $int NOT NULL,
  guide $note NOT NULL,
  checklist $note NOT NULL,
  kept_at $time NOT NULL,
  PRIMARY KEY (order_type, version)
);
