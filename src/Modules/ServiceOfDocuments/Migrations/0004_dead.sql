-- nobody read it
ALTER TABLE service_public_notice DROP COLUMN read_count;
