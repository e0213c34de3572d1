CREATE INDEX workzone_case_access_since ON workzone_case_access (person_id, since, case_id) WHERE order_id = 0;
