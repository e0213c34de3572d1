UPDATE kernel_alarm SET court_id = COALESCE((SELECT p.court_id FROM workzone_person p WHERE p.id = kernel_alarm.person_id), 0);
