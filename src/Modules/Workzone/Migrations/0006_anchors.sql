ALTER TABLE workzone_anchor ADD heads $note NOT NULL DEFAULT '';
