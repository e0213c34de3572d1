ALTER TABLE workzone_clock_fact ADD pending $bool NOT NULL DEFAULT 0;

ALTER TABLE workzone_clock_fact ADD undone_by $text(60) NULL;

ALTER TABLE workzone_clock_fact ADD undone_reason $text(400) NULL;

ALTER TABLE workzone_case_event ADD cause $text(120) NULL;

ALTER TABLE workzone_extension ADD kind $text(12) NOT NULL DEFAULT 'extension';

ALTER TABLE workzone_extension ADD procedure_to $text(20) NULL;

ALTER TABLE workzone_extension ADD expires_on $date NULL;

ALTER TABLE workzone_extension ADD answer_document_id $id NULL;

CREATE INDEX workzone_extension_due ON workzone_extension (state, decide_by, id);
