ALTER TABLE workzone_court ADD merged_into_id $id NULL;
