CREATE INDEX trial_opinion_court ON trial_opinion (court_id, state, due_on);
