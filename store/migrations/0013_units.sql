-- +goose Up

ALTER TABLE assignment ADD COLUMN follows_id {id} REFERENCES assignment (id);
CREATE INDEX assignment_support ON assignment (task_id) WHERE support;
CREATE INDEX assignment_follows ON assignment (follows_id) WHERE follows_id IS NOT NULL;
