ALTER TABLE workzone_person ADD id_number_enc $text(400) NULL;

ALTER TABLE workzone_person ADD id_number_idx $text(64) NULL;

CREATE INDEX workzone_party_id_number ON workzone_party (id_number_idx) WHERE id_number_idx IS NOT NULL;
