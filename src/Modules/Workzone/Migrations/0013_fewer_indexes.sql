DROP INDEX workzone_order_plain_due ON workzone_order;

DROP INDEX workzone_order_plain_state ON workzone_order;

DROP INDEX workzone_order_queue ON workzone_order;

DROP INDEX workzone_order_state ON workzone_order;

DROP INDEX workzone_order_court_type ON workzone_order;

CREATE INDEX workzone_order_queue ON workzone_order (court_id, centre, due_at, id, state, restricted) WHERE is_open = 1;

CREATE INDEX workzone_order_state ON workzone_order (court_id, centre, state, due_at, id, restricted) WHERE is_open = 1;

CREATE INDEX workzone_order_court_type ON workzone_order (court_id, centre, order_type, due_at, id, restricted) WHERE is_open = 1;
