-- +goose Up

-- The number of entries gives way to the end of the record with a seal, under the key record_end.
DELETE FROM meta WHERE k = 'record_count';

-- A unit that is closed leaves its name and place to another one.
DROP INDEX unit_name;
CREATE UNIQUE INDEX unit_name ON unit (COALESCE(parent_id, 0), name) WHERE active;
