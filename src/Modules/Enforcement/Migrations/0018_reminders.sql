-- agencies to which somebody must travel: one more warning, 45 days before the end
ALTER TABLE enforcement_agency ADD out_of_town $bool NOT NULL DEFAULT 0;

-- measures of one bank or registry, by what ends next
CREATE INDEX enforcement_measure_authority ON enforcement_measure (authority, state, end_on, id);

-- written reminders to the applicants that a term ends soon, one for each tier of a term
CREATE TABLE enforcement_reminder (
  measure_id $id NOT NULL,
  round $int NOT NULL,
  tier $text(12) NOT NULL,
  asked_on $date NOT NULL,
  made_on $date NULL,
  document_id $id NULL,
  served_on $date NULL,
  PRIMARY KEY (measure_id, round, tier),
  FOREIGN KEY (measure_id) REFERENCES enforcement_measure (id)
);

CREATE INDEX enforcement_reminder_document ON enforcement_reminder (document_id);
