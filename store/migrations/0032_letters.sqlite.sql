-- +goose Up

-- The states of a letter are compared one by one: for a list of more than two SQLite builds a table anew each time that a letter is posted, goes out and
-- has arrived. It changes a CHECK only by writing the table anew; nothing points to it.
CREATE TABLE outbox_old AS SELECT * FROM outbox;
DROP TABLE outbox;

CREATE TABLE outbox (
  id              {key},
  notice_key      TEXT NOT NULL UNIQUE,
  kind            TEXT NOT NULL,
  lane            {id} NOT NULL,
  person_id       {id} REFERENCES person (id),
  chat_id         {id},
  assignment_id   {id},
  announcement_id {id},
  submission_id   {id},
  data            TEXT NOT NULL DEFAULT '',
  due_at          {instant} NOT NULL,
  push_day        TEXT NOT NULL DEFAULT '',
  state           TEXT NOT NULL DEFAULT 'queued'
                  CHECK (state = 'queued' OR state = 'sending' OR state = 'sent' OR state = 'unknown' OR state = 'failed' OR state = 'missed'
                    OR state = 'cancelled'),
  attempts        {id} NOT NULL DEFAULT 0,
  refusals        {id} NOT NULL DEFAULT 0,
  again           {bool} NOT NULL DEFAULT FALSE,
  next_try        {instant} NOT NULL,
  reason          TEXT NOT NULL DEFAULT '',
  created_at      {instant} NOT NULL,
  done_at         {instant},
  message_id      {id},
  CHECK (person_id IS NOT NULL OR chat_id IS NOT NULL)
) {strict};

INSERT INTO outbox (id, notice_key, kind, lane, person_id, chat_id, assignment_id, announcement_id, submission_id, data, due_at, push_day, state,
  attempts, refusals, again, next_try, reason, created_at, done_at, message_id)
SELECT id, notice_key, kind, lane, person_id, chat_id, assignment_id, announcement_id, submission_id, data, due_at, push_day, state,
  attempts, refusals, again, next_try, reason, created_at, done_at, message_id
FROM outbox_old
ORDER BY id;
DROP TABLE outbox_old;

CREATE INDEX outbox_open ON outbox (lane, next_try, id) WHERE done_at IS NULL;
CREATE INDEX outbox_pushes ON outbox (person_id, push_day) WHERE push_day <> '';
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;
CREATE INDEX outbox_assignment ON outbox (assignment_id) WHERE assignment_id IS NOT NULL AND done_at IS NULL;
CREATE INDEX outbox_announcement ON outbox (announcement_id, kind) WHERE announcement_id IS NOT NULL AND done_at IS NULL;
