ALTER TABLE trial_served ADD appeal_ends $date NULL;

ALTER TABLE trial_appeal ADD sent_on $date NULL;

-- The marks of the four kinds have the codes that the case has
UPDATE trial_meeting SET special = 'mass' WHERE special = 'group';
