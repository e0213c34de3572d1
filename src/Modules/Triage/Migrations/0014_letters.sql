-- what a filer and the court write to each other about a filing, in order; what a filer wrote has a day by which it is answered
CREATE TABLE triage_letter (
  id $id NOT NULL PRIMARY KEY,
  filing_id $id NOT NULL,
  court_id $id NOT NULL,
  side $text(3) NOT NULL,
  words $note NOT NULL,
  at $time NOT NULL,
  by_name $text(120) NOT NULL,
  due_on $date NULL,
  answered_at $time NULL,
  escalated_at $time NULL,
  escalated_to $text(60) NOT NULL,
  FOREIGN KEY (filing_id) REFERENCES triage_filing (id)
);

CREATE INDEX triage_letter_of ON triage_letter (filing_id, id);

CREATE INDEX triage_letter_due ON triage_letter (due_on, id) WHERE answered_at IS NULL AND side = 'in';

CREATE INDEX triage_letter_done ON triage_letter (court_id, id) WHERE answered_at IS NOT NULL;

CREATE TABLE triage_public_letter (
  id $id NOT NULL PRIMARY KEY,
  public_id $id NOT NULL,
  side $text(3) NOT NULL,
  words_enc $note NOT NULL,
  at $time NOT NULL,
  taken $bool NOT NULL,
  FOREIGN KEY (public_id) REFERENCES triage_public_filing (id)
);

CREATE INDEX triage_public_letter_of ON triage_public_letter (public_id, id);
