ALTER TABLE workzone_case ADD prosecution_office $text(120) NULL;

ALTER TABLE workzone_case ADD prosecution_number $text(80) NULL;

ALTER TABLE workzone_case ADD prosecution_volumes $int NULL;

ALTER TABLE workzone_party ADD custody_until $date NULL;

ALTER TABLE workzone_party ADD custody_place $text(120) NULL;

ALTER TABLE workzone_party ADD role_before $text(40) NULL;
