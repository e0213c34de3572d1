ALTER TABLE workzone_case_event ADD trigger_row $text(12) NULL;

ALTER TABLE workzone_case_event ADD trigger_orders $note NULL;

ALTER TABLE workzone_case_event ADD trigger_reason $text(200) NULL;

CREATE TABLE workzone_extension (
  id $id NOT NULL PRIMARY KEY,
  case_id $id NOT NULL,
  court_id $id NOT NULL,
  n $int NOT NULL,
  unit $text(6) NOT NULL,
  reason $text(400) NOT NULL,
  document_id $id NOT NULL,
  asked_on $date NOT NULL,
  asked_by $id NOT NULL,
  asked_by_name $text(60) NOT NULL,
  decide_by $date NULL,
  approver $text(20) NOT NULL,
  state $text(10) NOT NULL,
  decided_by_name $text(60) NULL,
  decided_at $time NULL,
  words $text(400) NULL,
  version $int NOT NULL,
  FOREIGN KEY (case_id) REFERENCES workzone_case (id)
);

CREATE INDEX workzone_extension_case ON workzone_extension (case_id, id);

CREATE INDEX workzone_extension_court ON workzone_extension (court_id, state, id);
