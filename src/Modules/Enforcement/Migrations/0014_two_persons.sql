ALTER TABLE enforcement_agency ADD two_persons $bool NULL;

ALTER TABLE enforcement_linkage ADD release_enc $text(200) NULL;

ALTER TABLE enforcement_public_request ADD release_digest $text(64) NULL;

ALTER TABLE enforcement_public_request ADD prepared_at $time NULL;

ALTER TABLE enforcement_public_request ADD prepared_by $text(60) NULL;

ALTER TABLE enforcement_public_request ADD prepared_answer $text(1000) NULL;

ALTER TABLE enforcement_public_request ADD prepared_receipt $text(120) NULL;

ALTER TABLE enforcement_public_request ADD prepared_sha $text(64) NULL;

ALTER TABLE enforcement_public_request ADD prepared_size $int NULL;

ALTER TABLE enforcement_public_request ADD sent_back $text(400) NULL;

CREATE INDEX enforcement_public_request_release ON enforcement_public_request (release_digest);
