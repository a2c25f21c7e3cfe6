-- +goose Up

-- Other states need another CHECK, and SQLite changes one only by writing the table anew. What points to it is looked at when all of this is
-- committed.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE announcement_old AS SELECT * FROM announcement;
DROP TABLE announcement;

CREATE TABLE announcement (
  id          {key},
  sender_id   {id} NOT NULL REFERENCES person (id),
  from_chat   {id} NOT NULL,
  message_ids TEXT NOT NULL,
  content     TEXT NOT NULL DEFAULT 'other' CHECK (content IN ('text', 'caption', 'album', 'poll', 'other')),
  words_at    {id} NOT NULL DEFAULT 0,
  summary     TEXT NOT NULL,
  receipt     TEXT NOT NULL CHECK (receipt IN ('none', 'read', 'text')),
  receipt_due {instant},
  audience    TEXT NOT NULL,
  task_id     {id} REFERENCES task (id),
  send_at     {instant} NOT NULL,
  urgent      {bool} NOT NULL DEFAULT FALSE,
  created_at  {instant} NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'paused', 'sent', 'stopped', 'recalled', 'refused')),
  paused_why  TEXT NOT NULL DEFAULT '' CHECK (paused_why IN ('', 'hand', 'failures')),
  resumed_at  {instant},
  version     {id} NOT NULL DEFAULT 0,
  correction  TEXT NOT NULL DEFAULT '',
  recalled_at {instant},
  next_at     {instant},
  reminded_at {instant},
  urged_at    {instant},
  CHECK (state <> 'recalled' OR recalled_at IS NOT NULL),
  CHECK (state <> 'paused' OR paused_why <> '')
) {strict};

INSERT INTO announcement (id, sender_id, from_chat, message_ids, summary, receipt, receipt_due, audience, send_at, created_at, state, urged_at)
SELECT id, sender_id, from_chat, message_ids, summary, receipt, receipt_due, audience, send_at, created_at, state, urged_at
FROM announcement_old;
DROP TABLE announcement_old;
CREATE INDEX announcement_next ON announcement (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX announcement_sender ON announcement (sender_id, id);

ALTER TABLE receipt ADD COLUMN version {id} NOT NULL DEFAULT 0;
ALTER TABLE receipt ADD COLUMN recall TEXT NOT NULL DEFAULT '' CHECK (recall IN ('', 'erased', 'marked', 'failed'));
CREATE INDEX receipt_waiting ON receipt (announcement_id) WHERE delivered_at IS NULL AND failure = '';

CREATE INDEX outbox_announcement ON outbox (announcement_id, kind, done_at) WHERE announcement_id IS NOT NULL;
CREATE INDEX message_announcement ON message (announcement_id, person_id) WHERE announcement_id IS NOT NULL;

CREATE TABLE audience (
  id       {key},
  owner_id {id} NOT NULL REFERENCES person (id),
  name     TEXT NOT NULL CHECK (name <> ''),
  shared   {bool} NOT NULL DEFAULT FALSE,
  body     TEXT NOT NULL,
  used_at  {instant} NOT NULL,
  UNIQUE (owner_id, name)
) {strict};
