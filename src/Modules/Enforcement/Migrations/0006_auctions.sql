CREATE TABLE enforcement_auction (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  asset_id $id NOT NULL,
  asset_name $text(200) NOT NULL,
  kind $text(12) NOT NULL,
  platform $text(60) NOT NULL,
  way $text(20) NOT NULL,
  valuation $money NOT NULL,
  valued_on $date NOT NULL,
  state $text(12) NOT NULL,
  sale $int NOT NULL,
  start_price $money NULL,
  deposit $money NULL,
  step_price $money NULL,
  notice_on $date NULL,
  opens_on $date NULL,
  told_on $date NULL,
  failed_on $date NULL,
  sold_on $date NULL,
  sold_price $money NULL,
  buyer $text(200) NULL,
  paid_on $date NULL,
  ruling_on $date NULL,
  handed_on $date NULL,
  reason $text(400) NULL,
  created_by $id NOT NULL,
  created_at $time NOT NULL,
  version $int NOT NULL,
  FOREIGN KEY (asset_id) REFERENCES enforcement_asset (id)
);

CREATE INDEX enforcement_auction_case ON enforcement_auction (case_id, id);

CREATE INDEX enforcement_auction_court ON enforcement_auction (court_id, state, id);

CREATE TABLE enforcement_auction_event (
  id $id NOT NULL PRIMARY KEY,
  auction_id $id NOT NULL,
  sale $int NOT NULL,
  kind $text(12) NOT NULL,
  on_day $date NOT NULL,
  words $text(400) NOT NULL,
  person_name $text(60) NOT NULL,
  at $time NOT NULL,
  FOREIGN KEY (auction_id) REFERENCES enforcement_auction (id)
);

CREATE INDEX enforcement_auction_event_of ON enforcement_auction_event (auction_id, id);
