ALTER TABLE workzone_clock_fact ADD pending $bool NOT NULL DEFAULT 0;

ALTER TABLE workzone_clock_fact ADD undone_by $text(60) NULL;

ALTER TABLE workzone_clock_fact ADD undone_reason $text(400) NULL;

ALTER TABLE workzone_case_event ADD cause $text(120) NULL;

ALTER TABLE workzone_extension ADD kind $text(12) NOT NULL DEFAULT 'extension';

ALTER TABLE workzone_extension ADD procedure_to $text(20) NULL;

ALTER TABLE workzone_extension ADD expires_on $date NULL;

ALTER TABLE workzone_extension ADD answer_document_id $id NULL;

CREATE INDEX workzone_extension_due ON workzone_extension (state, decide_by, id);

CREATE TABLE workzone_effect (
  case_id $id NOT NULL PRIMARY KEY,
  document_id $id NOT NULL,
  effective_on $date NOT NULL,
  FOREIGN KEY (case_id) REFERENCES workzone_case (id)
);

CREATE INDEX workzone_effect_due ON workzone_effect (effective_on, case_id);

CREATE INDEX workzone_case_custody ON workzone_case (custody_until, id) WHERE custody_until IS NOT NULL;
