ALTER TABLE workzone_party ADD contact_source $text(200) NULL;

ALTER TABLE workzone_party ADD contact_on $date NULL;

ALTER TABLE workzone_party ADD contact_by $text(60) NULL;

ALTER TABLE workzone_party ADD contact_at $time NULL;
