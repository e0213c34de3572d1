ALTER TABLE trial_segment ADD fault $text(20) NULL;
