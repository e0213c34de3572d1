CREATE TABLE cataloguing_item (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  document_id $id NOT NULL,
  volume $text(10) NOT NULL,
  heading $text(40) NOT NULL,
  ordinal $int NOT NULL,
  title $text(200) NOT NULL,
  note $text(400) NOT NULL,
  filed_at $time NOT NULL,
  CONSTRAINT cataloguing_item_once UNIQUE (case_id, document_id)
);

CREATE INDEX cataloguing_item_order ON cataloguing_item (case_id, volume, ordinal, id);
