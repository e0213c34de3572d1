-- Reasons are kept as key and values beside their Chinese words, and said in the reader's language
ALTER TABLE trial_plan_row ADD why_said $note NULL;
