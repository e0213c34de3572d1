-- How the expert was chosen, from whom by lot, and what was done with the opinion (证据规定 31-40)
ALTER TABLE trial_opinion ADD chosen $text(10) NULL;

ALTER TABLE trial_opinion ADD candidates $text(1000) NULL;

ALTER TABLE trial_opinion ADD seed $text(40) NULL;

ALTER TABLE trial_opinion ADD fee_on $date NULL;

ALTER TABLE trial_opinion ADD extended $int NOT NULL DEFAULT 0;

ALTER TABLE trial_opinion ADD steps $text(400) NOT NULL DEFAULT '';

ALTER TABLE trial_opinion ADD items $text(400) NOT NULL DEFAULT '';
