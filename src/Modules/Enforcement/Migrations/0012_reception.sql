CREATE TABLE enforcement_visit (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  visitor $text(60) NOT NULL,
  party_id $id NULL,
  phone_enc $text(400) NULL,
  way $text(12) NOT NULL,
  topic $text(12) NOT NULL,
  words $text(1000) NOT NULL,
  state $text(12) NOT NULL,
  came_at $time NOT NULL,
  taken_by_name $text(60) NOT NULL,
  due_on $date NOT NULL,
  answer $text(1000) NULL,
  answered_by_name $text(60) NULL,
  answered_at $time NULL,
  version $int NOT NULL
);

CREATE INDEX enforcement_visit_case ON enforcement_visit (case_id, id);

CREATE INDEX enforcement_visit_state ON enforcement_visit (state, due_on, id);
