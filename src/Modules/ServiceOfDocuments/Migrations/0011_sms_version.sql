ALTER TABLE service_sms ADD version $int NOT NULL DEFAULT 1;
