CREATE TABLE enforcement_vehicle (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  plate $text(20) NOT NULL,
  seats $int NOT NULL,
  active $bool NOT NULL,
  CONSTRAINT enforcement_vehicle_plate UNIQUE (court_id, plate)
);

CREATE TABLE enforcement_trip (
  id $id NOT NULL PRIMARY KEY,
  court_id $id NOT NULL,
  number $text(40) NOT NULL,
  day $date NOT NULL,
  vehicle_id $id NULL,
  plate $text(20) NOT NULL,
  team $text(200) NOT NULL,
  leader_id $id NOT NULL,
  leader_name $text(60) NOT NULL,
  state $text(12) NOT NULL,
  words $text(400) NOT NULL,
  created_at $time NOT NULL,
  version $int NOT NULL
);

CREATE INDEX enforcement_trip_court ON enforcement_trip (court_id, day, id);

CREATE INDEX enforcement_trip_vehicle ON enforcement_trip (vehicle_id, day);

CREATE TABLE enforcement_stop (
  id $id NOT NULL PRIMARY KEY,
  trip_id $id NOT NULL,
  n $int NOT NULL,
  case_id $id NOT NULL,
  party_id $id NOT NULL,
  party_name $text(200) NOT NULL,
  asset_id $id NULL,
  asset_name $text(200) NOT NULL,
  purpose $text(12) NOT NULL,
  address $text(200) NOT NULL,
  words $text(400) NOT NULL,
  state $text(12) NOT NULL,
  outcome $text(12) NULL,
  result $text(1000) NULL,
  place $text(200) NULL,
  visited_at $time NULL,
  visited_by $text(60) NULL,
  version $int NOT NULL,
  FOREIGN KEY (trip_id) REFERENCES enforcement_trip (id)
);

CREATE INDEX enforcement_stop_trip ON enforcement_stop (trip_id, n);

CREATE INDEX enforcement_stop_case ON enforcement_stop (case_id, id);

CREATE TABLE enforcement_stop_record (
  id $id NOT NULL PRIMARY KEY,
  stop_id $id NOT NULL,
  kind $text(12) NOT NULL,
  name $text(200) NOT NULL,
  mime $text(40) NOT NULL,
  blob $text(64) NULL,
  size $money NOT NULL,
  place $text(200) NOT NULL,
  words $text(1000) NOT NULL,
  taken_at $time NULL,
  person_name $text(60) NOT NULL,
  at $time NOT NULL,
  FOREIGN KEY (stop_id) REFERENCES enforcement_stop (id)
);

CREATE INDEX enforcement_stop_record_of ON enforcement_stop_record (stop_id, id);
