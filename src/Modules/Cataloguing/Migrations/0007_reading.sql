-- an agent's reading by a link: who reads for whom and what, the door on the public face, each page that was opened
ALTER TABLE cataloguing_lending ADD party_id $id NULL;
ALTER TABLE cataloguing_lending ADD agent_name $text(120) NULL;
ALTER TABLE cataloguing_lending ADD wanted $text(400) NULL;
ALTER TABLE cataloguing_lending ADD pages $int NULL;

CREATE TABLE cataloguing_public_reading (
  token_digest $text(64) NOT NULL PRIMARY KEY,
  lending_id $id NOT NULL,
  case_id $id NOT NULL,
  court_name $text(120) NOT NULL,
  case_number $text(120) NOT NULL,
  reader $text(120) NOT NULL,
  reference $text(40) NOT NULL,
  code_keyed $text(64) NOT NULL,
  copy_blob $text(64) NOT NULL,
  pages $int NOT NULL,
  until_on $date NOT NULL,
  tries $int NOT NULL,
  locked_until $time NULL,
  opened_at $time NULL,
  withdrawn_at $time NULL,
  created_at $time NOT NULL,
  expires_at $time NOT NULL
);

CREATE INDEX cataloguing_public_reading_lending ON cataloguing_public_reading (lending_id);

CREATE INDEX cataloguing_public_reading_case ON cataloguing_public_reading (case_id, withdrawn_at);

CREATE TABLE cataloguing_public_page_read (
  id $id NOT NULL PRIMARY KEY,
  lending_id $id NOT NULL,
  n $int NOT NULL,
  at $time NOT NULL,
  address $text(60) NOT NULL
);

CREATE INDEX cataloguing_public_page_read_lending ON cataloguing_public_page_read (lending_id, id);
