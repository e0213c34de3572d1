ALTER TABLE trial_plan ADD clerk_id $id NULL;

ALTER TABLE trial_plan ADD size $int NOT NULL DEFAULT 0;

ALTER TABLE trial_plan ADD features $text(200) NOT NULL DEFAULT '';

ALTER TABLE trial_plan ADD left_out $int NOT NULL DEFAULT 0;

ALTER TABLE trial_plan_row ADD assessors $bool NOT NULL DEFAULT 0;
