-- +goose Up

-- A chat of several people, or one topic of a forum (topic_id), in which what concerns a unit is posted. Shown is what its line of the day says.
CREATE TABLE work_group (
  id          {key},
  chat_id     {id} NOT NULL,
  topic_id    {id} NOT NULL DEFAULT 0,
  unit_id     {id} REFERENCES unit (id),
  title       TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('asked', 'bound', 'lost', 'unbound')),
  reason      TEXT NOT NULL DEFAULT '',
  bound_by    {id} NOT NULL REFERENCES person (id),
  daily       {bool} NOT NULL DEFAULT TRUE,
  shown       TEXT NOT NULL DEFAULT '',
  answered_at {instant},
  UNIQUE (chat_id, topic_id),
  CHECK (state NOT IN ('bound', 'lost') OR unit_id IS NOT NULL)
) {strict};
CREATE INDEX work_group_live ON work_group (unit_id) WHERE state IN ('bound', 'lost');

ALTER TABLE announcement ADD COLUMN to_groups {bool} NOT NULL DEFAULT FALSE;

-- One group that an announcement is posted to, and what became of it.
CREATE TABLE group_copy (
  announcement_id {id} NOT NULL REFERENCES announcement (id),
  group_id        {id} NOT NULL REFERENCES work_group (id),
  delivered_at    {instant},
  failure         TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (announcement_id, group_id)
) {strict};
