-- internal
CREATE TABLE workspace.attached (
    relation_role text PRIMARY KEY,
    relation text NOT NULL,
    columns jsonb NOT NULL
);
COMMENT ON TABLE workspace.attached IS 'What is attached to this workspace, as attach_orders() was told: it reads this when it runs again';
COMMENT ON COLUMN workspace.attached.relation_role IS 'What the rows of the relation are: orders';
COMMENT ON COLUMN workspace.attached.relation IS 'The table or view';
COMMENT ON COLUMN workspace.attached.columns IS 'Its columns by role, and what else was said of it: scale, stored_in, separator';
