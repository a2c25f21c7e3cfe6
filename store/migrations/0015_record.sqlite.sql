-- +goose Up

CREATE INDEX record_unit ON record (unit_id, seq);
CREATE INDEX record_task ON record (task_id, seq) WHERE task_id <> 0;
CREATE INDEX record_actor ON record (actor_id, seq) WHERE actor_id <> 0;

-- The newest entries of the record that were told to people, with what was told of each.
CREATE TABLE record_head (
  seq  {id} PRIMARY KEY,
  at   {instant} NOT NULL,
  hash {bytes} NOT NULL
) {strict};

-- +goose StatementBegin
CREATE TRIGGER record_head_no_update BEFORE UPDATE ON record_head
BEGIN
  SELECT RAISE(ABORT, 'a published head of the record cannot be changed');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER record_head_no_delete BEFORE DELETE ON record_head
BEGIN
  SELECT RAISE(ABORT, 'a published head of the record cannot be removed');
END;
-- +goose StatementEnd
