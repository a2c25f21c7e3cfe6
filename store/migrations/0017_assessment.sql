-- +goose Up

CREATE TABLE assessment_rules (
  version  TEXT PRIMARY KEY CHECK (version <> ''),
  body     TEXT NOT NULL CHECK (body <> ''),
  added_at {instant} NOT NULL
) {strict};

CREATE TABLE assessment_round (
  id         {key},
  year       {id} NOT NULL UNIQUE CHECK (year BETWEEN 1900 AND 2200),
  rules      TEXT NOT NULL REFERENCES assessment_rules (version),
  opened_by  {id} REFERENCES person (id),
  opened_at  {instant} NOT NULL,
  until_date TEXT NOT NULL,
  closed_by  {id} REFERENCES person (id),
  closed_at  {instant}
) {strict};

CREATE TABLE assessment (
  id          {key},
  round_id    {id} NOT NULL REFERENCES assessment_round (id),
  unit_id     {id} NOT NULL REFERENCES unit (id),
  counted     TEXT NOT NULL,
  not_yet     {id} NOT NULL,
  computed_at {instant} NOT NULL,
  decided_by  {id} REFERENCES person (id),
  decided_at  {instant},
  note        TEXT NOT NULL DEFAULT '',
  total       {id} NOT NULL DEFAULT 0 CHECK (total BETWEEN 0 AND 10000),
  UNIQUE (round_id, unit_id)
) {strict};
CREATE INDEX assessment_unit ON assessment (unit_id);

CREATE TABLE assessment_line (
  id            {key},
  assessment_id {id} NOT NULL REFERENCES assessment (id),
  element       TEXT NOT NULL,
  finding       TEXT NOT NULL,
  exempt        TEXT NOT NULL DEFAULT '',
  assignment_id {id} NOT NULL REFERENCES assignment (id),
  days          {id} NOT NULL,
  notice        {id} NOT NULL,
  raw           {id} NOT NULL CHECK (raw >= 0),
  points        {id} NOT NULL CHECK (points >= 0),
  seqs          TEXT NOT NULL,
  decision      TEXT NOT NULL DEFAULT '' CHECK (decision IN ('', 'accepted', 'changed')),
  decided       {id} NOT NULL DEFAULT 0 CHECK (decided >= 0),
  reason        TEXT NOT NULL DEFAULT '',
  decided_by    {id} REFERENCES person (id),
  decided_at    {instant},
  UNIQUE (assessment_id, element, assignment_id),
  CHECK (exempt = '' OR points = 0),
  CHECK (decision <> 'changed' OR reason <> ''),
  CHECK (decision = '' OR decided_at IS NOT NULL)
) {strict};

CREATE TABLE assessment_part (
  assessment_id {id} NOT NULL REFERENCES assessment (id),
  part          TEXT NOT NULL,
  points        {id} NOT NULL CHECK (points BETWEEN 0 AND 10000),
  reason        TEXT NOT NULL CHECK (reason <> ''),
  entered_by    {id} REFERENCES person (id),
  entered_at    {instant} NOT NULL,
  PRIMARY KEY (assessment_id, part)
) {strict};

CREATE TABLE assessment_objection (
  id          {key},
  line_id     {id} NOT NULL REFERENCES assessment_line (id),
  person_id   {id} NOT NULL REFERENCES person (id),
  at          {instant} NOT NULL,
  reason      TEXT NOT NULL CHECK (reason <> ''),
  answered_by {id} REFERENCES person (id),
  answered_at {instant},
  answer      TEXT NOT NULL DEFAULT '',
  upheld      {bool} NOT NULL DEFAULT FALSE,
  CHECK (answered_at IS NULL OR answer <> '')
) {strict};
CREATE UNIQUE INDEX assessment_objection_open ON assessment_objection (line_id) WHERE answered_at IS NULL;
CREATE INDEX assessment_objection_line ON assessment_objection (line_id, id);
