CREATE TABLE triage_filing (
  id $id NOT NULL PRIMARY KEY,
  number $text(40) NOT NULL,
  court_id $id NOT NULL,
  court_name $text(80) NOT NULL,
  kind $text(20) NOT NULL,
  case_type $text(20) NOT NULL,
  cause $text(120) NOT NULL,
  procedure_code $text(20) NOT NULL,
  procedure_own $text(20) NOT NULL,
  why $note NOT NULL,
  procedure_reason $text(400) NOT NULL,
  claims $note NOT NULL,
  facts $note NOT NULL,
  amount $money NULL,
  parties_text $note NOT NULL,
  sender $text(120) NOT NULL,
  sender_phone_enc $text(400) NULL,
  received_at $time NOT NULL,
  received_on $date NOT NULL,
  received_by $id NOT NULL,
  received_by_name $text(60) NOT NULL,
  clock_from $date NOT NULL,
  decide_by $date NULL,
  returned_at $time NULL,
  missing $note NOT NULL,
  correct_by $date NULL,
  refused_at $time NULL,
  reason $text(1000) NOT NULL,
  complaint $text(400) NOT NULL,
  registered_at $time NULL,
  case_id $id NULL,
  case_number $text(80) NULL,
  fee $money NULL,
  fee_why $note NOT NULL,
  score $int NULL,
  band $text(12) NOT NULL,
  weight $int NULL,
  band_why $note NOT NULL,
  state $text(12) NOT NULL,
  version $int NOT NULL,
  CONSTRAINT triage_filing_number UNIQUE (number)
);

CREATE INDEX triage_filing_queue ON triage_filing (court_id, state, decide_by, id);

CREATE INDEX triage_filing_new ON triage_filing (court_id, received_at, id);

CREATE INDEX triage_filing_case ON triage_filing (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE triage_filing_party (
  id $id NOT NULL PRIMARY KEY,
  filing_id $id NOT NULL,
  ordinal $int NOT NULL,
  name $text(200) NOT NULL,
  name_folded $text(200) NOT NULL,
  role $text(40) NOT NULL,
  party_type $text(10) NOT NULL,
  id_number_enc $text(400) NULL,
  id_number_idx $text(64) NULL,
  id_number_tail $text(4) NULL,
  phone_enc $text(400) NULL,
  phone_tail $text(4) NULL,
  email_enc $text(600) NULL,
  e_service $text(12) NOT NULL,
  language $text(10) NOT NULL,
  agents_enc $note NULL,
  FOREIGN KEY (filing_id) REFERENCES triage_filing (id)
);

CREATE INDEX triage_filing_party_filing ON triage_filing_party (filing_id, ordinal);

CREATE INDEX triage_filing_party_name ON triage_filing_party (name_folded, filing_id);

CREATE INDEX triage_filing_party_id ON triage_filing_party (id_number_idx, filing_id) WHERE id_number_idx IS NOT NULL;

CREATE TABLE triage_filing_paper (
  id $id NOT NULL PRIMARY KEY,
  filing_id $id NOT NULL,
  kind $text(20) NOT NULL,
  title $text(200) NOT NULL,
  blob $text(64) NOT NULL,
  size $id NOT NULL,
  pages $int NULL,
  document_id $id NULL,
  added_at $time NOT NULL,
  added_by_name $text(60) NOT NULL,
  CONSTRAINT triage_filing_paper_once UNIQUE (filing_id, blob, kind),
  FOREIGN KEY (filing_id) REFERENCES triage_filing (id)
);

CREATE TABLE triage_filing_event (
  id $id NOT NULL PRIMARY KEY,
  filing_id $id NOT NULL,
  event $text(20) NOT NULL,
  at $time NOT NULL,
  by_name $text(60) NOT NULL,
  words $note NOT NULL,
  FOREIGN KEY (filing_id) REFERENCES triage_filing (id)
);

CREATE INDEX triage_filing_event_filing ON triage_filing_event (filing_id, id);

CREATE TABLE triage_number (
  court_id $id NOT NULL,
  case_type $text(20) NOT NULL,
  year $int NOT NULL,
  last $id NOT NULL,
  PRIMARY KEY (court_id, case_type, year)
);

CREATE TABLE triage_allotment (
  id $id NOT NULL PRIMARY KEY,
  filing_id $id NOT NULL,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  case_number $text(80) NOT NULL,
  judge_id $id NOT NULL,
  judge_name $text(60) NOT NULL,
  how $text(12) NOT NULL,
  weight $int NOT NULL,
  seed $text(40) NOT NULL,
  drawn $note NOT NULL,
  reason $text(400) NOT NULL,
  on_day $date NOT NULL,
  at $time NOT NULL,
  by_name $text(60) NOT NULL,
  FOREIGN KEY (filing_id) REFERENCES triage_filing (id)
);

CREATE INDEX triage_allotment_court ON triage_allotment (court_id, at, id);

CREATE INDEX triage_allotment_how ON triage_allotment (court_id, how, at, id);

CREATE INDEX triage_allotment_case ON triage_allotment (case_id, at);

CREATE INDEX triage_allotment_judge ON triage_allotment (court_id, judge_id, weight, case_id);
