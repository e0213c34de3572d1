ALTER TABLE triage_filing ADD channel $text(12) NOT NULL DEFAULT 'counter';

ALTER TABLE triage_filing ADD statement $note NULL;

ALTER TABLE triage_filing ADD public_id $id NULL;

ALTER TABLE triage_filing ADD from_court_id $id NULL;

ALTER TABLE triage_filing ADD from_court_name $text(80) NOT NULL DEFAULT '';

ALTER TABLE triage_filing ADD checked $text(200) NOT NULL DEFAULT '';

ALTER TABLE triage_filing ADD pass_by $date NULL;

ALTER TABLE triage_filing ADD passed_at $time NULL;

ALTER TABLE triage_filing ADD reply_by $date NULL;

ALTER TABLE triage_filing ADD replied_at $time NULL;

CREATE INDEX triage_filing_cross ON triage_filing (from_court_id, id) WHERE from_court_id IS NOT NULL;

CREATE INDEX triage_filing_public ON triage_filing (public_id) WHERE public_id IS NOT NULL;

CREATE TABLE triage_public_filing (
  id $id NOT NULL PRIMARY KEY,
  token_digest $text(64) NOT NULL,
  court_id $id NOT NULL,
  court_name $text(80) NOT NULL,
  name $text(120) NOT NULL,
  role $text(10) NOT NULL,
  who_enc $text(2000) NOT NULL,
  content_enc $note NOT NULL,
  stage $text(12) NOT NULL,
  needs_code $bool NOT NULL,
  code_keyed $text(64) NULL,
  code_until $time NULL,
  code_sent $int NOT NULL,
  tries $int NOT NULL,
  locks $int NOT NULL,
  locked_until $time NULL,
  verified_at $time NULL,
  created_at $time NOT NULL,
  expires_at $time NOT NULL,
  submitted_at $time NULL,
  filing_id $id NULL,
  filing_number $text(40) NOT NULL,
  decide_by $date NULL,
  correct_by $date NULL,
  missing $note NULL,
  reason $text(1000) NOT NULL,
  complaint $text(400) NOT NULL,
  case_number $text(80) NOT NULL,
  fee_code $text(40) NOT NULL,
  fee $money NULL,
  fee_due $date NULL,
  version $int NOT NULL,
  CONSTRAINT triage_public_filing_token UNIQUE (token_digest)
);

CREATE INDEX triage_public_filing_filing ON triage_public_filing (filing_id) WHERE filing_id IS NOT NULL;

CREATE INDEX triage_public_filing_old ON triage_public_filing (stage, expires_at, id);

CREATE TABLE triage_public_paper (
  id $id NOT NULL PRIMARY KEY,
  public_id $id NOT NULL,
  kind $text(20) NOT NULL,
  title $text(200) NOT NULL,
  blob $text(64) NOT NULL,
  size $id NOT NULL,
  pages $int NULL,
  added_at $time NOT NULL,
  taken $bool NOT NULL,
  CONSTRAINT triage_public_paper_once UNIQUE (public_id, blob, kind),
  FOREIGN KEY (public_id) REFERENCES triage_public_filing (id)
);

CREATE TABLE triage_public_message (
  id $id NOT NULL PRIMARY KEY,
  public_id $id NOT NULL,
  event $text(20) NOT NULL,
  words $note NOT NULL,
  at $time NOT NULL,
  FOREIGN KEY (public_id) REFERENCES triage_public_filing (id)
);

CREATE INDEX triage_public_message_of ON triage_public_message (public_id, id);
