-- papers of enforcement that are drafted, each once for its subject
CREATE TABLE enforcement_paper (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  kind $text(20) NOT NULL,
  subject $text(60) NOT NULL,
  party_id $id NULL,
  measure_id $id NULL,
  title $text(120) NOT NULL,
  addressee $text(200) NOT NULL,
  paragraphs $note NOT NULL,
  signer $text(40) NOT NULL,
  dated_on $date NOT NULL,
  asked_by $id NOT NULL,
  asked_name $text(60) NOT NULL,
  asked_at $time NOT NULL,
  made_at $time NULL,
  document_id $id NULL,
  served_on $date NULL
);

CREATE INDEX enforcement_paper_case ON enforcement_paper (case_id, id);

CREATE INDEX enforcement_paper_subject ON enforcement_paper (subject, id);

CREATE INDEX enforcement_paper_document ON enforcement_paper (document_id);

-- the order to report property, what the debtor reported, and the changes reported afterwards
CREATE TABLE enforcement_report (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  party_id $id NOT NULL,
  party_name $text(200) NOT NULL,
  kind $text(12) NOT NULL,
  on_day $date NOT NULL,
  due_on $date NULL,
  late $bool NOT NULL,
  words $text(1000) NOT NULL,
  person_name $text(60) NOT NULL,
  at $time NOT NULL
);

CREATE INDEX enforcement_report_case ON enforcement_report (case_id, party_id, id);
