-- the day the oldest money of a payout came: from it the days to the payment are counted
ALTER TABLE enforcement_payout ADD received_on $date NULL;

UPDATE enforcement_payout SET received_on = (SELECT MIN(r.received_on) FROM enforcement_receipt r WHERE r.case_id = enforcement_payout.case_id) WHERE state = 'paid';

CREATE INDEX enforcement_payout_paid ON enforcement_payout (court_id, kind, paid_on, id);

-- findings and measures of a court, for its board
CREATE INDEX enforcement_finding_court ON enforcement_finding (court_id, state, id);

CREATE INDEX enforcement_measure_court ON enforcement_measure (court_id, state, end_on, id);

CREATE INDEX enforcement_linkage_court ON enforcement_linkage (court_id, agency_name, state, id);
