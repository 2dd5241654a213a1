-- belongs to: incremental
CREATE TABLE workspace.fold_state (
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    orders regclass NOT NULL,
    folded_at timestamptz NOT NULL
);
COMMENT ON TABLE workspace.fold_state IS 'Whose histories are kept, and when fold_workspace() ran last';
COMMENT ON COLUMN workspace.fold_state.orders IS 'The orders';
COMMENT ON COLUMN workspace.fold_state.folded_at IS 'When fold_workspace() ran last';
