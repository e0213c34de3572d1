CREATE TABLE kernel_key (
  id $int NOT NULL PRIMARY KEY,
  check_value $text(64) NOT NULL,
  state $text(10) NOT NULL,
  created_at $time NOT NULL,
  reencrypted_at $time NULL,
  removed_at $time NULL
);
