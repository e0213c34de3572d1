-- Versions of laws that users imported, and judgments of others that were made public
CREATE TABLE trial_law (
  id $id NOT NULL PRIMARY KEY,
  law $text(200) NOT NULL,
  from_on $date NULL,
  to_on $date NULL,
  source_name $text(200) NOT NULL,
  articles $note NOT NULL,
  article_count $int NOT NULL,
  imported_name $text(60) NOT NULL,
  imported_at $time NOT NULL,
  dropped_name $text(60) NULL,
  dropped_at $time NULL,
  drop_reason $text(400) NULL,
  changed_at $time NOT NULL
);

CREATE INDEX trial_law_name ON trial_law (law, from_on);

CREATE TABLE trial_library_case (
  id $id NOT NULL PRIMARY KEY,
  digest $text(64) NOT NULL,
  title $text(200) NOT NULL,
  case_number $text(80) NOT NULL,
  court_name $text(80) NOT NULL,
  cause $text(120) NOT NULL,
  judged_on $date NULL,
  origin $text(20) NOT NULL,
  paragraphs $note NOT NULL,
  imported_name $text(60) NOT NULL,
  imported_at $time NOT NULL,
  dropped_name $text(60) NULL,
  dropped_at $time NULL,
  drop_reason $text(400) NULL
);

CREATE INDEX trial_library_case_digest ON trial_library_case (digest);

CREATE INDEX trial_library_case_day ON trial_library_case (imported_at, id);

CREATE INDEX trial_draft_issued ON trial_draft (state, kind, id);
