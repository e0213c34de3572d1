CREATE TABLE workzone_role_grant (
  id $id NOT NULL PRIMARY KEY,
  person_id $id NOT NULL,
  role $text(20) NOT NULL,
  centre $text(20) NOT NULL,
  court_id $id NOT NULL,
  reach $text(10) NOT NULL,
  until_at $time NULL,
  granted_at $time NOT NULL,
  granted_by $text(60) NOT NULL,
  confirmed_by $text(60) NOT NULL,
  change_id $id NULL,
  CONSTRAINT workzone_role_grant_once UNIQUE (person_id, role, centre, court_id),
  FOREIGN KEY (person_id) REFERENCES workzone_person (id),
  FOREIGN KEY (court_id) REFERENCES workzone_court (id)
);

CREATE INDEX workzone_role_grant_centre ON workzone_role_grant (court_id, centre, role, person_id);

CREATE INDEX workzone_role_grant_role ON workzone_role_grant (role, person_id);

CREATE INDEX workzone_role_grant_until ON workzone_role_grant (until_at) WHERE until_at IS NOT NULL;

INSERT INTO workzone_role_grant (id, person_id, role, centre, court_id, reach, until_at, granted_at, granted_by, confirmed_by, change_id)
SELECT ROW_NUMBER() OVER (ORDER BY r.person_id, r.role, r.centre), r.person_id, r.role, r.centre, p.court_id, CASE WHEN r.role IN ('checker', 'sysadmin', 'secadmin', 'auditor') THEN 'below' ELSE 'court' END, NULL, p.created_at, '', '', NULL
FROM workzone_person_role r
JOIN workzone_person p ON p.id = r.person_id;

DROP TABLE workzone_person_role;

ALTER TABLE workzone_person ADD post $text(60) NOT NULL DEFAULT '';

ALTER TABLE workzone_person ADD password_changed_at $time NULL;

ALTER TABLE workzone_person ADD left_at $time NULL;

ALTER TABLE workzone_person ADD one_time_until $time NULL;

CREATE TABLE workzone_unit (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  kind $text(16) NOT NULL,
  name $text(60) NOT NULL,
  centre $text(20) NOT NULL,
  head_id $id NULL,
  state $text(10) NOT NULL,
  version $int NOT NULL,
  CONSTRAINT workzone_unit_name UNIQUE (court_id, kind, name),
  FOREIGN KEY (court_id) REFERENCES workzone_court (id),
  FOREIGN KEY (head_id) REFERENCES workzone_person (id)
);

CREATE TABLE workzone_change (
  id $id NOT NULL PRIMARY KEY,
  kind $text(20) NOT NULL,
  subject_id $id NULL,
  subject $text(200) NOT NULL,
  court_id $id NULL,
  body $note NOT NULL,
  secret_enc $note NULL,
  reason $text(400) NOT NULL,
  state $text(12) NOT NULL,
  asked_by $id NOT NULL,
  asked_by_name $text(60) NOT NULL,
  asked_at $time NOT NULL,
  decided_by $id NULL,
  decided_by_name $text(60) NULL,
  decided_at $time NULL,
  words $text(400) NOT NULL,
  expires_at $time NOT NULL,
  version $int NOT NULL
);

CREATE INDEX workzone_change_open ON workzone_change (state, asked_at, id);

CREATE INDEX workzone_change_subject ON workzone_change (subject_id, kind, state);

CREATE TABLE workzone_matrix (
  role $text(40) NOT NULL,
  action $text(80) NOT NULL,
  court_id $id NOT NULL,
  allowed $bool NOT NULL,
  changed_at $time NOT NULL,
  changed_by $text(60) NOT NULL,
  confirmed_by $text(60) NOT NULL,
  PRIMARY KEY (role, action, court_id)
);

CREATE TABLE workzone_policy (
  version $int NOT NULL PRIMARY KEY,
  body $note NOT NULL,
  reason $text(400) NOT NULL,
  changed_at $time NOT NULL,
  changed_by $text(60) NOT NULL,
  confirmed_by $text(60) NOT NULL
);

CREATE TABLE workzone_session (
  id $id NOT NULL PRIMARY KEY,
  digest $text(64) NOT NULL,
  person_id $id NOT NULL,
  court_id $id NOT NULL,
  step $text(12) NOT NULL,
  channel $text(12) NOT NULL,
  address $text(60) NOT NULL,
  agent $text(200) NOT NULL,
  started_at $time NOT NULL,
  last_seen_at $time NOT NULL,
  ended_at $time NULL,
  end_reason $text(40) NULL,
  CONSTRAINT workzone_session_digest UNIQUE (digest),
  FOREIGN KEY (person_id) REFERENCES workzone_person (id)
);

CREATE INDEX workzone_session_person ON workzone_session (person_id, started_at) WHERE ended_at IS NULL;

CREATE INDEX workzone_session_open ON workzone_session (last_seen_at, id) WHERE ended_at IS NULL;

CREATE TABLE workzone_second_factor (
  person_id $id NOT NULL PRIMARY KEY,
  secret_enc $text(400) NOT NULL,
  confirmed_at $time NULL,
  last_step $id NOT NULL,
  failed $int NOT NULL,
  locked_until $time NULL,
  recovery $note NOT NULL,
  FOREIGN KEY (person_id) REFERENCES workzone_person (id)
);

CREATE TABLE workzone_external_login (
  provider $text(40) NOT NULL,
  subject $text(200) NOT NULL,
  person_id $id NOT NULL,
  linked_at $time NOT NULL,
  PRIMARY KEY (provider, subject),
  FOREIGN KEY (person_id) REFERENCES workzone_person (id)
);

ALTER TABLE workzone_api_key ADD only_actions $note NULL;

ALTER TABLE workzone_api_key ADD expires_at $time NULL;

ALTER TABLE workzone_api_key ADD per_minute $int NOT NULL DEFAULT 600;

ALTER TABLE workzone_api_key ADD created_by $text(60) NOT NULL DEFAULT '';

ALTER TABLE workzone_api_key ADD replaces_id $id NULL;

CREATE INDEX workzone_api_key_person ON workzone_api_key (person_id, created_at);

CREATE TABLE workzone_absence (
  id $id NOT NULL PRIMARY KEY,
  person_id $id NOT NULL,
  deputy_id $id NULL,
  from_on $date NOT NULL,
  until_on $date NOT NULL,
  reason $text(200) NOT NULL,
  active $bool NOT NULL,
  created_by $id NOT NULL,
  created_at $time NOT NULL,
  cancelled_at $time NULL,
  version $int NOT NULL,
  FOREIGN KEY (person_id) REFERENCES workzone_person (id),
  FOREIGN KEY (deputy_id) REFERENCES workzone_person (id)
);

CREATE INDEX workzone_absence_person ON workzone_absence (person_id, until_on) WHERE cancelled_at IS NULL;

CREATE INDEX workzone_absence_deputy ON workzone_absence (deputy_id, person_id) WHERE active = 1;

CREATE INDEX workzone_absence_until ON workzone_absence (until_on) WHERE cancelled_at IS NULL;

ALTER TABLE workzone_case ADD sealed $bool NOT NULL DEFAULT 0;

ALTER TABLE workzone_case ADD sealed_reason $text(200) NULL;

ALTER TABLE workzone_order ADD restricted $bool NOT NULL DEFAULT 0;

CREATE TABLE workzone_recusal (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  person_id $id NOT NULL,
  reason $text(200) NOT NULL,
  since $time NOT NULL,
  by_name $text(60) NOT NULL,
  ended_at $time NULL,
  end_reason $text(200) NULL,
  FOREIGN KEY (case_id) REFERENCES workzone_case (id),
  FOREIGN KEY (person_id) REFERENCES workzone_person (id)
);

CREATE INDEX workzone_recusal_open ON workzone_recusal (case_id, person_id) WHERE ended_at IS NULL;

CREATE INDEX workzone_recusal_person ON workzone_recusal (person_id, case_id) WHERE ended_at IS NULL;

CREATE INDEX workzone_person_team_case ON workzone_person (court_id, division, name);

DROP VIEW workzone_case_card;

CREATE VIEW workzone_case_card AS
SELECT c.id, c.number, c.court_id, t.name AS court_name, c.kind, c.cause, c.procedure_code, c.filed_on, c.judge_id, p.name AS judge_name, c.state, c.parties_text, c.sealed
FROM workzone_case c
JOIN workzone_court t ON t.id = c.court_id
LEFT JOIN workzone_person p ON p.id = c.judge_id;

CREATE VIEW workzone_recused AS
SELECT r.case_id, r.person_id
FROM workzone_recusal r
WHERE r.ended_at IS NULL;
