-- an outcome that is known and could not be recorded, and how often that was tried
ALTER TABLE kernel_work ADD outcome $note NULL;

ALTER TABLE kernel_work ADD recordings $int NULL;

CREATE INDEX kernel_work_known ON kernel_work (due_at) WHERE state = 'known';
