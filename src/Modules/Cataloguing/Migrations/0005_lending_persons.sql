ALTER TABLE cataloguing_lending ADD asked_by $id NULL;

CREATE TABLE cataloguing_scan_refusal (
  source_key $text(160) NOT NULL PRIMARY KEY,
  reason $text(400) NOT NULL,
  at $time NOT NULL
);
