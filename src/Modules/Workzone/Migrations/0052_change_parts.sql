CREATE TABLE workzone_change_part (
  file_id $id NOT NULL,
  part $int NOT NULL,
  body $note NOT NULL,
  PRIMARY KEY (file_id, part),
  FOREIGN KEY (file_id) REFERENCES workzone_change_file (id)
);
