ALTER TABLE service_notice ADD reason_said $note NULL;
