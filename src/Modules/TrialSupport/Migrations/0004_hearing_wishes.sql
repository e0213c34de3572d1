ALTER TABLE trial_hearing ADD consent $text(200) NULL;

ALTER TABLE trial_hearing ADD size $int NOT NULL DEFAULT 0;

ALTER TABLE trial_hearing ADD features $text(200) NOT NULL DEFAULT '';

ALTER TABLE trial_hearing ADD open_reason $text(400) NULL;
