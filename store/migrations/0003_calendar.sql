-- +goose Up

CREATE TABLE calendar_year (
  id       {key},
  year     {id} NOT NULL CHECK (year BETWEEN 1900 AND 2200),
  notice   TEXT NOT NULL CHECK (notice <> ''),
  days     TEXT NOT NULL,
  source   TEXT NOT NULL CHECK (source <> ''),
  added_by {id} REFERENCES person (id),
  added_at {instant} NOT NULL,
  ended_at {instant}
) {strict};
CREATE UNIQUE INDEX calendar_year_active ON calendar_year (year) WHERE ended_at IS NULL;

CREATE TABLE calendar_day (
  id       {key},
  day      TEXT NOT NULL CHECK (day <> ''),
  off      {bool} NOT NULL,
  name     TEXT NOT NULL DEFAULT '',
  source   TEXT NOT NULL CHECK (source <> ''),
  added_by {id} REFERENCES person (id),
  added_at {instant} NOT NULL,
  ended_at {instant}
) {strict};
CREATE UNIQUE INDEX calendar_day_active ON calendar_day (day) WHERE ended_at IS NULL;

CREATE TABLE vacation (
  id        {key},
  unit_id   {id} NOT NULL REFERENCES unit (id),
  name      TEXT NOT NULL CHECK (name <> ''),
  from_date TEXT NOT NULL,
  to_date   TEXT NOT NULL,
  source    TEXT NOT NULL DEFAULT '',
  added_by  {id} REFERENCES person (id),
  added_at  {instant} NOT NULL,
  ended_at  {instant},
  CHECK (from_date <= to_date)
) {strict};
CREATE INDEX vacation_unit ON vacation (unit_id, from_date) WHERE ended_at IS NULL;
