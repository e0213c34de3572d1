CREATE INDEX kernel_upload_person ON kernel_upload (person_id, size) WHERE taken_at IS NULL;
