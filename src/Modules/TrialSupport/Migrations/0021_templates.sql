-- Templates of a court, each with its versions: the latest that is in force by its day fills the documents
CREATE TABLE trial_template (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  code $text(40) NOT NULL,
  n $int NOT NULL,
  title $text(80) NOT NULL,
  kind $text(20) NOT NULL,
  from_on $date NOT NULL,
  file_name $text(200) NOT NULL,
  blob $text(64) NOT NULL,
  body $note NOT NULL,
  created_name $text(60) NOT NULL,
  created_at $time NOT NULL,
  dropped_name $text(60) NULL,
  dropped_at $time NULL,
  drop_reason $text(400) NULL,
  CONSTRAINT trial_template_version UNIQUE (court_id, code, n)
);
