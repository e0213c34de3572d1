CREATE TABLE enforcement_offline (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  party_id $id NOT NULL,
  party_name $text(200) NOT NULL,
  address $text(200) NOT NULL,
  categories $text(200) NOT NULL,
  words $text(400) NOT NULL,
  due_on $date NOT NULL,
  state $text(12) NOT NULL,
  stop_id $id NULL,
  outcome $text(12) NULL,
  result $text(400) NULL,
  asset_id $id NULL,
  asked_by $id NOT NULL,
  asked_name $text(60) NOT NULL,
  asked_at $time NOT NULL,
  closed_name $text(60) NULL,
  closed_at $time NULL,
  version $int NOT NULL
);

CREATE INDEX enforcement_offline_case ON enforcement_offline (case_id, id);

CREATE INDEX enforcement_offline_state ON enforcement_offline (court_id, state, due_on, id);
