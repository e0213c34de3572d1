-- all filings of one person under one code: who filed, by blind index, and further links to a filing
ALTER TABLE triage_public_filing ADD person_enc $text(400) NULL;
ALTER TABLE triage_public_filing ADD person_idx $text(64) NULL;

CREATE INDEX triage_public_filing_person ON triage_public_filing (person_idx, id);

CREATE TABLE triage_public_link (
  token_digest $text(64) NOT NULL PRIMARY KEY,
  public_id $id NOT NULL,
  created_at $time NOT NULL
);

CREATE INDEX triage_public_link_filing ON triage_public_link (public_id);

CREATE TABLE triage_public_account (
  token_digest $text(64) NOT NULL PRIMARY KEY,
  person_enc $text(400) NOT NULL,
  person_idx $text(64) NOT NULL,
  phone_enc $text(400) NOT NULL,
  code_keyed $text(64) NULL,
  code_until $time NULL,
  tries $int NOT NULL,
  created_at $time NOT NULL,
  expires_at $time NOT NULL
);

CREATE INDEX triage_public_account_person ON triage_public_account (person_idx, created_at);

CREATE INDEX triage_public_account_end ON triage_public_account (expires_at);
