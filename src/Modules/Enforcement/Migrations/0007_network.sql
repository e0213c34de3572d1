CREATE TABLE enforcement_batch (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  channel $text(8) NOT NULL,
  state $text(12) NOT NULL,
  items $int NOT NULL,
  answered $int NOT NULL,
  reason $text(400) NULL,
  made_by $text(60) NOT NULL,
  made_at $time NOT NULL,
  version $int NOT NULL
);

CREATE INDEX enforcement_batch_court ON enforcement_batch (court_id, id);

CREATE TABLE enforcement_batch_item (
  reference $text(40) NOT NULL PRIMARY KEY,
  batch_id $id NOT NULL,
  case_id $id NOT NULL,
  party_id $id NOT NULL,
  party_name $text(200) NOT NULL,
  id_tail $text(8) NOT NULL,
  category $text(20) NOT NULL,
  answered_at $time NULL,
  found $int NOT NULL,
  note $text(200) NOT NULL,
  FOREIGN KEY (batch_id) REFERENCES enforcement_batch (id)
);

CREATE INDEX enforcement_batch_item_batch ON enforcement_batch_item (batch_id, reference);

CREATE INDEX enforcement_batch_item_case ON enforcement_batch_item (case_id, party_id, category);

CREATE TABLE enforcement_quarantine (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  reference $text(40) NOT NULL,
  why $text(200) NOT NULL,
  digest $text(64) NOT NULL,
  at $time NOT NULL,
  settled_by $text(60) NULL,
  settled_at $time NULL,
  CONSTRAINT enforcement_quarantine_once UNIQUE (court_id, digest)
);

CREATE INDEX enforcement_quarantine_open ON enforcement_quarantine (court_id, settled_at, id);
