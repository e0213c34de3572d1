CREATE TABLE cataloguing_check (
  id $id NOT NULL PRIMARY KEY,
  batch_id $id NOT NULL,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  why $text(20) NOT NULL,
  state $text(12) NOT NULL,
  clerk_id $id NULL,
  clerk_name $text(80) NOT NULL,
  pages $int NOT NULL,
  score $int NOT NULL,
  words $text(400) NOT NULL,
  picked_at $time NOT NULL,
  checked_at $time NULL,
  checker_name $text(80) NOT NULL,
  order_id $id NULL,
  version $int NOT NULL,
  CONSTRAINT cataloguing_check_once UNIQUE (batch_id)
);

CREATE INDEX cataloguing_check_state ON cataloguing_check (state, picked_at, id);

CREATE TABLE cataloguing_defect (
  id $id NOT NULL PRIMARY KEY,
  check_id $id NOT NULL,
  page_id $id NOT NULL,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  kind $text(20) NOT NULL,
  weight $int NOT NULL,
  paper_type $text(30) NOT NULL,
  clerk_name $text(80) NOT NULL,
  words $text(400) NOT NULL,
  at $time NOT NULL
);

CREATE INDEX cataloguing_defect_check ON cataloguing_defect (check_id, id);

CREATE INDEX cataloguing_defect_case ON cataloguing_defect (case_id, at);
