CREATE TABLE kernel_access (
  id $id NOT NULL PRIMARY KEY,
  at $time NOT NULL,
  actor_id $id NOT NULL,
  actor $text(80) NOT NULL,
  person_name $text(80) NOT NULL,
  roles $text(300) NOT NULL,
  address $text(60) NOT NULL,
  agent $text(16) NOT NULL,
  session $text(40) NOT NULL,
  request_id $text(80) NOT NULL,
  action $text(120) NOT NULL,
  object_type $text(40) NOT NULL,
  object_id $text(80) NOT NULL,
  case_id $id NULL,
  hits $int NOT NULL,
  result $text(20) NOT NULL,
  reason $note NOT NULL,
  detail $note NOT NULL,
  digest $text(64) NOT NULL,
  seal $id NOT NULL
);

CREATE INDEX kernel_access_sealed ON kernel_access (seal, id);

CREATE INDEX kernel_access_object ON kernel_access (object_type, object_id, id);

CREATE INDEX kernel_access_actor ON kernel_access (actor_id, id);

CREATE INDEX kernel_access_case ON kernel_access (case_id, id) WHERE case_id IS NOT NULL;

CREATE TABLE kernel_access_seal (
  seq $id NOT NULL PRIMARY KEY,
  first_id $id NOT NULL,
  last_id $id NOT NULL,
  row_count $int NOT NULL,
  oldest $time NOT NULL,
  newest $time NOT NULL,
  root $text(64) NOT NULL,
  previous $text(64) NOT NULL,
  at $time NOT NULL,
  hash $text(64) NOT NULL,
  leaves $note NOT NULL,
  archived_at $time NULL,
  archive $text(120) NULL
);
