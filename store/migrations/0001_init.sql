-- +goose Up

CREATE TABLE meta (
  k TEXT PRIMARY KEY,
  v TEXT NOT NULL
) {strict};

CREATE TABLE unit (
  id        {key},
  name      TEXT NOT NULL CHECK (name <> ''),
  kind      TEXT NOT NULL CHECK (kind IN ('industry_committee', 'school_committee', 'general_branch', 'branch')),
  parent_id {id} REFERENCES unit (id),
  region    TEXT NOT NULL DEFAULT '',
  active    {bool} NOT NULL DEFAULT TRUE
) {strict};
CREATE UNIQUE INDEX unit_name ON unit (COALESCE(parent_id, 0), name);

CREATE TABLE unit_closure (
  ancestor_id   {id} NOT NULL REFERENCES unit (id),
  descendant_id {id} NOT NULL REFERENCES unit (id),
  depth         {id} NOT NULL,
  PRIMARY KEY (ancestor_id, descendant_id)
) {strict};
CREATE INDEX unit_closure_down ON unit_closure (descendant_id, depth);

CREATE TABLE person (
  id         {key},
  code       TEXT NOT NULL UNIQUE CHECK (code <> ''),
  name       TEXT NOT NULL CHECK (name <> ''),
  phone_hash {bytes},
  phone_tail TEXT NOT NULL DEFAULT '',
  active     {bool} NOT NULL DEFAULT TRUE
) {strict};
CREATE INDEX person_phone ON person (phone_hash) WHERE phone_hash IS NOT NULL;

CREATE TABLE post (
  id        {key},
  person_id {id} NOT NULL REFERENCES person (id),
  unit_id   {id} NOT NULL REFERENCES unit (id),
  role      TEXT NOT NULL CHECK (role IN ('admin', 'leader', 'secretary', 'officer', 'branch_secretary')),
  active    {bool} NOT NULL DEFAULT TRUE,
  UNIQUE (person_id, unit_id, role)
) {strict};
CREATE INDEX post_unit ON post (unit_id, role) WHERE active;

CREATE TABLE account (
  id          {key},
  person_id   {id} NOT NULL REFERENCES person (id),
  telegram_id {id} NOT NULL,
  lang        TEXT NOT NULL,
  bound_at    {instant} NOT NULL,
  revoked_at  {instant},
  unreachable TEXT NOT NULL DEFAULT ''
) {strict};
CREATE UNIQUE INDEX account_person ON account (person_id) WHERE revoked_at IS NULL;
CREATE UNIQUE INDEX account_telegram ON account (telegram_id) WHERE revoked_at IS NULL;

CREATE TABLE invitation (
  hash       {bytes} PRIMARY KEY,
  person_id  {id} NOT NULL REFERENCES person (id),
  created_at {instant} NOT NULL,
  expires_at {instant} NOT NULL,
  used_at    {instant},
  used_by    {id}
) {strict};
CREATE INDEX invitation_person ON invitation (person_id) WHERE used_at IS NULL;

CREATE TABLE stranger (
  telegram_id  {id} PRIMARY KEY,
  window_start {instant} NOT NULL,
  answers      {id} NOT NULL DEFAULT 0,
  misses       {id} NOT NULL DEFAULT 0,
  pending      {bytes},
  pending_at   {instant}
) {strict};

CREATE TABLE task (
  id           {key},
  code         TEXT NOT NULL UNIQUE CHECK (code <> ''),
  title        TEXT NOT NULL CHECK (title <> ''),
  duty         TEXT NOT NULL CHECK (TRIM(duty) <> ''),
  category     TEXT NOT NULL DEFAULT '',
  evidence     TEXT NOT NULL CHECK (evidence IN ('none', 'text', 'file', 'photos')),
  evidence_min {id} NOT NULL DEFAULT 0,
  review       {bool} NOT NULL,
  reviewer_id  {id} REFERENCES person (id),
  priority     TEXT NOT NULL CHECK (priority IN ('normal', 'urgent', 'critical')),
  basis        TEXT NOT NULL DEFAULT '',
  note         TEXT NOT NULL DEFAULT '',
  internal     {bool} NOT NULL DEFAULT FALSE,
  issuer_id    {id} REFERENCES person (id),
  created_at   {instant} NOT NULL
) {strict};

CREATE TABLE assignment (
  id             {key},
  task_id        {id} NOT NULL REFERENCES task (id),
  unit_id        {id} NOT NULL REFERENCES unit (id),
  owner_id       {id} REFERENCES person (id),
  state          TEXT NOT NULL CHECK (state IN ('draft', 'issued', 'accepted', 'submitted', 'returned', 'closed')),
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
  UNIQUE (task_id, unit_id),
  CHECK (state = 'draft' OR (owner_id IS NOT NULL AND due_date IS NOT NULL AND due_end IS NOT NULL AND issued_at IS NOT NULL)),
  CHECK (state <> 'closed' OR (closed_at IS NOT NULL AND submitted_at IS NOT NULL)),
  CHECK (state <> 'submitted' OR submitted_at IS NOT NULL)
) {strict};
CREATE INDEX assignment_next ON assignment (next_action_at, id) WHERE next_action_at IS NOT NULL;
CREATE INDEX assignment_owner ON assignment (owner_id, due_end) WHERE state <> 'closed';
CREATE INDEX assignment_due ON assignment (due_end) WHERE state IN ('issued', 'accepted', 'returned');
CREATE INDEX assignment_unit ON assignment (unit_id, state);
CREATE INDEX assignment_submitted ON assignment (submitted_at) WHERE state = 'submitted';

CREATE TABLE submission (
  id            {key},
  assignment_id {id} NOT NULL REFERENCES assignment (id),
  person_id     {id} NOT NULL REFERENCES person (id),
  at            {instant} NOT NULL,
  body          TEXT NOT NULL DEFAULT '',
  state         TEXT NOT NULL CHECK (state IN ('collecting', 'waiting', 'passed', 'returned', 'withdrawn')),
  decided_at    {instant},
  decided_by    {id} REFERENCES person (id),
  reason        TEXT NOT NULL DEFAULT ''
) {strict};
CREATE INDEX submission_assignment ON submission (assignment_id, id);
CREATE UNIQUE INDEX submission_open ON submission (assignment_id) WHERE state IN ('collecting', 'waiting');

CREATE TABLE file (
  id            {key},
  submission_id {id} NOT NULL REFERENCES submission (id),
  kind          TEXT NOT NULL CHECK (kind IN ('photo', 'document', 'video', 'audio')),
  file_id       TEXT NOT NULL,
  unique_id     TEXT NOT NULL,
  name          TEXT NOT NULL DEFAULT '',
  size          {id} NOT NULL DEFAULT 0,
  sha256        {bytes},
  path          TEXT NOT NULL DEFAULT '',
  state         TEXT NOT NULL CHECK (state IN ('wanted', 'stored', 'lost')),
  attempts      {id} NOT NULL DEFAULT 0,
  next_try      {instant} NOT NULL,
  media_group   TEXT NOT NULL DEFAULT '',
  chat_id       {id} NOT NULL,
  message_id    {id} NOT NULL,
  at            {instant} NOT NULL,
  UNIQUE (submission_id, chat_id, message_id)
) {strict};
CREATE INDEX file_wanted ON file (next_try, id) WHERE state = 'wanted';
CREATE INDEX file_unique ON file (unique_id);
CREATE INDEX file_album ON file (chat_id, media_group) WHERE media_group <> '';
CREATE INDEX file_sha256 ON file (sha256) WHERE sha256 IS NOT NULL;

CREATE TABLE progress (
  id            {key},
  assignment_id {id} NOT NULL REFERENCES assignment (id),
  person_id     {id} NOT NULL REFERENCES person (id),
  at            {instant} NOT NULL,
  percent       {id} NOT NULL,
  body          TEXT NOT NULL
) {strict};
CREATE INDEX progress_assignment ON progress (assignment_id, id);

CREATE TABLE announcement (
  id          {key},
  sender_id   {id} NOT NULL REFERENCES person (id),
  from_chat   {id} NOT NULL,
  message_ids TEXT NOT NULL,
  summary     TEXT NOT NULL,
  receipt     TEXT NOT NULL CHECK (receipt IN ('none', 'read', 'text')),
  receipt_due {instant},
  audience    TEXT NOT NULL,
  send_at     {instant} NOT NULL,
  created_at  {instant} NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('sending', 'sent')),
  urged_at    {instant}
) {strict};

CREATE TABLE receipt (
  announcement_id {id} NOT NULL REFERENCES announcement (id),
  person_id       {id} NOT NULL REFERENCES person (id),
  delivered_at    {instant},
  failure         TEXT NOT NULL DEFAULT '',
  confirmed_at    {instant},
  answer          TEXT NOT NULL DEFAULT '',
  urged_at        {instant},
  PRIMARY KEY (announcement_id, person_id)
) {strict};
CREATE INDEX receipt_person ON receipt (person_id, announcement_id);

CREATE TABLE inbox (
  seq         {key},
  update_id   {id} NOT NULL,
  digest      {bytes} NOT NULL,
  lane        {id} NOT NULL,
  kind        TEXT NOT NULL,
  raw         {bytes} NOT NULL,
  received_at {instant} NOT NULL,
  attempts    {id} NOT NULL DEFAULT 0,
  effect      {bool} NOT NULL DEFAULT FALSE,
  state       TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'quarantined')),
  error       TEXT NOT NULL DEFAULT '',
  done_at     {instant},
  UNIQUE (update_id, digest)
) {strict};
CREATE INDEX inbox_todo ON inbox (seq) WHERE state = 'new';
CREATE INDEX inbox_done ON inbox (done_at) WHERE state <> 'new';
CREATE INDEX inbox_quarantined ON inbox (seq) WHERE state = 'quarantined';

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
                  CHECK (state IN ('queued', 'sending', 'unknown', 'sent', 'failed', 'missed', 'cancelled')),
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
CREATE INDEX outbox_ready ON outbox (lane, next_try, id) WHERE state IN ('queued', 'unknown');
CREATE INDEX outbox_sending ON outbox (id) WHERE state = 'sending';
CREATE INDEX outbox_pushes ON outbox (person_id, push_day) WHERE push_day <> '';
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;
CREATE INDEX outbox_assignment ON outbox (assignment_id) WHERE state IN ('queued', 'unknown');

CREATE TABLE message (
  chat_id         {id} NOT NULL,
  message_id      {id} NOT NULL,
  kind            TEXT NOT NULL,
  person_id       {id},
  assignment_id   {id},
  announcement_id {id},
  submission_id   {id},
  data            TEXT NOT NULL DEFAULT '',
  sent_at         {instant} NOT NULL,
  PRIMARY KEY (chat_id, message_id)
) {strict};
CREATE INDEX message_sent ON message (sent_at);

CREATE TABLE card (
  subject       TEXT NOT NULL,
  person_id     {id} NOT NULL REFERENCES person (id),
  chat_id       {id} NOT NULL,
  message_id    {id} NOT NULL,
  reminder_id   {id},
  reminder_at   {instant},
  PRIMARY KEY (subject, person_id)
) {strict};
CREATE INDEX card_message ON card (chat_id, message_id);

CREATE TABLE dialog (
  telegram_id {id} PRIMARY KEY,
  name        TEXT NOT NULL,
  step        TEXT NOT NULL,
  data        TEXT NOT NULL,
  started_at  {instant} NOT NULL,
  expires_at  {instant} NOT NULL
) {strict};

CREATE TABLE record (
  seq             {key},
  at              {instant} NOT NULL,
  event           TEXT NOT NULL,
  actor_id        {id} NOT NULL,
  via             TEXT NOT NULL,
  unit_id         {id} NOT NULL,
  person_id       {id} NOT NULL,
  task_id         {id} NOT NULL,
  assignment_id   {id} NOT NULL,
  announcement_id {id} NOT NULL,
  facts           TEXT NOT NULL,
  note_digest     {bytes},
  prev            {bytes} NOT NULL,
  hash            {bytes} NOT NULL
) {strict};
CREATE INDEX record_assignment ON record (assignment_id, seq) WHERE assignment_id <> 0;
CREATE INDEX record_person ON record (person_id, seq) WHERE person_id <> 0;
CREATE INDEX record_at ON record (at);

CREATE TABLE record_note (
  seq  {id} PRIMARY KEY REFERENCES record (seq),
  salt {bytes} NOT NULL,
  note TEXT NOT NULL
) {strict};
