ALTER TABLE trial_opinion ADD order_id $id NULL;

CREATE INDEX trial_opinion_order ON trial_opinion (order_id);
