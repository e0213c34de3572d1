CREATE TABLE enforcement_sanction (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  party_id $id NOT NULL,
  party_name $text(200) NOT NULL,
  kind $text(20) NOT NULL,
  ground $text(20) NOT NULL,
  amount $money NULL,
  days $int NULL,
  words $text(400) NOT NULL,
  state $text(12) NOT NULL,
  asked_by $id NOT NULL,
  asked_name $text(60) NOT NULL,
  asked_at $time NOT NULL,
  decided_name $text(60) NULL,
  decided_at $time NULL,
  decided_words $text(400) NULL,
  from_on $date NULL,
  until_on $date NULL,
  ended_on $date NULL,
  ended_why $text(20) NULL,
  version $int NOT NULL
);

CREATE INDEX enforcement_sanction_case ON enforcement_sanction (case_id, id);

CREATE INDEX enforcement_sanction_state ON enforcement_sanction (court_id, state, id);

CREATE TABLE enforcement_talk (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  on_day $date NOT NULL,
  kind $text(12) NOT NULL,
  with_name $text(200) NOT NULL,
  agrees $bool NULL,
  words $text(1000) NOT NULL,
  person_name $text(60) NOT NULL,
  at $time NOT NULL
);

CREATE INDEX enforcement_talk_case ON enforcement_talk (case_id, on_day, id);

CREATE TABLE enforcement_settlement (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  signed_on $date NOT NULL,
  total $money NOT NULL,
  words $text(1000) NOT NULL,
  state $text(12) NOT NULL,
  ended_on $date NULL,
  ended_words $text(400) NULL,
  created_name $text(60) NOT NULL,
  created_at $time NOT NULL,
  version $int NOT NULL
);

CREATE INDEX enforcement_settlement_case ON enforcement_settlement (case_id, id);

CREATE TABLE enforcement_instalment (
  settlement_id $id NOT NULL,
  n $int NOT NULL,
  due_on $date NOT NULL,
  amount $money NOT NULL,
  paid_on $date NULL,
  PRIMARY KEY (settlement_id, n),
  FOREIGN KEY (settlement_id) REFERENCES enforcement_settlement (id)
);

CREATE TABLE enforcement_round (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  items $note NOT NULL,
  words $text(1000) NOT NULL,
  state $text(12) NOT NULL,
  asked_by $id NOT NULL,
  asked_name $text(60) NOT NULL,
  asked_at $time NOT NULL,
  decided_name $text(60) NULL,
  decided_at $time NULL,
  decided_words $text(400) NULL,
  version $int NOT NULL
);

CREATE INDEX enforcement_round_case ON enforcement_round (case_id, id);

CREATE INDEX enforcement_round_state ON enforcement_round (court_id, state, id);
