ALTER TABLE kernel_idempotency ADD status $int NOT NULL DEFAULT 200;

ALTER TABLE kernel_idempotency ADD location $text(200) NULL;

ALTER TABLE kernel_idempotency ADD version $int NULL;

CREATE INDEX kernel_idempotency_created ON kernel_idempotency (created_at);
