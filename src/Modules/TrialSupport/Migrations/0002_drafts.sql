CREATE TABLE trial_draft (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  case_number $text(80) NOT NULL,
  kind $text(20) NOT NULL,
  title $text(200) NOT NULL,
  revision $int NOT NULL,
  blob $text(64) NOT NULL,
  size $int NOT NULL,
  paragraphs $note NOT NULL,
  state $text(12) NOT NULL,
  errors $int NOT NULL,
  warnings $int NOT NULL,
  checked_at $time NOT NULL,
  assistant_name $text(60) NULL,
  assistant_at $time NULL,
  judge_id $id NULL,
  judge_name $text(60) NULL,
  judge_at $time NULL,
  document_id $id NULL,
  issued_on $date NULL,
  reason $text(400) NULL,
  created_by $id NOT NULL,
  created_name $text(60) NOT NULL,
  created_at $time NOT NULL,
  version $int NOT NULL
);

CREATE INDEX trial_draft_case ON trial_draft (case_id, created_at);

CREATE INDEX trial_draft_court ON trial_draft (court_id, state, created_at);

CREATE TABLE trial_finding (
  draft_id $id NOT NULL,
  n $int NOT NULL,
  check_code $text(30) NOT NULL,
  severity $text(10) NOT NULL,
  paragraph $int NOT NULL,
  words $text(400) NOT NULL,
  reason $text(400) NOT NULL,
  source $text(200) NOT NULL,
  fix $text(400) NOT NULL,
  settled $text(400) NULL,
  settled_by $text(60) NULL,
  settled_at $time NULL,
  PRIMARY KEY (draft_id, n),
  FOREIGN KEY (draft_id) REFERENCES trial_draft (id)
);
