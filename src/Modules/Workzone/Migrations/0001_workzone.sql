CREATE TABLE workzone_court (
  id $id NOT NULL PRIMARY KEY,
  code $text(20) NOT NULL,
  name $text(80) NOT NULL,
  level $text(20) NOT NULL,
  parent_id $id NULL,
  version $int NOT NULL,
  CONSTRAINT workzone_court_code UNIQUE (code),
  CONSTRAINT workzone_court_name UNIQUE (name),
  FOREIGN KEY (parent_id) REFERENCES workzone_court (id)
);

CREATE TABLE workzone_person (
  id $id NOT NULL PRIMARY KEY,
  login $text(60) NOT NULL,
  name $text(60) NOT NULL,
  court_id $id NOT NULL,
  division $text(60) NOT NULL,
  team $text(60) NOT NULL,
  password_hash $text(200) NULL,
  state $text(10) NOT NULL,
  must_change $bool NOT NULL,
  failed $int NOT NULL,
  locked_until $time NULL,
  stamp $text(40) NOT NULL,
  language $text(10) NOT NULL,
  created_at $time NOT NULL,
  version $int NOT NULL,
  CONSTRAINT workzone_person_login UNIQUE (login),
  FOREIGN KEY (court_id) REFERENCES workzone_court (id)
);

CREATE INDEX workzone_person_court ON workzone_person (court_id, name);

CREATE INDEX workzone_person_team ON workzone_person (court_id, team);

CREATE TABLE workzone_person_role (
  person_id $id NOT NULL,
  role $text(20) NOT NULL,
  centre $text(20) NOT NULL,
  PRIMARY KEY (person_id, role, centre),
  FOREIGN KEY (person_id) REFERENCES workzone_person (id)
);

CREATE INDEX workzone_person_role_centre ON workzone_person_role (centre, role, person_id);

CREATE TABLE workzone_api_key (
  id $id NOT NULL PRIMARY KEY,
  person_id $id NOT NULL,
  digest $text(64) NOT NULL,
  purpose $text(200) NOT NULL,
  court_id $id NULL,
  created_at $time NOT NULL,
  last_used_at $time NULL,
  revoked_at $time NULL,
  CONSTRAINT workzone_api_key_digest UNIQUE (digest),
  FOREIGN KEY (person_id) REFERENCES workzone_person (id)
);

CREATE TABLE workzone_case (
  id $id NOT NULL PRIMARY KEY,
  number $text(80) NOT NULL,
  court_id $id NOT NULL,
  year $int NOT NULL,
  number_type $text(20) NOT NULL,
  serial $id NOT NULL,
  kind $text(20) NOT NULL,
  cause $text(120) NOT NULL,
  procedure_code $text(20) NOT NULL,
  filed_on $date NOT NULL,
  amount $money NULL,
  judge_id $id NULL,
  allotted_on $date NULL,
  state $text(20) NOT NULL,
  parties_text $note NOT NULL,
  clock_base_end $date NULL,
  clock_end $date NULL,
  clock_legal_end $date NULL,
  clock_last_apply $date NULL,
  clock_provisional $bool NOT NULL,
  digest $text(64) NOT NULL,
  source $text(40) NOT NULL,
  created_at $time NOT NULL,
  changed_at $time NOT NULL,
  version $int NOT NULL,
  CONSTRAINT workzone_case_number UNIQUE (number),
  FOREIGN KEY (court_id) REFERENCES workzone_court (id),
  FOREIGN KEY (judge_id) REFERENCES workzone_person (id)
);

CREATE INDEX workzone_case_court ON workzone_case (court_id, filed_on, id);

CREATE INDEX workzone_case_judge ON workzone_case (judge_id, clock_end, id) WHERE judge_id IS NOT NULL;

CREATE INDEX workzone_case_serial ON workzone_case (serial, court_id);

CREATE TABLE workzone_party (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  ordinal $int NOT NULL,
  name $text(200) NOT NULL,
  role $text(40) NOT NULL,
  party_type $text(10) NOT NULL,
  id_number_enc $text(400) NULL,
  id_number_idx $text(64) NULL,
  id_number_tail $text(4) NULL,
  phone_enc $text(400) NULL,
  phone_idx $text(64) NULL,
  phone_tail $text(4) NULL,
  email_enc $text(600) NULL,
  email_hint $text(60) NULL,
  e_service $text(12) NOT NULL,
  language $text(10) NOT NULL,
  version $int NOT NULL,
  CONSTRAINT workzone_party_once UNIQUE (case_id, name, role),
  FOREIGN KEY (case_id) REFERENCES workzone_case (id)
);

CREATE INDEX workzone_party_name ON workzone_party (name);

CREATE INDEX workzone_party_phone ON workzone_party (phone_idx) WHERE phone_idx IS NOT NULL;

CREATE TABLE workzone_agent (
  id $id NOT NULL PRIMARY KEY,
  party_id $id NOT NULL,
  name $text(120) NOT NULL,
  agent_type $text(40) NOT NULL,
  phone_enc $text(400) NULL,
  phone_tail $text(4) NULL,
  CONSTRAINT workzone_agent_once UNIQUE (party_id, name),
  FOREIGN KEY (party_id) REFERENCES workzone_party (id)
);

CREATE TABLE workzone_case_access (
  case_id $id NOT NULL,
  person_id $id NOT NULL,
  reason $text(10) NOT NULL,
  order_id $id NOT NULL,
  since $time NOT NULL,
  PRIMARY KEY (case_id, person_id, reason, order_id),
  FOREIGN KEY (case_id) REFERENCES workzone_case (id),
  FOREIGN KEY (person_id) REFERENCES workzone_person (id)
);

CREATE INDEX workzone_case_access_person ON workzone_case_access (person_id, case_id);

CREATE TABLE workzone_inspection (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  code $text(60) NOT NULL,
  field $text(40) NOT NULL,
  severity $text(10) NOT NULL,
  args $note NOT NULL,
  found_at $time NOT NULL,
  FOREIGN KEY (case_id) REFERENCES workzone_case (id)
);

CREATE INDEX workzone_inspection_case ON workzone_inspection (case_id);

CREATE TABLE workzone_import (
  id $id NOT NULL PRIMARY KEY,
  person_id $id NOT NULL,
  court_id $id NULL,
  file_name $text(260) NOT NULL,
  digest $text(64) NOT NULL,
  format $text(10) NOT NULL,
  state $text(12) NOT NULL,
  message $note NULL,
  total $int NOT NULL,
  created_count $int NOT NULL,
  updated_count $int NOT NULL,
  unchanged_count $int NOT NULL,
  refused_count $int NOT NULL,
  position $note NOT NULL,
  started_at $time NOT NULL,
  ended_at $time NULL
);

CREATE INDEX workzone_import_person ON workzone_import (person_id, started_at);

CREATE TABLE workzone_import_row (
  import_id $id NOT NULL,
  row_number $int NOT NULL,
  case_number $text(120) NOT NULL,
  body $note NOT NULL,
  PRIMARY KEY (import_id, case_number, row_number),
  FOREIGN KEY (import_id) REFERENCES workzone_import (id)
);

CREATE TABLE workzone_import_outcome (
  import_id $id NOT NULL,
  row_number $int NOT NULL,
  case_number $text(120) NOT NULL,
  outcome $text(10) NOT NULL,
  errors $note NOT NULL,
  PRIMARY KEY (import_id, row_number)
);

CREATE TABLE workzone_document (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  kind $text(20) NOT NULL,
  title $text(200) NOT NULL,
  blob $text(64) NOT NULL,
  size $id NOT NULL,
  pages $int NULL,
  volume $text(10) NOT NULL,
  revision $int NOT NULL,
  replaces_id $id NULL,
  source $text(40) NOT NULL,
  created_by $id NOT NULL,
  created_by_name $text(60) NOT NULL,
  created_at $time NOT NULL,
  FOREIGN KEY (case_id) REFERENCES workzone_case (id)
);

CREATE INDEX workzone_document_case ON workzone_document (case_id, created_at, id);

CREATE TABLE workzone_order (
  id $id NOT NULL PRIMARY KEY,
  number $text(30) NOT NULL,
  order_type $text(40) NOT NULL,
  centre $text(20) NOT NULL,
  court_id $id NOT NULL,
  case_id $id NULL,
  case_number $text(80) NOT NULL,
  cause $text(120) NOT NULL,
  title $text(200) NOT NULL,
  subject $text(200) NOT NULL,
  state $text(12) NOT NULL,
  is_open $bool NOT NULL,
  escalated $bool NOT NULL,
  round $int NOT NULL,
  cause_key $text(160) NOT NULL,
  parent_id $id NULL,
  asked_by $id NOT NULL,
  asked_by_name $text(60) NOT NULL,
  asked_at $time NOT NULL,
  assignee_id $id NULL,
  assignee_name $text(60) NULL,
  due_at $time NULL,
  wake_at $time NULL,
  pause_reason $text(200) NULL,
  last_step $text(20) NOT NULL,
  last_words $text(200) NOT NULL,
  changed_at $time NOT NULL,
  changed_by $text(60) NOT NULL,
  closed_at $time NULL,
  node_count $int NOT NULL,
  head_hash $text(64) NOT NULL,
  form $note NOT NULL,
  version $int NOT NULL,
  CONSTRAINT workzone_order_number UNIQUE (number),
  CONSTRAINT workzone_order_cause UNIQUE (cause_key),
  FOREIGN KEY (court_id) REFERENCES workzone_court (id),
  FOREIGN KEY (case_id) REFERENCES workzone_case (id),
  FOREIGN KEY (parent_id) REFERENCES workzone_order (id)
);

CREATE INDEX workzone_order_queue ON workzone_order (court_id, centre, due_at, id, state) WHERE is_open = 1;

CREATE INDEX workzone_order_state ON workzone_order (court_id, centre, state, due_at, id) WHERE is_open = 1;

CREATE INDEX workzone_order_assignee ON workzone_order (assignee_id, due_at, id, state) WHERE is_open = 1;

CREATE INDEX workzone_order_asker ON workzone_order (asked_by, due_at, id, state) WHERE is_open = 1;

CREATE INDEX workzone_order_case ON workzone_order (case_id, asked_at, id) WHERE case_id IS NOT NULL;

CREATE INDEX workzone_order_wake ON workzone_order (wake_at) WHERE wake_at IS NOT NULL;

CREATE TABLE workzone_node (
  order_id $id NOT NULL,
  n $int NOT NULL,
  step $text(20) NOT NULL,
  from_state $text(12) NOT NULL,
  to_state $text(12) NOT NULL,
  lane $text(20) NOT NULL,
  actor_id $id NOT NULL,
  actor_name $text(60) NOT NULL,
  at $time NOT NULL,
  args $note NOT NULL,
  words $note NOT NULL,
  hash $text(64) NOT NULL,
  PRIMARY KEY (order_id, n),
  FOREIGN KEY (order_id) REFERENCES workzone_order (id)
);

CREATE TABLE workzone_anchor (
  id $id NOT NULL PRIMARY KEY,
  at $time NOT NULL,
  orders $int NOT NULL,
  root $text(64) NOT NULL
);

CREATE VIEW workzone_case_card AS
SELECT c.id, c.number, c.court_id, t.name AS court_name, c.kind, c.cause, c.procedure_code, c.filed_on, c.judge_id, p.name AS judge_name, c.state, c.parties_text
FROM workzone_case c
JOIN workzone_court t ON t.id = c.court_id
LEFT JOIN workzone_person p ON p.id = c.judge_id;

CREATE VIEW workzone_party_card AS
SELECT p.id, p.case_id, p.ordinal, p.name, p.role, p.party_type, p.e_service, p.language, p.email_hint, p.id_number_tail, p.phone_tail
FROM workzone_party p;

CREATE VIEW workzone_order_card AS
SELECT o.id, o.number, o.order_type, o.centre, o.court_id, o.case_id, o.state, o.is_open, o.assignee_id, o.assignee_name, o.asked_by, o.asked_by_name, o.due_at, o.version
FROM workzone_order o;

CREATE VIEW workzone_access AS
SELECT a.case_id, a.person_id, a.reason, a.order_id
FROM workzone_case_access a;
