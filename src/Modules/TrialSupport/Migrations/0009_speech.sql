CREATE TABLE trial_transcript (
  id $id NOT NULL PRIMARY KEY,
  recording_id $id NOT NULL,
  segment_n $int NOT NULL,
  state $text(12) NOT NULL,
  engine $text(100) NOT NULL,
  reason $text(400) NULL,
  asked_name $text(60) NOT NULL,
  asked_at $time NOT NULL,
  done_at $time NULL,
  version $int NOT NULL,
  CONSTRAINT trial_transcript_once UNIQUE (recording_id, segment_n),
  FOREIGN KEY (recording_id) REFERENCES trial_recording (id)
);

CREATE TABLE trial_line (
  id $id NOT NULL PRIMARY KEY,
  recording_id $id NOT NULL,
  segment_n $int NOT NULL,
  from_ms $int NOT NULL,
  until_ms $int NOT NULL,
  speaker $text(60) NOT NULL,
  words $note NOT NULL,
  version $int NOT NULL,
  FOREIGN KEY (recording_id) REFERENCES trial_recording (id)
);

CREATE INDEX trial_line_recording ON trial_line (recording_id, segment_n, from_ms, id);

CREATE TABLE trial_line_change (
  line_id $id NOT NULL,
  n $int NOT NULL,
  speaker $text(60) NOT NULL,
  words $note NOT NULL,
  by_name $text(60) NOT NULL,
  at $time NOT NULL,
  PRIMARY KEY (line_id, n),
  FOREIGN KEY (line_id) REFERENCES trial_line (id)
);
