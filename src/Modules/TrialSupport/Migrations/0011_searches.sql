CREATE TABLE trial_search (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  places $text(200) NOT NULL,
  words $text(400) NOT NULL,
  results $note NOT NULL,
  follow $text(12) NOT NULL,
  reason $text(1000) NOT NULL,
  document_id $id NOT NULL,
  by_name $text(60) NOT NULL,
  at $time NOT NULL
);

CREATE INDEX trial_search_case ON trial_search (case_id, at);
