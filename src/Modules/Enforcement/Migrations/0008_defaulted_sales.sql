ALTER TABLE enforcement_auction ADD prior_price $money NULL;

ALTER TABLE enforcement_auction ADD defaulted_on $date NULL;

CREATE TABLE enforcement_auction_defaulter (
  id $id NOT NULL PRIMARY KEY,
  auction_id $id NOT NULL,
  sale $int NOT NULL,
  name $text(200) NOT NULL,
  name_key $text(200) NOT NULL,
  price $money NOT NULL,
  deposit $money NOT NULL,
  on_day $date NOT NULL,
  CONSTRAINT enforcement_auction_defaulter_once UNIQUE (auction_id, name_key),
  FOREIGN KEY (auction_id) REFERENCES enforcement_auction (id)
);
