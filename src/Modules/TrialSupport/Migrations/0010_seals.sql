CREATE TABLE trial_public_seal (
  id $id NOT NULL PRIMARY KEY,
  code $text(20) NOT NULL,
  draft_id $id NOT NULL,
  document_id $id NOT NULL,
  court_name $text(80) NOT NULL,
  kind $text(20) NOT NULL,
  issued_on $date NOT NULL,
  digest $text(64) NOT NULL,
  signature $note NOT NULL,
  signer $text(200) NOT NULL,
  signed_at $time NOT NULL,
  CONSTRAINT trial_public_seal_code UNIQUE (code),
  CONSTRAINT trial_public_seal_draft UNIQUE (draft_id)
);
