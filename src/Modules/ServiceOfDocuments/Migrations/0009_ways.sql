-- what was seen, heard or photographed; only ever added to
CREATE TABLE service_evidence (
  id $id NOT NULL PRIMARY KEY,
  notice_id $id NOT NULL,
  step_id $id NULL,
  kind $text(12) NOT NULL,
  name $text(200) NOT NULL,
  mime $text(60) NOT NULL,
  blob $text(64) NULL,
  size $id NOT NULL,
  taken_at $time NULL,
  place $text(200) NULL,
  words $note NULL,
  recorded_by $text(60) NOT NULL,
  recorded_at $time NOT NULL
);

CREATE INDEX service_evidence_notice ON service_evidence (notice_id, id);

CREATE INDEX service_evidence_blob ON service_evidence (blob);

-- calls in both directions
CREATE TABLE service_call (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  case_id $id NULL,
  notice_id $id NULL,
  step_id $id NULL,
  direction $text(4) NOT NULL,
  number_enc $text(400) NULL,
  number_tail $text(4) NULL,
  outcome $text(20) NOT NULL,
  words $note NOT NULL,
  by_name $text(60) NOT NULL,
  at $time NOT NULL,
  callback_at $time NULL,
  done_at $time NULL
);

CREATE INDEX service_call_notice ON service_call (notice_id, id);

CREATE INDEX service_call_back ON service_call (court_id, callback_at);

-- letters handed over together, or visits of one day
CREATE TABLE service_batch (
  id $id NOT NULL PRIMARY KEY,
  kind $text(8) NOT NULL,
  number $text(30) NOT NULL,
  court_id $id NOT NULL,
  day $date NOT NULL,
  area $text(80) NULL,
  person_id $id NULL,
  person_name $text(60) NULL,
  state $text(10) NOT NULL,
  items $int NOT NULL,
  cents_each $int NOT NULL,
  handed_to $text(60) NULL,
  handed_at $time NULL,
  created_by $text(60) NOT NULL,
  created_at $time NOT NULL,
  version $int NOT NULL
);

CREATE INDEX service_batch_kind ON service_batch (kind, court_id, day);

-- a line of tracking, each once
CREATE TABLE service_track (
  id $id NOT NULL PRIMARY KEY,
  digest $text(64) NOT NULL,
  step_id $id NULL,
  tracking $text(40) NOT NULL,
  at $time NOT NULL,
  words $text(200) NOT NULL,
  outcome $text(20) NOT NULL,
  taken_at $time NOT NULL,
  CONSTRAINT service_track_once UNIQUE (digest)
);

CREATE INDEX service_track_step ON service_track (step_id, at);

-- scanned receipts
CREATE TABLE service_receipt (
  id $id NOT NULL PRIMARY KEY,
  scan_blob $text(64) NOT NULL,
  page $int NOT NULL,
  step_id $id NULL,
  document_id $id NULL,
  state $text(12) NOT NULL,
  said $text(200) NOT NULL,
  by_name $text(60) NOT NULL,
  at $time NOT NULL,
  CONSTRAINT service_receipt_once UNIQUE (scan_blob, page)
);

CREATE INDEX service_receipt_at ON service_receipt (at, id);
