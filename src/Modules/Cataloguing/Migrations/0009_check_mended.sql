-- what was returned is mended and looked at once more; the mark of the first look is kept
ALTER TABLE cataloguing_check ADD first_score $int NULL;
ALTER TABLE cataloguing_check ADD mended_at $time NULL;
ALTER TABLE cataloguing_check ADD mended_by $id NULL;
ALTER TABLE cataloguing_check ADD mended_by_name $text(80) NULL;
ALTER TABLE cataloguing_check ADD mend_words $text(400) NULL;

CREATE INDEX cataloguing_check_order ON cataloguing_check (order_id);
