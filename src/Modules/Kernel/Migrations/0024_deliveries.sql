ALTER TABLE kernel_outbox ADD deliveries $int NULL;
