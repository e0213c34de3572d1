ALTER TABLE service_public_notice ADD limit_history $note NULL;
