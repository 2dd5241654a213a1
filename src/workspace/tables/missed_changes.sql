-- belongs to: incremental
CREATE TABLE workspace.missed_changes (
    missed_at timestamptz NOT NULL,
    relation text NOT NULL
);
COMMENT ON TABLE workspace.missed_changes IS 'When orders were written that triggers could not read: until they are attached again, figures lack them';
COMMENT ON COLUMN workspace.missed_changes.missed_at IS 'When';
COMMENT ON COLUMN workspace.missed_changes.relation IS 'The table that was written';
