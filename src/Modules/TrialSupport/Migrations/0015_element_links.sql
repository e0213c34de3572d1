ALTER TABLE trial_element_side ADD handed $int NULL;

ALTER TABLE trial_element_side ADD told_channel $text(10) NULL;

ALTER TABLE trial_element_side ADD told_at $time NULL;

ALTER TABLE trial_element_side ADD told_reason $text(400) NULL;
