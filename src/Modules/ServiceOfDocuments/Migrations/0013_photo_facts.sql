-- what a photo says of itself, beside what was given
ALTER TABLE service_evidence ADD seen_at $time NULL;

ALTER TABLE service_evidence ADD seen_place $text(40) NULL;

-- calls of a court by time, of which the recording did not come
CREATE INDEX service_call_at ON service_call (court_id, at);
