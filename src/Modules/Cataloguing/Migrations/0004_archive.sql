CREATE TABLE cataloguing_archive (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  closed_on $date NOT NULL,
  how $text(20) NOT NULL,
  due_on $date NOT NULL,
  reminded $int NOT NULL,
  state $text(12) NOT NULL,
  retention $text(12) NOT NULL,
  gaps_reason $text(400) NOT NULL,
  package $text(64) NULL,
  manifest $text(64) NULL,
  files $int NOT NULL,
  size $money NOT NULL,
  packed_at $time NULL,
  packed_by_name $text(80) NOT NULL,
  handed_at $time NULL,
  receipt $text(120) NOT NULL,
  verified_at $time NULL,
  verified_ok $bool NULL,
  version $int NOT NULL,
  CONSTRAINT cataloguing_archive_case UNIQUE (case_id)
);

CREATE INDEX cataloguing_archive_state ON cataloguing_archive (state, due_on, id);

CREATE TABLE cataloguing_lending (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  kind $text(12) NOT NULL,
  state $text(12) NOT NULL,
  applicant $text(120) NOT NULL,
  credential $text(80) NOT NULL,
  purpose $text(400) NOT NULL,
  until_on $date NULL,
  asked_at $time NOT NULL,
  asked_by_name $text(80) NOT NULL,
  decided_at $time NULL,
  decided_by_name $text(80) NOT NULL,
  decision_words $text(400) NOT NULL,
  copy_blob $text(64) NULL,
  reference $text(40) NOT NULL,
  ended_at $time NULL,
  version $int NOT NULL
);

CREATE INDEX cataloguing_lending_case ON cataloguing_lending (case_id, asked_at);

CREATE INDEX cataloguing_lending_state ON cataloguing_lending (state, until_on, id);
