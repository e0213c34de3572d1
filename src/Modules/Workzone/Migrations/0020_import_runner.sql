ALTER TABLE workzone_import ADD runner $id NULL;

ALTER TABLE workzone_import ADD active_at $time NULL;
