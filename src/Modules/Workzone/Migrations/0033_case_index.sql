CREATE INDEX workzone_case_last ON workzone_case (court_id, number_type, year, serial);
