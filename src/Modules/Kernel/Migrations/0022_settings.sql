CREATE TABLE kernel_setting_version (
  id $id NOT NULL PRIMARY KEY,
  setting_key $text(80) NOT NULL,
  court_id $id NOT NULL,
  version $int NOT NULL,
  state $text(12) NOT NULL,
  inherits $bool NOT NULL,
  body $note NOT NULL,
  from_date $date NULL,
  effective_at $time NULL,
  reason $text(400) NOT NULL,
  back_of $int NULL,
  asked_by $id NOT NULL,
  asked_by_name $text(60) NOT NULL,
  asked_at $time NOT NULL,
  decided_by $id NULL,
  decided_by_name $text(60) NULL,
  decided_at $time NULL,
  words $text(400) NOT NULL,
  CONSTRAINT kernel_setting_version_once UNIQUE (setting_key, court_id, version)
);

CREATE INDEX kernel_setting_version_pending ON kernel_setting_version (asked_at, id) WHERE state = 'pending';

CREATE TABLE kernel_setting_stamp (
  name $text(20) NOT NULL PRIMARY KEY,
  value $id NOT NULL
);

INSERT INTO kernel_setting_stamp (name, value) VALUES ('settings', 1);

ALTER TABLE kernel_decision ADD court_id $id NOT NULL DEFAULT 0;

ALTER TABLE kernel_decision ADD setting_key $text(80) NULL;

CREATE INDEX kernel_decision_name ON kernel_decision (name, court_id, id);

CREATE TABLE kernel_dry_run (
  id $id NOT NULL PRIMARY KEY,
  setting_key $text(80) NOT NULL,
  court_id $id NOT NULL,
  decision $text(80) NOT NULL,
  body $note NOT NULL,
  days $int NOT NULL,
  from_id $id NOT NULL,
  until_id $id NOT NULL,
  state $text(12) NOT NULL,
  person_id $id NOT NULL,
  places $note NOT NULL,
  figures $note NOT NULL,
  total $int NOT NULL,
  done_count $int NOT NULL,
  changed_count $int NOT NULL,
  reason $note NULL,
  reason_said $note NULL,
  created_at $time NOT NULL,
  ended_at $time NULL
);

CREATE INDEX kernel_dry_run_mine ON kernel_dry_run (person_id, setting_key, id);

CREATE TABLE kernel_dry_run_change (
  run_id $id NOT NULL,
  n $int NOT NULL,
  decision_id $id NOT NULL,
  court_id $id NOT NULL,
  case_id $id NULL,
  at $time NOT NULL,
  input $note NOT NULL,
  before_group $text(200) NOT NULL,
  after_group $text(200) NOT NULL,
  before_rule $text(80) NOT NULL,
  after_rule $text(80) NOT NULL,
  PRIMARY KEY (run_id, n),
  FOREIGN KEY (run_id) REFERENCES kernel_dry_run (id)
);

CREATE INDEX kernel_dry_run_change_court ON kernel_dry_run_change (run_id, court_id, n);
