CREATE TABLE cataloguing_batch (
  id $id NOT NULL PRIMARY KEY,
  number $text(20) NOT NULL,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  order_id $id NOT NULL,
  source $text(20) NOT NULL,
  source_key $text(120) NULL,
  sender $text(120) NOT NULL,
  announced $int NULL,
  note $text(400) NOT NULL,
  urgent $bool NOT NULL,
  state $text(12) NOT NULL,
  received_at $time NOT NULL,
  received_by $id NULL,
  received_by_name $text(80) NOT NULL,
  due_at $time NOT NULL,
  ready_at $time NULL,
  confirmed_at $time NULL,
  confirmed_by_name $text(80) NOT NULL,
  hand_seconds $int NOT NULL,
  machine_ms $money NOT NULL,
  changed_by_name $text(80) NOT NULL,
  version $int NOT NULL
);

CREATE INDEX cataloguing_batch_case ON cataloguing_batch (case_id, id);

CREATE INDEX cataloguing_batch_state ON cataloguing_batch (state, due_at, id);

CREATE INDEX cataloguing_batch_order ON cataloguing_batch (order_id);

CREATE INDEX cataloguing_batch_source ON cataloguing_batch (source_key);

CREATE TABLE cataloguing_file (
  id $id NOT NULL PRIMARY KEY,
  batch_id $id NOT NULL,
  case_id $id NOT NULL,
  parent_id $id NULL,
  ordinal $int NOT NULL,
  name $text(255) NOT NULL,
  blob $text(64) NOT NULL,
  work_blob $text(64) NULL,
  size $money NOT NULL,
  kind $text(10) NOT NULL,
  state $text(12) NOT NULL,
  reason $text(20) NULL,
  detail $text(200) NULL,
  pages $int NULL,
  added_at $time NOT NULL,
  version $int NOT NULL
);

CREATE INDEX cataloguing_file_batch ON cataloguing_file (batch_id, ordinal);

CREATE INDEX cataloguing_file_blob ON cataloguing_file (case_id, blob);

CREATE TABLE cataloguing_page (
  id $id NOT NULL PRIMARY KEY,
  batch_id $id NOT NULL,
  case_id $id NOT NULL,
  file_id $id NOT NULL,
  n $int NOT NULL,
  ordinal $money NOT NULL,
  piece_id $id NULL,
  state $text(12) NOT NULL,
  removed $bool NOT NULL,
  image $text(64) NOT NULL,
  image_kind $text(10) NOT NULL,
  view_blob $text(64) NULL,
  thumb_blob $text(64) NULL,
  width $int NOT NULL,
  height $int NOT NULL,
  dpi $int NOT NULL,
  orientation $int NOT NULL,
  skew $int NOT NULL,
  turn $int NULL,
  reads $int NOT NULL,
  flags $text(200) NOT NULL,
  page_text $note NOT NULL,
  text_lines $note NOT NULL,
  layer $note NULL,
  language $text(10) NOT NULL,
  engine $text(40) NOT NULL,
  confidence $int NOT NULL,
  hash $text(16) NOT NULL,
  problem $text(20) NULL,
  note $text(400) NOT NULL,
  cpu_ms $int NOT NULL,
  wall_ms $int NOT NULL,
  read_at $time NULL,
  version $int NOT NULL,
  CONSTRAINT cataloguing_page_once UNIQUE (file_id, n)
);

CREATE INDEX cataloguing_page_batch ON cataloguing_page (batch_id, ordinal);

CREATE INDEX cataloguing_page_image ON cataloguing_page (case_id, image);

CREATE INDEX cataloguing_page_piece ON cataloguing_page (piece_id, ordinal);

CREATE TABLE cataloguing_piece (
  id $id NOT NULL PRIMARY KEY,
  batch_id $id NOT NULL,
  case_id $id NOT NULL,
  ordinal $money NOT NULL,
  paper_type $text(30) NOT NULL,
  guessed_type $text(30) NOT NULL,
  title $text(200) NOT NULL,
  author $text(120) NOT NULL,
  party $text(120) NOT NULL,
  paper_date $date NULL,
  volume $text(10) NOT NULL,
  place $int NOT NULL,
  confidence $int NOT NULL,
  border $int NOT NULL,
  reason $text(400) NOT NULL,
  questions $text(400) NOT NULL,
  look $text(10) NOT NULL,
  document_id $id NULL,
  version $int NOT NULL
);

CREATE INDEX cataloguing_piece_batch ON cataloguing_piece (batch_id, ordinal);

CREATE TABLE cataloguing_act (
  id $id NOT NULL PRIMARY KEY,
  batch_id $id NOT NULL,
  person_id $id NOT NULL,
  person_name $text(80) NOT NULL,
  at $time NOT NULL,
  act $text(20) NOT NULL,
  subject $text(200) NOT NULL,
  before_json $note NOT NULL,
  undone $bool NOT NULL
);

CREATE INDEX cataloguing_act_batch ON cataloguing_act (batch_id, id);

CREATE TABLE cataloguing_model (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  model_version $int NOT NULL,
  trained_at $time NOT NULL,
  pages $int NOT NULL,
  accuracy $int NOT NULL,
  body $note NOT NULL
);

CREATE INDEX cataloguing_model_court ON cataloguing_model (court_id, model_version);

CREATE TABLE cataloguing_text (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  document_id $id NOT NULL,
  volume $text(10) NOT NULL,
  n $int NOT NULL,
  page_text $note NOT NULL,
  CONSTRAINT cataloguing_text_once UNIQUE (document_id, n)
);

CREATE INDEX cataloguing_text_case ON cataloguing_text (case_id, id);

ALTER TABLE cataloguing_item ADD paper_type $text(30) NOT NULL DEFAULT 'other';

ALTER TABLE cataloguing_item ADD author $text(120) NOT NULL DEFAULT '';

ALTER TABLE cataloguing_item ADD paper_date $date NULL;

ALTER TABLE cataloguing_item ADD piece_id $id NULL;

ALTER TABLE cataloguing_item ADD source $text(20) NOT NULL DEFAULT 'system';

ALTER TABLE cataloguing_item ADD leak $bool NOT NULL DEFAULT 0;
