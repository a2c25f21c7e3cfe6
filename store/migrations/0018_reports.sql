-- +goose Up

-- What was reported of a unit and everything below it, with the figures of that moment. One of a kind and period is made once.
CREATE TABLE report (
  id         {key},
  kind       TEXT NOT NULL CHECK (kind IN ('weekly', 'monthly', 'quarterly', 'task')),
  period     TEXT NOT NULL CHECK (period <> ''),
  unit_id    {id} NOT NULL REFERENCES unit (id),
  task_id    {id} REFERENCES task (id),
  from_date  TEXT NOT NULL,
  to_date    TEXT NOT NULL,
  figures    TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('told', 'draft', 'issued', 'dropped')),
  body       TEXT NOT NULL DEFAULT '',
  made_at    {instant} NOT NULL,
  decided_by {id} REFERENCES person (id),
  decided_at {instant},
  UNIQUE (kind, period, unit_id),
  CHECK (state <> 'issued' OR body <> '')
) {strict};
CREATE INDEX report_task ON report (task_id) WHERE task_id IS NOT NULL;
