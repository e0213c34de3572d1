ALTER TABLE service_notice ADD channel $text(12) NULL;

ALTER TABLE service_notice ADD announce_by $text(60) NULL;

ALTER TABLE service_notice ADD announce_at $time NULL;

ALTER TABLE service_notice ADD announce_reason $text(400) NULL;

CREATE TABLE service_attempt (
  id $id NOT NULL PRIMARY KEY,
  notice_id $id NOT NULL,
  channel $text(12) NOT NULL,
  outcome $text(20) NOT NULL,
  on_day $date NOT NULL,
  facts $note NOT NULL,
  evidence_id $id NULL,
  effective_on $date NULL,
  next_channel $text(20) NULL,
  basis $text(400) NOT NULL,
  source_key $text(120) NOT NULL,
  recorded_by $text(60) NOT NULL,
  recorded_at $time NOT NULL,
  settled_at $time NULL,
  CONSTRAINT service_attempt_once UNIQUE (notice_id, source_key),
  FOREIGN KEY (notice_id) REFERENCES service_notice (id)
);

CREATE INDEX service_attempt_matures ON service_attempt (effective_on, id) WHERE settled_at IS NULL;
