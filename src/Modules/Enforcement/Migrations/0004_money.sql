CREATE TABLE enforcement_date (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  subject $text(60) NOT NULL,
  kind $text(20) NOT NULL,
  words $text(200) NOT NULL,
  due_on $date NOT NULL,
  next_date $date NULL,
  done_on $date NULL,
  order_id $id NULL,
  orders $int NOT NULL,
  level $int NOT NULL,
  CONSTRAINT enforcement_date_once UNIQUE (subject)
);

CREATE INDEX enforcement_date_next ON enforcement_date (next_date, id);

CREATE INDEX enforcement_date_case ON enforcement_date (case_id, due_on);

CREATE INDEX enforcement_date_court ON enforcement_date (court_id, done_on, due_on, id);

CREATE TABLE enforcement_receipt (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  case_id $id NULL,
  amount $money NOT NULL,
  left_over $money NOT NULL,
  received_on $date NOT NULL,
  payer $text(200) NOT NULL,
  memo $text(200) NOT NULL,
  reference $text(80) NOT NULL,
  source $text(12) NOT NULL,
  state $text(12) NOT NULL,
  due_on $date NULL,
  words $text(400) NULL,
  created_by $id NOT NULL,
  created_at $time NOT NULL,
  version $int NOT NULL,
  CONSTRAINT enforcement_receipt_once UNIQUE (court_id, reference)
);

CREATE INDEX enforcement_receipt_case ON enforcement_receipt (case_id, received_on, id);

CREATE INDEX enforcement_receipt_state ON enforcement_receipt (court_id, state, received_on, id);

CREATE TABLE enforcement_entry (
  id $id NOT NULL PRIMARY KEY,
  entry_key $text(120) NOT NULL,
  court_id $id NOT NULL,
  case_id $id NULL,
  account $text(12) NOT NULL,
  amount $money NOT NULL,
  on_day $date NOT NULL,
  words $text(200) NOT NULL,
  by_name $text(60) NOT NULL,
  at $time NOT NULL,
  CONSTRAINT enforcement_entry_once UNIQUE (court_id, entry_key, account)
);

CREATE INDEX enforcement_entry_case ON enforcement_entry (case_id, account, id);

CREATE INDEX enforcement_entry_day ON enforcement_entry (court_id, on_day, account);

CREATE TABLE enforcement_payout (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  plan_id $id NULL,
  party_id $id NULL,
  payee $text(200) NOT NULL,
  account_enc $text(600) NULL,
  account_hint $text(20) NULL,
  kind $text(12) NOT NULL,
  amount $money NOT NULL,
  words $text(400) NOT NULL,
  state $text(12) NOT NULL,
  asked_by $id NOT NULL,
  asked_name $text(60) NOT NULL,
  asked_at $time NOT NULL,
  decided_name $text(60) NULL,
  decided_at $time NULL,
  decided_words $text(400) NULL,
  paid_on $date NULL,
  reference $text(80) NULL,
  version $int NOT NULL
);

CREATE INDEX enforcement_payout_case ON enforcement_payout (case_id, id);

CREATE INDEX enforcement_payout_state ON enforcement_payout (court_id, state, id);

CREATE TABLE enforcement_plan (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  total $money NOT NULL,
  costs $money NOT NULL,
  state $text(12) NOT NULL,
  served_on $date NULL,
  object_until $date NULL,
  objection $text(400) NULL,
  created_by $id NOT NULL,
  created_name $text(60) NOT NULL,
  created_at $time NOT NULL,
  version $int NOT NULL
);

CREATE INDEX enforcement_plan_case ON enforcement_plan (case_id, id);

CREATE TABLE enforcement_plan_line (
  plan_id $id NOT NULL,
  n $int NOT NULL,
  party_id $id NULL,
  name $text(200) NOT NULL,
  priority $int NOT NULL,
  claim $money NOT NULL,
  share $money NOT NULL,
  PRIMARY KEY (plan_id, n),
  FOREIGN KEY (plan_id) REFERENCES enforcement_plan (id)
);
