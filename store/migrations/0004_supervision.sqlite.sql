-- +goose Up

-- Other states need another CHECK, and SQLite changes one only by writing the table anew. What points to it is looked at when all of this is
-- committed.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE assignment_old AS SELECT * FROM assignment;
DROP TABLE assignment;

CREATE TABLE ladder (
  id   {key},
  body TEXT NOT NULL UNIQUE
) {strict};

CREATE TABLE assignment (
  id             {key},
  task_id        {id} NOT NULL REFERENCES task (id),
  unit_id        {id} NOT NULL REFERENCES unit (id),
  owner_id       {id} REFERENCES person (id),
  state          TEXT NOT NULL CHECK (state IN ('draft', 'pending_approval', 'issued', 'accepted', 'submitted', 'returned', 'declined', 'suspended',
                   'cancelled', 'closed', 'archived')),
  due_date       TEXT,
  due_instant    {instant},
  due_end        {instant},
  original_date    TEXT,
  original_instant {instant},
  issued_at      {instant},
  accepted_at    {instant},
  submitted_at   {instant},
  returned_at    {instant},
  closed_at      {instant},
  percent        {id} NOT NULL DEFAULT 0 CHECK (percent BETWEEN 0 AND 100),
  returns        {id} NOT NULL DEFAULT 0,
  extensions     {id} NOT NULL DEFAULT 0,
  urges          {id} NOT NULL DEFAULT 0,
  version        {id} NOT NULL DEFAULT 1,
  acted_until    {instant},
  next_action_at {instant},
  policy         TEXT NOT NULL DEFAULT '',
  ladder_id      {id} REFERENCES ladder (id),
  support        {bool} NOT NULL DEFAULT FALSE,
  loud           {bool} NOT NULL DEFAULT FALSE,
  before_state   TEXT NOT NULL DEFAULT '',
  suspended_at   {instant},
  declined_at    {instant},
  cancelled_at   {instant},
  restarted_at   {instant},
  requested_at   {instant},
  promised_at    {instant},
  level          {id} NOT NULL DEFAULT 0 CHECK (level BETWEEN 0 AND 5),
  respond_by     {instant},
  milestones     TEXT NOT NULL DEFAULT '',
  UNIQUE (task_id, unit_id),
  CHECK (state IN ('draft', 'pending_approval') OR (owner_id IS NOT NULL AND due_date IS NOT NULL AND due_end IS NOT NULL)),
  CHECK (state IN ('draft', 'pending_approval', 'cancelled') OR issued_at IS NOT NULL),
  CHECK (state NOT IN ('closed', 'archived') OR (closed_at IS NOT NULL AND submitted_at IS NOT NULL)),
  CHECK (state <> 'submitted' OR submitted_at IS NOT NULL),
  CHECK (state <> 'suspended' OR (suspended_at IS NOT NULL AND before_state <> '')),
  CHECK (state <> 'cancelled' OR cancelled_at IS NOT NULL)
) {strict};

INSERT INTO assignment (id, task_id, unit_id, owner_id, state, due_date, due_instant, due_end, original_date, original_instant, issued_at,
  accepted_at, submitted_at, returned_at, closed_at, percent, returns, extensions, urges, version, acted_until, next_action_at, policy)
SELECT id, task_id, unit_id, owner_id, state, due_date, due_instant, due_end, original_date, original_instant, issued_at,
  accepted_at, submitted_at, returned_at, closed_at, percent, returns, extensions, urges, version, acted_until, next_action_at, policy
FROM assignment_old;
DROP TABLE assignment_old;

CREATE INDEX assignment_next ON assignment (next_action_at, id) WHERE next_action_at IS NOT NULL;
CREATE INDEX assignment_owner ON assignment (owner_id, due_end) WHERE state IN ('issued', 'accepted', 'submitted', 'returned', 'declined', 'suspended');
CREATE INDEX assignment_due ON assignment (due_end) WHERE state IN ('issued', 'accepted', 'returned');
CREATE INDEX assignment_unit ON assignment (unit_id, state);
CREATE INDEX assignment_submitted ON assignment (submitted_at) WHERE state = 'submitted';
CREATE INDEX assignment_closed ON assignment (closed_at) WHERE state = 'closed';

ALTER TABLE task ADD COLUMN completion TEXT NOT NULL DEFAULT 'all' CHECK (completion IN ('all', 'any'));
ALTER TABLE task ADD COLUMN loud_reason TEXT NOT NULL DEFAULT '';
CREATE INDEX task_title ON task (title);

ALTER TABLE submission ADD COLUMN sampled {bool} NOT NULL DEFAULT FALSE;
ALTER TABLE submission ADD COLUMN looked_at {instant};

ALTER TABLE file ADD COLUMN forwarded {bool} NOT NULL DEFAULT FALSE;

ALTER TABLE message ADD COLUMN items TEXT NOT NULL DEFAULT '';

CREATE TABLE request (
  id              {key},
  kind            TEXT NOT NULL CHECK (kind IN ('extension', 'decline', 'objection', 'issue', 'announce')),
  assignment_id   {id} REFERENCES assignment (id),
  task_id         {id} REFERENCES task (id),
  announcement_id {id} REFERENCES announcement (id),
  asker_id        {id} NOT NULL REFERENCES person (id),
  asked_at        {instant} NOT NULL,
  reason          TEXT NOT NULL DEFAULT '',
  due_date        TEXT,
  due_instant     {instant},
  before_date     TEXT,
  before_instant  {instant},
  state           TEXT NOT NULL CHECK (state IN ('asked', 'agreed', 'granted', 'refused', 'retracted')),
  needs           TEXT NOT NULL CHECK (needs IN ('secretary', 'admin', 'second_admin', 'leader')),
  agreed_by       {id} REFERENCES person (id),
  agreed_at       {instant},
  decided_by      {id} REFERENCES person (id),
  decided_at      {instant},
  answer          TEXT NOT NULL DEFAULT '',
  CHECK ((assignment_id IS NOT NULL) + (task_id IS NOT NULL) + (announcement_id IS NOT NULL) = 1)
) {strict};
CREATE UNIQUE INDEX request_open ON request (assignment_id) WHERE state IN ('asked', 'agreed') AND assignment_id IS NOT NULL;
CREATE UNIQUE INDEX request_open_task ON request (task_id) WHERE state IN ('asked', 'agreed') AND task_id IS NOT NULL;
CREATE INDEX request_waits ON request (asked_at) WHERE state IN ('asked', 'agreed');
CREATE INDEX request_assignment ON request (assignment_id, id) WHERE assignment_id IS NOT NULL;
CREATE INDEX request_task ON request (task_id, id) WHERE task_id IS NOT NULL;
CREATE INDEX request_announcement ON request (announcement_id, id) WHERE announcement_id IS NOT NULL;

CREATE TABLE escalation (
  id            {key},
  assignment_id {id} NOT NULL REFERENCES assignment (id),
  level         {id} NOT NULL CHECK (level BETWEEN 3 AND 5),
  state         TEXT NOT NULL CHECK (state IN ('draft', 'issued', 'answered', 'dropped')),
  body          TEXT NOT NULL,
  drafted_at    {instant} NOT NULL,
  decided_by    {id} REFERENCES person (id),
  decided_at    {instant},
  respond_by    {instant},
  responded_at  {instant},
  responded_by  {id} REFERENCES person (id),
  response      TEXT NOT NULL DEFAULT ''
) {strict};
CREATE UNIQUE INDEX escalation_draft ON escalation (assignment_id) WHERE state = 'draft';
CREATE INDEX escalation_assignment ON escalation (assignment_id, id);

CREATE TABLE absence (
  id        {key},
  person_id {id} NOT NULL REFERENCES person (id),
  deputy_id {id} NOT NULL REFERENCES person (id),
  from_date TEXT NOT NULL,
  to_date   TEXT NOT NULL,
  set_by    {id} REFERENCES person (id),
  set_at    {instant} NOT NULL,
  ended_at  {instant},
  CHECK (from_date <= to_date),
  CHECK (person_id <> deputy_id)
) {strict};
CREATE INDEX absence_person ON absence (person_id, from_date) WHERE ended_at IS NULL;
CREATE INDEX absence_deputy ON absence (deputy_id, from_date) WHERE ended_at IS NULL;

CREATE TABLE remark (
  id            {key},
  assignment_id {id} NOT NULL REFERENCES assignment (id),
  person_id     {id} NOT NULL REFERENCES person (id),
  at            {instant} NOT NULL,
  body          TEXT NOT NULL CHECK (body <> '')
) {strict};
CREATE INDEX remark_assignment ON remark (assignment_id, id);

CREATE TABLE plan (
  id           {key},
  code         TEXT NOT NULL UNIQUE CHECK (code <> ''),
  year         {id} NOT NULL,
  title        TEXT NOT NULL CHECK (title <> ''),
  duty         TEXT NOT NULL CHECK (TRIM(duty) <> ''),
  units        TEXT NOT NULL CHECK (units <> ''),
  row          TEXT NOT NULL,
  rule         TEXT NOT NULL,
  issuer_id    {id} REFERENCES person (id),
  added_at     {instant} NOT NULL,
  ended_at     {instant}
) {strict};
CREATE INDEX plan_year ON plan (year) WHERE ended_at IS NULL;

CREATE TABLE plan_run (
  plan_id   {id} NOT NULL REFERENCES plan (id),
  due_date  TEXT NOT NULL,
  task_id   {id} REFERENCES task (id),
  warned_at {instant},
  skipped_at {instant},
  PRIMARY KEY (plan_id, due_date)
) {strict};
