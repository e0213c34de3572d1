CREATE TABLE workzone_change_file (
  id $id NOT NULL PRIMARY KEY,
  person_id $id NOT NULL,
  court_id $id NULL,
  key_id $id NULL,
  file_name $text(260) NOT NULL,
  state $text(10) NOT NULL,
  total $int NOT NULL,
  done_count $int NOT NULL,
  same_count $int NOT NULL,
  waiting_count $int NOT NULL,
  refused_count $int NOT NULL,
  position $int NOT NULL,
  created_at $time NOT NULL,
  ended_at $time NULL
);

CREATE INDEX workzone_change_file_person ON workzone_change_file (person_id, id);

CREATE TABLE workzone_change_row (
  file_id $id NOT NULL,
  n $int NOT NULL,
  case_number $text(120) NOT NULL,
  body $note NOT NULL,
  outcome $text(10) NOT NULL,
  reason $text(400) NOT NULL,
  PRIMARY KEY (file_id, n),
  FOREIGN KEY (file_id) REFERENCES workzone_change_file (id)
);

CREATE INDEX workzone_change_row_waiting ON workzone_change_row (case_number, file_id, n) WHERE outcome = 'waiting';
