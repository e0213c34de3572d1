CREATE TABLE kernel_search_change (
  id $id NOT NULL PRIMARY KEY,
  area $text(20) NOT NULL,
  object_id $id NOT NULL
);
