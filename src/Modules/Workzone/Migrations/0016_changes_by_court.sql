ALTER TABLE workzone_change ADD reach_id $id NOT NULL DEFAULT 0;

UPDATE workzone_change SET reach_id = COALESCE(court_id, 0);

UPDATE workzone_change SET reach_id = (SELECT MIN(g.court_id) FROM workzone_role_grant g WHERE g.change_id = workzone_change.id)
WHERE kind = 'roles' AND EXISTS (SELECT 1 FROM workzone_role_grant g WHERE g.change_id = workzone_change.id);

CREATE INDEX workzone_change_reach ON workzone_change (reach_id, id);

CREATE INDEX workzone_change_reach_open ON workzone_change (reach_id, id) WHERE state = 'pending';

CREATE INDEX workzone_change_own ON workzone_change (asked_by, id);

CREATE INDEX workzone_change_own_open ON workzone_change (asked_by, id) WHERE state = 'pending';

CREATE INDEX workzone_change_ready ON workzone_change (asked_by, id) WHERE kind = 'key' AND state = 'confirmed';
