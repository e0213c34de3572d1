-- Who signed a revision beside assistant and judge: members of the panel, the head where one is needed
CREATE TABLE trial_signature (
  draft_id $id NOT NULL,
  revision $int NOT NULL,
  person_id $id NOT NULL,
  role $text(10) NOT NULL,
  name $text(60) NOT NULL,
  at $time NOT NULL,
  PRIMARY KEY (draft_id, revision, person_id),
  FOREIGN KEY (draft_id) REFERENCES trial_draft (id)
);

ALTER TABLE trial_draft ADD confirmed $text(400) NULL;

-- Issued documents that were picked to be looked at again by somebody else
CREATE TABLE trial_sample (
  id $id NOT NULL PRIMARY KEY,
  draft_id $id NOT NULL,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  case_number $text(80) NOT NULL,
  title $text(200) NOT NULL,
  document_id $id NOT NULL,
  judge_id $id NULL,
  judge_name $text(60) NULL,
  picked_on $date NOT NULL,
  state $text(10) NOT NULL,
  verdict $text(10) NULL,
  words $text(1000) NULL,
  by_name $text(60) NULL,
  at $time NULL,
  version $int NOT NULL,
  CONSTRAINT trial_sample_once UNIQUE (draft_id),
  FOREIGN KEY (draft_id) REFERENCES trial_draft (id)
);

CREATE INDEX trial_sample_court ON trial_sample (court_id, state, picked_on);

-- The other judges of the panel when the judge signed: each is asked, and sees this document even without the case
CREATE TABLE trial_sign_due (
  draft_id $id NOT NULL,
  revision $int NOT NULL,
  person_id $id NOT NULL,
  name $text(60) NOT NULL,
  PRIMARY KEY (draft_id, revision, person_id),
  FOREIGN KEY (draft_id) REFERENCES trial_draft (id)
);

CREATE INDEX trial_sign_due_person ON trial_sign_due (person_id);
