-- the account of a payout is entered by one and approved with it by another
ALTER TABLE enforcement_payout ADD account_by $id NULL;

-- money without a case goes back by two persons
ALTER TABLE enforcement_receipt ADD return_by $id NULL;

ALTER TABLE enforcement_receipt ADD return_name $text(60) NULL;

-- the bank's closing balance of a day beside the books
CREATE TABLE enforcement_balance (
  court_id $id NOT NULL,
  on_day $date NOT NULL,
  bank $money NOT NULL,
  books $money NOT NULL,
  by_name $text(60) NOT NULL,
  at $time NOT NULL,
  PRIMARY KEY (court_id, on_day)
);
