-- +goose Up

-- Whether a letter has ended decides which indexes it stands in, not its state, so that noting that it is going out changes its row and no index.
UPDATE outbox SET done_at = next_try WHERE done_at IS NULL AND state NOT IN ('queued', 'sending', 'unknown');

DROP INDEX outbox_ready;
DROP INDEX outbox_sending;
DROP INDEX outbox_assignment;
DROP INDEX outbox_announcement;
CREATE INDEX outbox_open ON outbox (lane, next_try, id) WHERE done_at IS NULL;
CREATE INDEX outbox_assignment ON outbox (assignment_id) WHERE assignment_id IS NOT NULL AND done_at IS NULL;
CREATE INDEX outbox_announcement ON outbox (announcement_id, kind) WHERE announcement_id IS NOT NULL AND done_at IS NULL;
