ALTER TABLE service_hearing ADD since_at $time NULL;

ALTER TABLE service_hearing ADD summonses $note NULL;

ALTER TABLE service_hearing ADD others $note NULL;
