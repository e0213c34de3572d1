CREATE TABLE enforcement_case (
  case_id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  check_on $date NULL,
  checked_on $date NULL,
  created_at $time NOT NULL
);

CREATE INDEX enforcement_case_check ON enforcement_case (check_on, case_id);

CREATE TABLE enforcement_asset (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  party_id $id NOT NULL,
  party_name $text(200) NOT NULL,
  category $text(20) NOT NULL,
  kind $text(12) NOT NULL,
  name $text(200) NOT NULL,
  identity_key $text(120) NOT NULL,
  holder $text(120) NOT NULL,
  value $money NULL,
  source $text(20) NOT NULL,
  found_on $date NOT NULL,
  part $text(12) NOT NULL,
  pair_asset_id $id NULL,
  state $text(12) NOT NULL,
  next_date $date NULL,
  ended_on $date NULL,
  reason $text(400) NULL,
  created_by $id NOT NULL,
  created_at $time NOT NULL,
  version $int NOT NULL,
  CONSTRAINT enforcement_asset_once UNIQUE (case_id, party_id, category, identity_key)
);

CREATE INDEX enforcement_asset_same ON enforcement_asset (court_id, identity_key, id);

CREATE INDEX enforcement_asset_next ON enforcement_asset (next_date, id);

CREATE TABLE enforcement_measure (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  asset_id $id NOT NULL,
  party_id $id NOT NULL,
  identity_key $text(120) NOT NULL,
  kind $text(12) NOT NULL,
  act $text(12) NOT NULL,
  basis $text(12) NOT NULL,
  state $text(12) NOT NULL,
  place $int NOT NULL,
  years $int NULL,
  amount $money NULL,
  authority $text(120) NOT NULL,
  paper $text(120) NOT NULL,
  ruled_on $date NULL,
  start_on $date NULL,
  end_on $date NULL,
  computed_end $date NULL,
  last_renewal $date NULL,
  court_last $date NULL,
  receipt $text(120) NULL,
  receipt_end $date NULL,
  receipt_place $int NULL,
  head_end $date NULL,
  applied_on $date NULL,
  told_on $date NULL,
  notice_document_id $id NULL,
  round $int NOT NULL,
  order_id $id NULL,
  next_date $date NULL,
  next_tier $text(12) NULL,
  ended_on $date NULL,
  ended_reason $text(20) NULL,
  created_by $id NOT NULL,
  created_at $time NOT NULL,
  version $int NOT NULL,
  FOREIGN KEY (asset_id) REFERENCES enforcement_asset (id)
);

CREATE INDEX enforcement_measure_next ON enforcement_measure (next_date, id);

CREATE INDEX enforcement_measure_end ON enforcement_measure (state, end_on, id);

CREATE INDEX enforcement_measure_case ON enforcement_measure (case_id, id);

CREATE INDEX enforcement_measure_asset ON enforcement_measure (asset_id, id);

CREATE INDEX enforcement_measure_same ON enforcement_measure (court_id, identity_key, place, id);

CREATE INDEX enforcement_measure_notice ON enforcement_measure (notice_document_id);

CREATE TABLE enforcement_event (
  id $id NOT NULL PRIMARY KEY,
  measure_id $id NOT NULL,
  kind $text(20) NOT NULL,
  on_date $date NOT NULL,
  start_on $date NULL,
  end_on $date NULL,
  words $text(400) NOT NULL,
  person_id $id NOT NULL,
  person_name $text(60) NOT NULL,
  at $time NOT NULL,
  FOREIGN KEY (measure_id) REFERENCES enforcement_measure (id)
);

CREATE INDEX enforcement_event_measure ON enforcement_event (measure_id, id);

CREATE TABLE enforcement_warning (
  measure_id $id NOT NULL,
  round $int NOT NULL,
  tier $text(12) NOT NULL,
  due_on $date NOT NULL,
  told_at $time NOT NULL,
  PRIMARY KEY (measure_id, round, tier),
  FOREIGN KEY (measure_id) REFERENCES enforcement_measure (id)
);

CREATE TABLE enforcement_inquiry (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  party_id $id NOT NULL,
  category $text(20) NOT NULL,
  way $text(12) NOT NULL,
  asked_on $date NOT NULL,
  result $text(400) NOT NULL,
  person_id $id NOT NULL,
  created_at $time NOT NULL
);

CREATE INDEX enforcement_inquiry_case ON enforcement_inquiry (case_id, party_id, category, asked_on);

CREATE TABLE enforcement_finding (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  leak $text(12) NOT NULL,
  subject $text(80) NOT NULL,
  asset_id $id NULL,
  measure_id $id NULL,
  party_id $id NULL,
  words $text(400) NOT NULL,
  said $note NOT NULL,
  found_on $date NOT NULL,
  due_on $date NOT NULL,
  owner_id $id NULL,
  level $int NOT NULL,
  state $text(12) NOT NULL,
  next_date $date NULL,
  reason $text(400) NULL,
  reason_by $id NULL,
  decided_by $id NULL,
  decided_words $text(400) NULL,
  order_id $id NULL,
  ended_at $time NULL,
  ended_how $text(12) NULL,
  version $int NOT NULL
);

CREATE INDEX enforcement_finding_case ON enforcement_finding (case_id, state, id);

CREATE INDEX enforcement_finding_next ON enforcement_finding (next_date, id);

CREATE INDEX enforcement_finding_open ON enforcement_finding (state, due_on, id);
