-- +goose Up

-- Reports of a half-year and of a year, and why a draft was not issued. SQLite changes a CHECK only by writing the table anew; nothing points to it.
CREATE TABLE report_old AS SELECT * FROM report;
DROP TABLE report;

CREATE TABLE report (
  id         {key},
  kind       TEXT NOT NULL CHECK (kind IN ('weekly', 'monthly', 'quarterly', 'half_year', 'year', 'task')),
  period     TEXT NOT NULL CHECK (period <> ''),
  unit_id    {id} NOT NULL REFERENCES unit (id),
  task_id    {id} REFERENCES task (id),
  from_date  TEXT NOT NULL,
  to_date    TEXT NOT NULL,
  figures    TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('told', 'draft', 'issued', 'dropped')),
  body       TEXT NOT NULL DEFAULT '',
  reason     TEXT NOT NULL DEFAULT '',
  made_at    {instant} NOT NULL,
  decided_by {id} REFERENCES person (id),
  decided_at {instant},
  UNIQUE (kind, period, unit_id),
  CHECK (state <> 'issued' OR body <> '')
) {strict};

INSERT INTO report (id, kind, period, unit_id, task_id, from_date, to_date, figures, state, body, made_at, decided_by, decided_at)
SELECT id, kind, period, unit_id, task_id, from_date, to_date, figures, state, body, made_at, decided_by, decided_at
FROM report_old;
DROP TABLE report_old;
CREATE INDEX report_task ON report (task_id) WHERE task_id IS NOT NULL;
