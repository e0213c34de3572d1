CREATE TABLE trial_meeting (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  case_number $text(80) NOT NULL,
  kind $text(12) NOT NULL,
  held_on $date NOT NULL,
  place $text(60) NOT NULL,
  agenda $note NOT NULL,
  special $text(20) NOT NULL,
  search_report $text(1000) NULL,
  state $text(12) NOT NULL,
  conclusion $note NULL,
  minutes_id $id NULL,
  called_by $id NOT NULL,
  called_name $text(60) NOT NULL,
  called_at $time NOT NULL,
  version $int NOT NULL
);

CREATE INDEX trial_meeting_case ON trial_meeting (case_id, held_on);

CREATE INDEX trial_meeting_court ON trial_meeting (court_id, state, held_on, id);

CREATE TABLE trial_meeting_member (
  meeting_id $id NOT NULL,
  person_id $id NOT NULL,
  name $text(60) NOT NULL,
  part $text(12) NOT NULL,
  opinion $text(1000) NULL,
  vote $text(12) NULL,
  voted_at $time NULL,
  PRIMARY KEY (meeting_id, person_id),
  FOREIGN KEY (meeting_id) REFERENCES trial_meeting (id)
);

CREATE INDEX trial_meeting_member_person ON trial_meeting_member (person_id, meeting_id);

CREATE TABLE trial_publication (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  case_number $text(80) NOT NULL,
  draft_id $id NOT NULL,
  title $text(200) NOT NULL,
  court_name $text(80) NOT NULL,
  effective_on $date NOT NULL,
  due_on $date NOT NULL,
  state $text(12) NOT NULL,
  reason $text(20) NULL,
  words $text(400) NULL,
  body $note NOT NULL,
  changes $int NOT NULL,
  asked_by $id NOT NULL,
  asked_name $text(60) NOT NULL,
  asked_at $time NOT NULL,
  decided_name $text(60) NULL,
  decided_at $time NULL,
  version $int NOT NULL,
  CONSTRAINT trial_publication_once UNIQUE (draft_id),
  FOREIGN KEY (draft_id) REFERENCES trial_draft (id)
);

CREATE INDEX trial_publication_court ON trial_publication (court_id, state, due_on, id);

CREATE TABLE trial_public_document (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_name $text(80) NOT NULL,
  case_number $text(80) NOT NULL,
  title $text(200) NOT NULL,
  body $note NOT NULL,
  published_on $date NOT NULL,
  withdrawn_at $time NULL
);

CREATE INDEX trial_public_document_day ON trial_public_document (published_on, id);

CREATE TABLE trial_recording (
  id $id NOT NULL PRIMARY KEY,
  hearing_id $id NOT NULL,
  case_id $id NOT NULL,
  mode $text(12) NOT NULL,
  consent $text(200) NULL,
  state $text(12) NOT NULL,
  chain $text(64) NULL,
  opened_name $text(60) NOT NULL,
  opened_at $time NOT NULL,
  version $int NOT NULL,
  CONSTRAINT trial_recording_once UNIQUE (hearing_id),
  FOREIGN KEY (hearing_id) REFERENCES trial_hearing (id)
);

CREATE INDEX trial_recording_case ON trial_recording (case_id, id);

CREATE TABLE trial_segment (
  recording_id $id NOT NULL,
  n $int NOT NULL,
  name $text(200) NOT NULL,
  mime $text(40) NOT NULL,
  blob $text(64) NOT NULL,
  size $id NOT NULL,
  chain $text(64) NOT NULL,
  starts_at $time NOT NULL,
  ends_at $time NULL,
  added_name $text(60) NOT NULL,
  added_at $time NOT NULL,
  PRIMARY KEY (recording_id, n),
  CONSTRAINT trial_segment_once UNIQUE (recording_id, blob),
  FOREIGN KEY (recording_id) REFERENCES trial_recording (id)
);

CREATE TABLE trial_mark (
  id $id NOT NULL PRIMARY KEY,
  recording_id $id NOT NULL,
  at_time $time NOT NULL,
  kind $text(12) NOT NULL,
  speaker $text(60) NOT NULL,
  words $text(1000) NOT NULL,
  person_name $text(60) NOT NULL,
  made_at $time NOT NULL,
  FOREIGN KEY (recording_id) REFERENCES trial_recording (id)
);

CREATE INDEX trial_mark_recording ON trial_mark (recording_id, at_time, id);
