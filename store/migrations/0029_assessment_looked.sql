-- +goose Up

-- When somebody of a unit first looked at what is proposed of it; NULL when nobody has since it was computed.
ALTER TABLE assessment ADD COLUMN looked_at {instant};
