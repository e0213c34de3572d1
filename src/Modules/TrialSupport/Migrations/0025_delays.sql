-- A hearing that was put off after its summons had been served counts as an adjournment (法释〔2018〕9号)
ALTER TABLE trial_hearing ADD delays $int NOT NULL DEFAULT 0;
