-- A paper of the court that was made elsewhere is let out by its judge; what was there before is out already
ALTER TABLE workzone_document ADD released_at $time NULL;

ALTER TABLE workzone_document ADD released_by $id NULL;

ALTER TABLE workzone_document ADD released_name $text(60) NULL;

ALTER TABLE workzone_document ADD released_reason $text(400) NULL;

UPDATE workzone_document SET released_at = created_at, released_name = created_by_name, released_reason = '';
