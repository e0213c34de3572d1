CREATE TABLE trial_investigation (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  case_number $text(80) NOT NULL,
  party_id $id NOT NULL,
  party_name $text(200) NOT NULL,
  lawyer $text(60) NOT NULL,
  licence $text(40) NOT NULL,
  unit $text(200) NOT NULL,
  evidence $text(1000) NOT NULL,
  reason $text(1000) NOT NULL,
  asked_on $date NOT NULL,
  decide_by $date NOT NULL,
  number $text(40) NULL,
  issued_on $date NULL,
  valid_until $date NULL,
  decision $text(400) NULL,
  decided_name $text(60) NULL,
  outcome $text(20) NULL,
  outcome_words $text(400) NULL,
  returned_on $date NULL,
  state $text(12) NOT NULL,
  by_name $text(60) NOT NULL,
  version $int NOT NULL
);

CREATE INDEX trial_investigation_case ON trial_investigation (case_id, asked_on);

CREATE TABLE trial_appeal (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  case_number $text(80) NOT NULL,
  party_id $id NOT NULL,
  appellant $text(200) NOT NULL,
  received_on $date NOT NULL,
  upper_court $text(80) NOT NULL,
  steps $text(1000) NOT NULL,
  items $text(400) NOT NULL,
  volumes $int NULL,
  handed_to $text(100) NULL,
  transferred_on $date NULL,
  reason $text(400) NULL,
  state $text(12) NOT NULL,
  by_name $text(60) NOT NULL,
  version $int NOT NULL
);

CREATE INDEX trial_appeal_case ON trial_appeal (case_id, received_on);

CREATE INDEX trial_appeal_court ON trial_appeal (court_id, state, received_on);
