-- A paper of the court that was made elsewhere: what the check of its text found, before its judge lets it out
CREATE TABLE trial_paper_check (
  document_id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  readable $bool NOT NULL,
  errors $int NOT NULL,
  warnings $int NOT NULL,
  findings $note NOT NULL,
  checked_name $text(60) NOT NULL,
  checked_at $time NOT NULL
);

CREATE INDEX trial_paper_check_case ON trial_paper_check (case_id);
