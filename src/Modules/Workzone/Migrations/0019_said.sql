ALTER TABLE workzone_import ADD message_said $note NULL;
