-- what has been paid of the fee, told to whoever filed online
ALTER TABLE triage_public_filing ADD fee_paid $money NULL;

CREATE INDEX triage_public_filing_fee ON triage_public_filing (fee_code);
