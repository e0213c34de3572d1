ALTER TABLE kernel_access ADD court_id $id NOT NULL DEFAULT 0;

ALTER TABLE kernel_access ADD form $int NOT NULL DEFAULT 1;

CREATE INDEX kernel_access_court ON kernel_access (court_id, id);
