-- The day from which a closing is counted is not always the day of effect: paper left, posted, announced (2000 Art 10)
ALTER TABLE trial_served ADD counts_on $date NULL;
