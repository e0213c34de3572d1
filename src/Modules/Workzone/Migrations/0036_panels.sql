CREATE TABLE workzone_panel (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  from_on $date NOT NULL,
  reason $text(400) NOT NULL,
  source_key $text(120) NOT NULL,
  recorded_by $text(60) NOT NULL,
  recorded_at $time NOT NULL,
  CONSTRAINT workzone_panel_once UNIQUE (case_id, source_key),
  FOREIGN KEY (case_id) REFERENCES workzone_case (id)
);

CREATE INDEX workzone_panel_case ON workzone_panel (case_id, from_on, id);

CREATE TABLE workzone_panel_member (
  panel_id $id NOT NULL,
  n $int NOT NULL,
  role $text(10) NOT NULL,
  name $text(60) NOT NULL,
  person_id $id NULL,
  PRIMARY KEY (panel_id, n),
  FOREIGN KEY (panel_id) REFERENCES workzone_panel (id)
);

CREATE TABLE workzone_case_link (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  other_id $id NULL,
  other_number $text(80) NOT NULL,
  kind $text(10) NOT NULL,
  note $text(200) NOT NULL,
  made_by $text(60) NOT NULL,
  made_at $time NOT NULL,
  ended_at $time NULL,
  FOREIGN KEY (case_id) REFERENCES workzone_case (id),
  FOREIGN KEY (other_id) REFERENCES workzone_case (id)
);

CREATE INDEX workzone_case_link_case ON workzone_case_link (case_id, id);

CREATE INDEX workzone_case_link_other ON workzone_case_link (other_id, id) WHERE other_id IS NOT NULL;

CREATE TABLE workzone_case_watch (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  person_id $id NOT NULL,
  person_name $text(60) NOT NULL,
  since $time NOT NULL,
  ended_at $time NULL,
  FOREIGN KEY (case_id) REFERENCES workzone_case (id),
  FOREIGN KEY (person_id) REFERENCES workzone_person (id)
);

CREATE INDEX workzone_case_watch_case ON workzone_case_watch (case_id, person_id) WHERE ended_at IS NULL;

CREATE TABLE workzone_cause (
  id $id NOT NULL PRIMARY KEY,
  edition $text(40) NOT NULL,
  kind $text(20) NOT NULL,
  code $text(20) NOT NULL,
  name $text(120) NOT NULL,
  parent_code $text(20) NOT NULL,
  from_on $date NOT NULL,
  until_on $date NULL,
  CONSTRAINT workzone_cause_once UNIQUE (edition, kind, code)
);

CREATE INDEX workzone_cause_name ON workzone_cause (name, kind);
