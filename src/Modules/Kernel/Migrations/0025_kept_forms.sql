CREATE TABLE kernel_kept_form (
  token_digest $text(64) NOT NULL PRIMARY KEY,
  person_id $id NOT NULL,
  fields_enc $note NOT NULL,
  kept_at $time NOT NULL
);

CREATE INDEX kernel_kept_form_at ON kernel_kept_form (kept_at);
