-- what readers note on a page of the e-file: their own, or for those of the court who see the case; never in the document
CREATE TABLE cataloguing_note (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  document_id $id NOT NULL,
  page $int NOT NULL,
  team $bool NOT NULL,
  body $text(1000) NOT NULL,
  court_id $id NOT NULL,
  author_id $id NOT NULL,
  author_name $text(80) NOT NULL,
  written_at $time NOT NULL,
  version $int NOT NULL
);

CREATE INDEX cataloguing_note_place ON cataloguing_note (case_id, document_id, page, id);

CREATE INDEX cataloguing_note_author ON cataloguing_note (author_id, id);
