-- +goose Up

-- What was wrong with a submission that was given back; empty where only the words of the reason say it.
ALTER TABLE submission ADD COLUMN fault TEXT NOT NULL DEFAULT '';
