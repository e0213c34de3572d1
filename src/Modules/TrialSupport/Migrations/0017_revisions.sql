-- Every revision of a draft stays with its file, its text and what its check found
CREATE TABLE trial_revision (
  draft_id $id NOT NULL,
  revision $int NOT NULL,
  title $text(200) NOT NULL,
  blob $text(64) NOT NULL,
  size $int NOT NULL,
  paragraphs $note NOT NULL,
  errors $int NOT NULL,
  warnings $int NOT NULL,
  by_name $text(60) NOT NULL,
  judge_id $id NULL,
  judge_name $text(60) NULL,
  at $time NOT NULL,
  PRIMARY KEY (draft_id, revision),
  FOREIGN KEY (draft_id) REFERENCES trial_draft (id)
);

INSERT INTO trial_revision (draft_id, revision, title, blob, size, paragraphs, errors, warnings, by_name, judge_id, judge_name, at)
SELECT d.id, d.revision, d.title, d.blob, d.size, d.paragraphs, d.errors, d.warnings, d.created_name, d.judge_id, d.judge_name, d.checked_at
FROM trial_draft d;

CREATE TABLE trial_finding_past (
  draft_id $id NOT NULL,
  revision $int NOT NULL,
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
  PRIMARY KEY (draft_id, revision, n),
  FOREIGN KEY (draft_id) REFERENCES trial_draft (id)
);

-- A summons belongs to one hearing as it was set: by a move it is one for another time
ALTER TABLE trial_draft ADD hearing_id $id NULL;

ALTER TABLE trial_draft ADD hearing_turn $int NULL;

ALTER TABLE trial_served ADD made_at $time NULL;

CREATE TABLE trial_summons (
  document_id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  hearing_id $id NOT NULL,
  turn $int NOT NULL,
  FOREIGN KEY (hearing_id) REFERENCES trial_hearing (id)
);

CREATE INDEX trial_summons_case ON trial_summons (case_id);

ALTER TABLE trial_hearing ADD assessors $bool NOT NULL DEFAULT 0;

-- What was claimed and what fee was laid down when the case was registered
CREATE TABLE trial_case_fact (
  case_id $id NOT NULL PRIMARY KEY,
  procedure_code $text(20) NOT NULL,
  fee $money NULL,
  claims $note NOT NULL
);

-- A title that a person typed, or the name of a file, may say who the parties are: what is published is called by its kind
UPDATE trial_public_document SET title = COALESCE((
  SELECT CASE d.kind WHEN 'judgment' THEN '判决书' WHEN 'ruling' THEN '裁定书' ELSE '裁判文书' END
  FROM trial_publication p JOIN trial_draft d ON d.id = p.draft_id WHERE p.id = trial_public_document.id
), '裁判文书');
