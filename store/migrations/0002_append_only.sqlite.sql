-- +goose Up

-- +goose StatementBegin
CREATE TRIGGER record_no_update BEFORE UPDATE ON record
BEGIN
  SELECT RAISE(ABORT, 'the record is append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER record_no_delete BEFORE DELETE ON record
BEGIN
  SELECT RAISE(ABORT, 'the record is append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER record_note_no_update BEFORE UPDATE ON record_note
BEGIN
  SELECT RAISE(ABORT, 'a note of the record can be erased, not changed');
END;
-- +goose StatementEnd
