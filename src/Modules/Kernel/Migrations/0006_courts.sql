ALTER TABLE kernel_audit ADD court_id $id NOT NULL DEFAULT 0;

CREATE INDEX kernel_audit_court ON kernel_audit (court_id, id);

ALTER TABLE kernel_alarm ADD court_id $id NOT NULL DEFAULT 0;

CREATE INDEX kernel_alarm_court ON kernel_alarm (court_id, state, id);
