ALTER TABLE triage_filing ADD sender_phone_tail $text(4) NULL;

ALTER TABLE triage_filing ADD origin_number $text(80) NOT NULL DEFAULT '';

ALTER TABLE triage_filing ADD origin_id $id NULL;

CREATE TABLE triage_effective (
  case_id $id NOT NULL PRIMARY KEY,
  on_day $date NOT NULL
);

CREATE TABLE triage_suspense (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  reference $text(100) NOT NULL,
  code $text(40) NOT NULL,
  amount $money NOT NULL,
  on_day $date NOT NULL,
  state $text(12) NOT NULL,
  bill_id $id NULL,
  reason $text(400) NOT NULL,
  ended_at $time NULL,
  ended_by_name $text(60) NOT NULL,
  version $int NOT NULL
);

CREATE INDEX triage_suspense_state ON triage_suspense (court_id, state, on_day, id);

INSERT INTO triage_suspense (id, court_id, reference, code, amount, on_day, state, bill_id, reason, ended_at, ended_by_name, version)
SELECT l.id, l.court_id, SUBSTRING(l.entry_key, 4, 100), SUBSTRING(l.words, 1, 40), -l.amount, l.on_day, 'open', NULL, '', NULL, '', 1 FROM triage_ledger l WHERE l.account = 'suspense';
