CREATE INDEX workzone_order_court_due ON workzone_order (court_id, due_at, id, state) WHERE is_open = 1 AND restricted = 0;

CREATE INDEX workzone_order_plain_due ON workzone_order (court_id, centre, due_at, id, state) WHERE is_open = 1 AND restricted = 0;

CREATE INDEX workzone_order_plain_state ON workzone_order (court_id, centre, state, due_at, id) WHERE is_open = 1 AND restricted = 0;

CREATE INDEX workzone_order_due ON workzone_order (due_at, id) WHERE is_open = 1;

CREATE INDEX workzone_order_court_asked ON workzone_order (court_id, centre, asked_at, id) WHERE is_open = 1;

CREATE INDEX workzone_order_court_changed ON workzone_order (court_id, centre, changed_at, id) WHERE is_open = 1;

CREATE INDEX workzone_order_court_type ON workzone_order (court_id, centre, order_type, due_at, id, state) WHERE is_open = 1;

CREATE INDEX workzone_order_court_escalated ON workzone_order (court_id, due_at, id, state, centre) WHERE is_open = 1 AND escalated = 1;

CREATE INDEX workzone_order_court_closed ON workzone_order (court_id, centre, closed_at, id) WHERE is_open = 0;

CREATE INDEX workzone_order_assignee_asked ON workzone_order (assignee_id, asked_at, id) WHERE is_open = 1;

CREATE INDEX workzone_order_assignee_changed ON workzone_order (assignee_id, changed_at, id) WHERE is_open = 1;

CREATE INDEX workzone_order_assignee_closed ON workzone_order (assignee_id, closed_at, id) WHERE is_open = 0;

CREATE INDEX workzone_order_asker_asked ON workzone_order (asked_by, asked_at, id) WHERE is_open = 1;

CREATE INDEX workzone_order_asker_closed ON workzone_order (asked_by, closed_at, id) WHERE is_open = 0;

CREATE INDEX workzone_order_children ON workzone_order (parent_id, id) WHERE parent_id IS NOT NULL;

CREATE INDEX workzone_case_limit ON workzone_case (court_id, clock_end, id) WHERE state = 'open';

CREATE TABLE workzone_view (
  id $id NOT NULL PRIMARY KEY,
  owner_id $id NOT NULL,
  name $text(40) NOT NULL,
  query $text(1000) NOT NULL,
  shared $text(10) NOT NULL,
  court_id $id NOT NULL,
  centre $text(20) NOT NULL,
  created_at $time NOT NULL,
  version $int NOT NULL,
  CONSTRAINT workzone_view_once UNIQUE (owner_id, name),
  FOREIGN KEY (owner_id) REFERENCES workzone_person (id)
);

CREATE INDEX workzone_view_shared ON workzone_view (court_id, shared, centre);

CREATE TABLE workzone_notice (
  id $id NOT NULL PRIMARY KEY,
  person_id $id NOT NULL,
  kind $text(20) NOT NULL,
  notice_key $text(120) NOT NULL,
  order_id $id NULL,
  batch_id $id NULL,
  args $note NOT NULL,
  created_at $time NOT NULL,
  read_at $time NULL,
  mailed_at $time NULL,
  CONSTRAINT workzone_notice_once UNIQUE (person_id, notice_key),
  FOREIGN KEY (person_id) REFERENCES workzone_person (id)
);

CREATE INDEX workzone_notice_person ON workzone_notice (person_id, id);

CREATE INDEX workzone_notice_unread ON workzone_notice (person_id, id) WHERE read_at IS NULL;

CREATE TABLE workzone_digest (
  person_id $id NOT NULL PRIMARY KEY,
  pace $text(10) NOT NULL,
  email_enc $text(600) NULL,
  email_hint $text(60) NULL,
  daily_hour $int NOT NULL,
  quiet_from $int NOT NULL,
  quiet_to $int NOT NULL,
  due_at $time NULL,
  sent_up_to $id NOT NULL,
  version $int NOT NULL,
  FOREIGN KEY (person_id) REFERENCES workzone_person (id)
);

CREATE INDEX workzone_digest_due ON workzone_digest (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE workzone_batch (
  id $id NOT NULL PRIMARY KEY,
  person_id $id NOT NULL,
  court_id $id NOT NULL,
  step $text(20) NOT NULL,
  words $note NOT NULL,
  target_id $id NULL,
  target_name $text(60) NOT NULL,
  wake_at $time NULL,
  state $text(10) NOT NULL,
  total $int NOT NULL,
  done_count $int NOT NULL,
  refused_count $int NOT NULL,
  position $int NOT NULL,
  created_at $time NOT NULL,
  ended_at $time NULL,
  FOREIGN KEY (person_id) REFERENCES workzone_person (id)
);

CREATE INDEX workzone_batch_person ON workzone_batch (person_id, id);

CREATE TABLE workzone_batch_item (
  batch_id $id NOT NULL,
  n $int NOT NULL,
  order_id $id NOT NULL,
  outcome $text(10) NOT NULL,
  reason $note NOT NULL,
  PRIMARY KEY (batch_id, n),
  CONSTRAINT workzone_batch_item_once UNIQUE (batch_id, order_id),
  FOREIGN KEY (batch_id) REFERENCES workzone_batch (id)
);
