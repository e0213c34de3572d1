-- how bad a finding is: what was excused is found anew when it grows
ALTER TABLE enforcement_finding ADD grade $money NULL;

-- objections to a plan of distribution: who disputes what, and the days of the answer and of the suit
ALTER TABLE enforcement_plan ADD counter_until $date NULL;

ALTER TABLE enforcement_plan ADD sue_until $date NULL;

ALTER TABLE enforcement_plan ADD costs_asked $bool NOT NULL DEFAULT 0;

ALTER TABLE enforcement_plan_line ADD disputed $bool NOT NULL DEFAULT 0;

ALTER TABLE enforcement_plan_line ADD asked $bool NOT NULL DEFAULT 0;
