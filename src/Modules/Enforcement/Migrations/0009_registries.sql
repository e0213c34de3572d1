ALTER TABLE enforcement_batch ADD round $int NOT NULL DEFAULT 1;

ALTER TABLE enforcement_batch ADD polls $int NOT NULL DEFAULT 0;

ALTER TABLE enforcement_batch ADD next_poll $time NULL;

ALTER TABLE enforcement_batch_item ADD failures $int NOT NULL DEFAULT 0;

ALTER TABLE enforcement_batch_item ADD failed_round $int NOT NULL DEFAULT 0;

CREATE TABLE enforcement_draft (
  measure_id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  ruling_document_id $id NULL,
  notice_document_id $id NULL,
  asked_by $id NOT NULL,
  asked_at $time NOT NULL,
  made_at $time NULL,
  FOREIGN KEY (measure_id) REFERENCES enforcement_measure (id)
);

CREATE INDEX enforcement_draft_case ON enforcement_draft (case_id, measure_id);
