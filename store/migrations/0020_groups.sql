-- +goose Up

-- What has become of a correction or a recall of one copy of an announcement: when it took the newest words, and why it did not.
ALTER TABLE receipt ADD COLUMN corrected_at {instant};
ALTER TABLE receipt ADD COLUMN fix_failure TEXT NOT NULL DEFAULT '';

-- The same for the copy in a work group.
ALTER TABLE group_copy ADD COLUMN version {id} NOT NULL DEFAULT 0;
ALTER TABLE group_copy ADD COLUMN corrected_at {instant};
ALTER TABLE group_copy ADD COLUMN recall TEXT NOT NULL DEFAULT '' CHECK (recall IN ('', 'erased', 'marked', 'failed'));
ALTER TABLE group_copy ADD COLUMN fix_failure TEXT NOT NULL DEFAULT '';

-- The Telegram users of whom it was recorded within the hour that they pressed a button that was not meant for them.
CREATE TABLE denial (
  telegram_id {id} PRIMARY KEY,
  denied_at   {instant} NOT NULL
) {strict};
