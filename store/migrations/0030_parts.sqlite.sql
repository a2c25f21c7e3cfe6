-- +goose Up

-- Imports of the parts of an assessment join those of rosters, tasks and the plan. SQLite cannot change a CHECK, so both tables are written anew.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE import_old AS SELECT * FROM import;
CREATE TABLE import_step_old AS SELECT * FROM import_step;
DROP TABLE import_step;
DROP TABLE import;

CREATE TABLE import (
  id        {key},
  list_id   {id} REFERENCES import (id),
  kind      TEXT NOT NULL CHECK (kind IN ('roster', 'tasks', 'plan', 'parts')),
  file      TEXT NOT NULL,
  person_id {id} REFERENCES person (id),
  cause     {id} NOT NULL DEFAULT 0,
  at        {instant} NOT NULL,
  ended_at  {instant},
  undone_at {instant}
) {strict};
INSERT INTO import (id, list_id, kind, file, person_id, cause, at, ended_at, undone_at)
SELECT id, list_id, kind, file, person_id, cause, at, ended_at, undone_at
FROM import_old;
DROP TABLE import_old;
CREATE INDEX import_list ON import (list_id);
CREATE INDEX import_cause ON import (cause) WHERE cause <> 0;

CREATE TABLE import_step (
  id        {key},
  import_id {id} NOT NULL REFERENCES import (id),
  thing     TEXT NOT NULL CHECK (thing IN ('unit', 'person', 'post', 'task', 'assignment', 'plan', 'part')),
  thing_id  {id} NOT NULL,
  did       TEXT NOT NULL CHECK (did IN ('added', 'changed', 'ended')),
  before    TEXT NOT NULL DEFAULT '',
  after     TEXT NOT NULL DEFAULT '',
  undone_at {instant}
) {strict};
INSERT INTO import_step (id, import_id, thing, thing_id, did, before, after, undone_at)
SELECT id, import_id, thing, thing_id, did, before, after, undone_at
FROM import_step_old;
DROP TABLE import_step_old;
CREATE INDEX import_step_of ON import_step (import_id, id);
CREATE INDEX import_step_thing ON import_step (thing, thing_id);
