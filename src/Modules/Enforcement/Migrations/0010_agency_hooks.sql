ALTER TABLE enforcement_agency ADD hook_url $text(300) NULL;

ALTER TABLE enforcement_agency ADD key_enc $text(400) NULL;

ALTER TABLE enforcement_agency ADD key_made_at $time NULL;

CREATE TABLE enforcement_hook (
  id $id NOT NULL PRIMARY KEY,
  linkage_id $id NOT NULL,
  agency_id $id NOT NULL,
  kind $text(12) NOT NULL,
  state $text(12) NOT NULL,
  reason $text(400) NULL,
  made_at $time NOT NULL,
  ended_at $time NULL,
  version $int NOT NULL,
  FOREIGN KEY (linkage_id) REFERENCES enforcement_linkage (id)
);

CREATE INDEX enforcement_hook_linkage ON enforcement_hook (linkage_id, id);

CREATE INDEX enforcement_hook_agency ON enforcement_hook (agency_id, state, id);

CREATE TABLE enforcement_hook_seen (
  signature $text(64) NOT NULL PRIMARY KEY,
  agency_id $id NOT NULL,
  at $time NOT NULL
);

CREATE INDEX enforcement_hook_seen_at ON enforcement_hook_seen (at);
