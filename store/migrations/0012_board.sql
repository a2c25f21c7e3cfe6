-- +goose Up

-- How somebody wants the message with the open items that stays in the chat. Anew: when it is gone from there, it is sent once more.
CREATE TABLE board (
  person_id {id} PRIMARY KEY REFERENCES person (id),
  hidden    {bool} NOT NULL DEFAULT FALSE,
  anew      {bool} NOT NULL DEFAULT FALSE
) {strict};

-- What somebody has finished, for the figures of a month and of a year.
CREATE INDEX assignment_done_by ON assignment (owner_id, closed_at) WHERE state IN ('closed', 'archived');
CREATE INDEX assignment_done_in ON assignment (unit_id, closed_at) WHERE state IN ('closed', 'archived');
