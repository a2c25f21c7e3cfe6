-- +goose Up

ALTER TABLE inbox ADD COLUMN parts {id} NOT NULL DEFAULT 0;
UPDATE inbox SET parts = 1 WHERE effect;
