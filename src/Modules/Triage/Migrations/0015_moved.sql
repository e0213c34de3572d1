CREATE INDEX triage_filing_origin ON triage_filing (origin_id) WHERE origin_id IS NOT NULL;
