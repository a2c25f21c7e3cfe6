-- +goose Up

-- The number of entries gives way to the end of the record with a seal, under the key record_end.
DELETE FROM meta WHERE k = 'record_count';
