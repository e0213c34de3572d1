-- where the red of a page stands, for missing seals; null: not measured
ALTER TABLE cataloguing_page ADD red $text(20) NULL;
