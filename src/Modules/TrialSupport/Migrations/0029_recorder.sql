CREATE TABLE trial_recorder_file (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  room_id $id NULL,
  room_name $text(120) NOT NULL,
  place $text(64) NOT NULL,
  stamp $text(60) NOT NULL,
  path $text(400) NOT NULL,
  size $id NOT NULL,
  written_at $time NOT NULL,
  since $time NOT NULL,
  state $text(12) NOT NULL,
  reason $text(20) NULL,
  detail $text(400) NULL,
  source $text(8) NOT NULL,
  blob $text(64) NULL,
  mime $text(40) NULL,
  fault $text(20) NULL,
  starts_at $time NULL,
  ends_at $time NULL,
  hearing_id $id NULL,
  recording_id $id NULL,
  segment_n $int NULL,
  decided_name $text(60) NULL,
  decided_at $time NULL,
  decided_words $text(400) NULL,
  version $int NOT NULL,
  CONSTRAINT trial_recorder_file_once UNIQUE (place, stamp),
  FOREIGN KEY (room_id) REFERENCES trial_room (id)
);

CREATE INDEX trial_recorder_file_court ON trial_recorder_file (court_id, state, id);

CREATE INDEX trial_recorder_file_blob ON trial_recorder_file (blob, state);

CREATE INDEX trial_recorder_file_source ON trial_recorder_file (source, id);
