-- deposits of bidders; the money itself is a receipt in the state deposit until it is counted, returned or forfeited
CREATE TABLE enforcement_bid_deposit (
  id $id NOT NULL PRIMARY KEY,
  auction_id $id NOT NULL,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  sale $int NOT NULL,
  bidder $text(200) NOT NULL,
  name_key $text(200) NOT NULL,
  amount $money NOT NULL,
  receipt_id $id NOT NULL,
  received_on $date NOT NULL,
  state $text(12) NOT NULL,
  ended_on $date NULL,
  end_reference $text(80) NULL,
  price_was $money NULL,
  loss $money NULL,
  used_costs $money NULL,
  used_gap $money NULL,
  used_debt $money NULL,
  by_name $text(60) NOT NULL,
  at $time NOT NULL,
  version $int NOT NULL,
  CONSTRAINT enforcement_bid_deposit_once UNIQUE (receipt_id),
  FOREIGN KEY (auction_id) REFERENCES enforcement_auction (id)
);

CREATE INDEX enforcement_bid_deposit_of ON enforcement_bid_deposit (auction_id, state, id);

-- the account that stands in the papers of a sale
CREATE TABLE enforcement_sale_account (
  court_id $id NOT NULL PRIMARY KEY,
  holder $text(120) NOT NULL,
  bank $text(120) NOT NULL,
  account $text(60) NOT NULL,
  contact $text(120) NOT NULL,
  by_name $text(60) NOT NULL,
  at $time NOT NULL
);

-- a debt in kind: what is set off against the claim; the rest of the price is paid
ALTER TABLE enforcement_auction ADD credited $money NULL;
