ALTER TABLE kernel_job ADD next_at $time NULL;
