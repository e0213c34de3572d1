ALTER TABLE kernel_audit ADD person_name $text(80) NOT NULL DEFAULT '';

ALTER TABLE kernel_audit ADD roles $text(300) NOT NULL DEFAULT '';

ALTER TABLE kernel_audit ADD agent $text(16) NOT NULL DEFAULT '';

ALTER TABLE kernel_audit ADD session $text(40) NOT NULL DEFAULT '';

ALTER TABLE kernel_audit ADD request_id $text(80) NOT NULL DEFAULT '';

ALTER TABLE kernel_audit ADD case_id $id NULL;

ALTER TABLE kernel_audit ADD reason $note NOT NULL DEFAULT '';

ALTER TABLE kernel_audit ADD form $int NOT NULL DEFAULT 1;

ALTER TABLE kernel_audit ADD seal $id NOT NULL DEFAULT 0;

CREATE INDEX kernel_audit_sealed ON kernel_audit (seal, id);

CREATE INDEX kernel_audit_actor ON kernel_audit (actor_id, id);

CREATE INDEX kernel_audit_case ON kernel_audit (case_id, id) WHERE case_id IS NOT NULL;

CREATE TABLE kernel_audit_seal (
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

CREATE TABLE kernel_check (
  name $text(40) NOT NULL PRIMARY KEY,
  at $time NOT NULL,
  findings $int NOT NULL,
  detail $note NOT NULL
);

CREATE TABLE kernel_alarm (
  id $id NOT NULL PRIMARY KEY,
  kind $text(40) NOT NULL,
  alarm_key $text(120) NOT NULL,
  person_id $id NOT NULL,
  person_login $text(80) NOT NULL,
  person_name $text(80) NOT NULL,
  window_from $time NOT NULL,
  window_to $time NOT NULL,
  hits $int NOT NULL,
  evidence $note NOT NULL,
  state $text(12) NOT NULL,
  raised_at $time NOT NULL,
  decided_by $text(80) NULL,
  decided_at $time NULL,
  decision $note NULL,
  CONSTRAINT kernel_alarm_once UNIQUE (kind, alarm_key)
);

CREATE INDEX kernel_alarm_state ON kernel_alarm (state, raised_at);
