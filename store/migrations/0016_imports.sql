-- +goose Up

-- One import of a list. Imports of one list, sent again and again, share their list_id, the id of the first of them.
CREATE TABLE import (
  id        {key},
  list_id   {id} REFERENCES import (id),
  kind      TEXT NOT NULL CHECK (kind IN ('roster', 'tasks')),
  file      TEXT NOT NULL,
  person_id {id} REFERENCES person (id),
  cause     {id} NOT NULL DEFAULT 0,
  at        {instant} NOT NULL,
  ended_at  {instant},
  undone_at {instant}
) {strict};
CREATE INDEX import_list ON import (list_id);
CREATE INDEX import_cause ON import (cause) WHERE cause <> 0;

-- What an import did to one thing, with what it was before and what it became, so that it can be undone.
CREATE TABLE import_step (
  id        {key},
  import_id {id} NOT NULL REFERENCES import (id),
  thing     TEXT NOT NULL CHECK (thing IN ('unit', 'person', 'post', 'task', 'assignment')),
  thing_id  {id} NOT NULL,
  did       TEXT NOT NULL CHECK (did IN ('added', 'changed', 'ended')),
  before    TEXT NOT NULL DEFAULT '',
  after     TEXT NOT NULL DEFAULT '',
  undone_at {instant}
) {strict};
CREATE INDEX import_step_of ON import_step (import_id, id);
CREATE INDEX import_step_thing ON import_step (thing, thing_id);
