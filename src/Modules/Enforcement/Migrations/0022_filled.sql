-- what was frozen in fact, as the authority answered
ALTER TABLE enforcement_measure ADD frozen $money NULL;

-- measures that were filled from the answer to a request
CREATE TABLE enforcement_linkage_measure (
  linkage_id $id NOT NULL,
  measure_id $id NOT NULL,
  said $text(64) NOT NULL,
  by_id $id NOT NULL,
  by_name $text(60) NOT NULL,
  at $time NOT NULL,
  PRIMARY KEY (linkage_id, measure_id),
  FOREIGN KEY (linkage_id) REFERENCES enforcement_linkage (id),
  FOREIGN KEY (measure_id) REFERENCES enforcement_measure (id)
);
