CREATE TABLE triage_bill (
  id $id NOT NULL PRIMARY KEY,
  filing_id $id NOT NULL,
  case_id $id NOT NULL,
  case_number $text(80) NOT NULL,
  court_id $id NOT NULL,
  code $text(40) NOT NULL,
  amount $money NOT NULL,
  issued_on $date NOT NULL,
  due_on $date NOT NULL,
  state $text(12) NOT NULL,
  relief_cents $money NULL,
  relief_until $date NULL,
  relief_reason $text(400) NOT NULL,
  relief_by $id NULL,
  version $int NOT NULL,
  CONSTRAINT triage_bill_code UNIQUE (code),
  FOREIGN KEY (filing_id) REFERENCES triage_filing (id)
);

CREATE INDEX triage_bill_due ON triage_bill (court_id, state, due_on, id);

CREATE INDEX triage_bill_filing ON triage_bill (filing_id);

CREATE TABLE triage_ledger (
  id $id NOT NULL PRIMARY KEY,
  entry_key $text(120) NOT NULL,
  court_id $id NOT NULL,
  bill_id $id NULL,
  account $text(12) NOT NULL,
  amount $money NOT NULL,
  on_day $date NOT NULL,
  source $text(12) NOT NULL,
  words $text(400) NOT NULL,
  at $time NOT NULL,
  by_name $text(60) NOT NULL,
  CONSTRAINT triage_ledger_once UNIQUE (court_id, entry_key, account)
);

CREATE INDEX triage_ledger_bill ON triage_ledger (bill_id, id) WHERE bill_id IS NOT NULL;

CREATE INDEX triage_ledger_day ON triage_ledger (court_id, on_day, id);
