ALTER TABLE workzone_case_access ADD place $text(20) NOT NULL DEFAULT '';

UPDATE workzone_case_access SET place = CASE WHEN reason = 'order' THEN COALESCE((SELECT o.centre FROM workzone_order o WHERE o.id = workzone_case_access.order_id), '') ELSE reason END;

ALTER TABLE workzone_absence ADD closed_too $bool NOT NULL DEFAULT 0;

ALTER TABLE workzone_absence ADD confirmed_by $text(60) NULL;

UPDATE workzone_absence SET closed_too = 1 WHERE created_by = person_id;

DROP INDEX workzone_order_assignee ON workzone_order;

DROP INDEX workzone_order_asker ON workzone_order;

CREATE INDEX workzone_order_assignee ON workzone_order (assignee_id, due_at, id, state, court_id, centre, restricted) WHERE is_open = 1;

CREATE INDEX workzone_order_asker ON workzone_order (asked_by, due_at, id, state, court_id) WHERE is_open = 1;
