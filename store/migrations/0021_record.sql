-- +goose Up

-- That an administrator asks to have the personal data of somebody erased, and what another one has decided.
CREATE TABLE erasure (
  id         {key},
  person_id  {id} NOT NULL REFERENCES person (id),
  asked_by   {id} NOT NULL REFERENCES person (id),
  asked_at   {instant} NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('asked', 'erased', 'refused', 'retracted')),
  decided_by {id} REFERENCES person (id),
  decided_at {instant},
  CHECK (state = 'asked' OR decided_at IS NOT NULL)
) {strict};
CREATE UNIQUE INDEX erasure_open ON erasure (person_id) WHERE state = 'asked';
