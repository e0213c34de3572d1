-- service by announcement: text, ways of publishing, days
CREATE TABLE service_announcement (
  id $id NOT NULL PRIMARY KEY,
  notice_id $id NOT NULL,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  text $note NOT NULL,
  ways $text(60) NOT NULL,
  published_on $date NOT NULL,
  ends_on $date NULL,
  newspaper $text(120) NULL,
  cents $int NOT NULL,
  gates $note NOT NULL,
  created_by $text(60) NOT NULL,
  created_at $time NOT NULL,
  withdrawn_at $time NULL,
  withdrawn_why $text(400) NULL
);

CREATE INDEX service_announcement_notice ON service_announcement (notice_id, id);

-- what the public page shows: nothing but the announcement
CREATE TABLE service_public_announcement (
  id $id NOT NULL PRIMARY KEY,
  court_name $text(80) NOT NULL,
  recipient $text(200) NOT NULL,
  text $note NOT NULL,
  published_on $date NOT NULL,
  ends_on $date NULL,
  withdrawn_at $time NULL
);

CREATE INDEX service_public_announcement_day ON service_public_announcement (published_on, id);

-- what a verification code confirms of a proof: no name of a person, no case but its number
CREATE TABLE service_public_proof (
  code $text(20) NOT NULL PRIMARY KEY,
  court_name $text(80) NOT NULL,
  case_number $text(80) NOT NULL,
  masked_name $text(200) NOT NULL,
  method $text(20) NOT NULL,
  effective_on $date NOT NULL,
  documents $note NOT NULL,
  proof_sha $text(64) NULL,
  made_at $time NOT NULL,
  voided_at $time NULL,
  notice_id $id NOT NULL
);

CREATE INDEX service_public_proof_notice ON service_public_proof (notice_id);
