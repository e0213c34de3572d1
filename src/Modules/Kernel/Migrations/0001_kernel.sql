CREATE TABLE kernel_worker (
  number $int NOT NULL PRIMARY KEY,
  owner $text(80) NOT NULL,
  lease_until $time NOT NULL,
  high_tick $id NOT NULL
);

CREATE TABLE kernel_lease (
  name $text(60) NOT NULL PRIMARY KEY,
  owner $text(80) NOT NULL,
  lease_until $time NOT NULL
);

CREATE TABLE kernel_outbox_key (
  event_key $text(80) NOT NULL PRIMARY KEY,
  seq $id NOT NULL
);

CREATE TABLE kernel_outbox (
  id $id NOT NULL PRIMARY KEY,
  event_key $text(80) NOT NULL,
  seq $id NOT NULL,
  name $text(80) NOT NULL,
  version $int NOT NULL,
  body $note NOT NULL,
  created_at $time NOT NULL,
  CONSTRAINT kernel_outbox_order UNIQUE (event_key, seq)
);

CREATE TABLE kernel_delivery (
  outbox_id $id NOT NULL,
  reaction $text(120) NOT NULL,
  event_key $text(80) NOT NULL,
  seq $id NOT NULL,
  state $text(10) NOT NULL,
  done_at $time NULL,
  PRIMARY KEY (outbox_id, reaction),
  FOREIGN KEY (outbox_id) REFERENCES kernel_outbox (id)
);

CREATE INDEX kernel_delivery_pending ON kernel_delivery (outbox_id, reaction, event_key) WHERE state = 'pending';

CREATE INDEX kernel_delivery_key ON kernel_delivery (reaction, event_key, seq) WHERE state = 'pending';

CREATE TABLE kernel_block (
  reaction $text(120) NOT NULL,
  event_key $text(80) NOT NULL,
  outbox_id $id NOT NULL,
  attempts $int NOT NULL,
  parked $bool NOT NULL,
  until $time NOT NULL,
  error $note NOT NULL,
  since $time NOT NULL,
  PRIMARY KEY (reaction, event_key)
);

CREATE TABLE kernel_work (
  id $id NOT NULL PRIMARY KEY,
  queue $text(60) NOT NULL,
  work_key $text(120) NOT NULL,
  state $text(10) NOT NULL,
  due_at $time NOT NULL,
  lease_until $time NULL,
  attempts $int NOT NULL,
  payload $note NOT NULL,
  reason $note NULL,
  created_at $time NOT NULL,
  done_at $time NULL,
  CONSTRAINT kernel_work_once UNIQUE (queue, work_key)
);

CREATE INDEX kernel_work_ready ON kernel_work (due_at) WHERE state = 'ready';

CREATE INDEX kernel_work_claimed ON kernel_work (lease_until) WHERE state = 'claimed';

CREATE INDEX kernel_work_open ON kernel_work (state, queue) WHERE state <> 'done';

CREATE TABLE kernel_idempotency (
  person_id $id NOT NULL,
  idempotency_key $text(100) NOT NULL,
  digest $text(64) NOT NULL,
  answer $note NOT NULL,
  created_at $time NOT NULL,
  PRIMARY KEY (person_id, idempotency_key)
);

CREATE TABLE kernel_audit (
  id $id NOT NULL PRIMARY KEY,
  at $time NOT NULL,
  actor_id $id NOT NULL,
  actor $text(80) NOT NULL,
  address $text(60) NOT NULL,
  action $text(120) NOT NULL,
  object_type $text(40) NOT NULL,
  object_id $text(60) NOT NULL,
  result $text(20) NOT NULL,
  detail $note NOT NULL,
  digest $text(64) NOT NULL
);

CREATE INDEX kernel_audit_at ON kernel_audit (at);

CREATE INDEX kernel_audit_object ON kernel_audit (object_type, object_id, id);

CREATE TABLE kernel_decision (
  id $id NOT NULL PRIMARY KEY,
  name $text(80) NOT NULL,
  settings_version $text(40) NOT NULL,
  input $note NOT NULL,
  outcome $note NOT NULL,
  rule_fired $text(80) NOT NULL,
  case_id $id NULL,
  at $time NOT NULL
);

CREATE INDEX kernel_decision_case ON kernel_decision (case_id, name);

CREATE TABLE kernel_blob (
  sha256 $text(64) NOT NULL PRIMARY KEY,
  size $id NOT NULL,
  created_at $time NOT NULL
);

CREATE TABLE kernel_upload (
  id $text(40) NOT NULL PRIMARY KEY,
  person_id $id NOT NULL,
  name $text(260) NOT NULL,
  size $id NOT NULL,
  created_at $time NOT NULL,
  taken_at $time NULL
);

CREATE TABLE kernel_job (
  name $text(80) NOT NULL PRIMARY KEY,
  enabled $bool NOT NULL,
  last_started_at $time NULL,
  last_ended_at $time NULL,
  last_error $note NULL
);

CREATE TABLE kernel_protection_key (
  name $text(120) NOT NULL PRIMARY KEY,
  xml $note NOT NULL,
  created_at $time NOT NULL
);

CREATE TABLE kernel_sequence (
  name $text(80) NOT NULL PRIMARY KEY,
  value $id NOT NULL
);
