ALTER TABLE workzone_batch ADD key_id $id NULL;

ALTER TABLE workzone_import ADD key_id $id NULL;
