-- the last four of the longer form of an id number of 15 digits (GB 11643): both identify
ALTER TABLE service_public_notice ADD tail2_keyed $text(64) NULL;
