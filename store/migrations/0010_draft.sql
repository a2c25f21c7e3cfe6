-- +goose Up

CREATE TABLE draft (
  id         {key},
  person_id  {id} NOT NULL REFERENCES person (id),
  body       TEXT NOT NULL,
  changed_at {instant} NOT NULL
) {strict};
CREATE INDEX draft_person ON draft (person_id, changed_at);

CREATE INDEX task_issuer ON task (issuer_id, id) WHERE issuer_id IS NOT NULL;

-- By which words the units were named, for choosing them again.
ALTER TABLE task ADD COLUMN audience TEXT NOT NULL DEFAULT '';
