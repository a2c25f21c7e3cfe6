-- +goose Up

-- Whether a unit is still to be computed, so that a round is computed few units at a time and goes on where it was cut short.
ALTER TABLE assessment ADD COLUMN to_compute {bool} NOT NULL DEFAULT FALSE;
