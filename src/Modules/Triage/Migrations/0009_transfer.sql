CREATE TABLE triage_transfer (
  filing_id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  transfer_type $text(16) NOT NULL,
  sender $text(120) NOT NULL,
  letter $text(80) NOT NULL,
  custody_until $date NULL,
  taken_at $time NOT NULL,
  FOREIGN KEY (filing_id) REFERENCES triage_filing (id)
);

CREATE INDEX triage_transfer_custody ON triage_transfer (court_id, custody_until, filing_id);

CREATE TABLE triage_transfer_item (
  id $id NOT NULL PRIMARY KEY,
  filing_id $id NOT NULL,
  item $text(10) NOT NULL,
  title $text(200) NOT NULL,
  amount $int NULL,
  here $bool NOT NULL,
  place $text(120) NOT NULL,
  FOREIGN KEY (filing_id) REFERENCES triage_filing (id)
);

CREATE INDEX triage_transfer_item_of ON triage_transfer_item (filing_id, id);

CREATE TABLE triage_custody (
  id $id NOT NULL PRIMARY KEY,
  filing_id $id NOT NULL,
  name $text(120) NOT NULL,
  measure $text(16) NOT NULL,
  since_on $date NULL,
  until_on $date NULL,
  place $text(120) NOT NULL,
  FOREIGN KEY (filing_id) REFERENCES triage_filing (id)
);

CREATE INDEX triage_custody_of ON triage_custody (filing_id, id);
