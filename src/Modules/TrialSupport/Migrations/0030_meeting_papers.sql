CREATE TABLE trial_meeting_paper (
  id $id NOT NULL PRIMARY KEY,
  meeting_id $id NOT NULL,
  item $int NOT NULL,
  kind $text(12) NOT NULL,
  source_id $id NOT NULL,
  title $text(200) NOT NULL,
  revision $int NOT NULL,
  blob $text(64) NOT NULL,
  added_name $text(60) NOT NULL,
  added_at $time NOT NULL,
  withdrawn_at $time NULL,
  CONSTRAINT trial_meeting_paper_once UNIQUE (meeting_id, item, kind, source_id, revision),
  FOREIGN KEY (meeting_id) REFERENCES trial_meeting (id)
);
