-- what a criminal judgment orders to be paid: fines, confiscation, restitution, recovery
CREATE TABLE enforcement_criminal_item (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  party_id $id NOT NULL,
  party_name $text(200) NOT NULL,
  kind $text(12) NOT NULL,
  amount $money NULL,
  payee $text(12) NOT NULL,
  payee_name $text(200) NOT NULL,
  paid $money NOT NULL,
  state $text(12) NOT NULL,
  ended_on $date NULL,
  ended_words $text(400) NULL,
  by_name $text(60) NOT NULL,
  at $time NOT NULL,
  version $int NOT NULL
);

CREATE INDEX enforcement_criminal_item_case ON enforcement_criminal_item (case_id, id);

CREATE INDEX enforcement_criminal_item_court ON enforcement_criminal_item (court_id, state, id);

ALTER TABLE enforcement_plan_line ADD item_id $id NULL;

ALTER TABLE enforcement_payout ADD item_id $id NULL;
