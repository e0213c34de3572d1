CREATE TABLE workzone_recompute (
  id $id NOT NULL PRIMARY KEY,
  setting_key $text(80) NOT NULL,
  version $int NOT NULL,
  state $text(12) NOT NULL,
  after_id $id NOT NULL,
  seen_count $int NOT NULL,
  moved_count $int NOT NULL,
  created_at $time NOT NULL,
  ended_at $time NULL
);

CREATE TABLE workzone_recompute_line (
  run_id $id NOT NULL,
  n $int NOT NULL,
  case_id $id NOT NULL,
  was_end $date NULL,
  now_end $date NULL,
  was_legal_end $date NULL,
  now_legal_end $date NULL,
  PRIMARY KEY (run_id, n),
  FOREIGN KEY (run_id) REFERENCES workzone_recompute (id),
  FOREIGN KEY (case_id) REFERENCES workzone_case (id)
);
