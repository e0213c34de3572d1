ALTER TABLE workzone_notice ADD case_id $id NULL;
