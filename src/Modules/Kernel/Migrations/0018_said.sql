ALTER TABLE kernel_work ADD reason_said $note NULL;
