-- The table of docs/workspace.md that lists what is in a workspace: bash test/reference.t --write puts it there
\pset format unaligned
\pset tuples_only on
BEGIN;
\ir workspace.sql
SELECT format('| `%s` | %s%s |', l.relname, CASE WHEN l.belongs_to IS NOT NULL THEN format('with `attach_%s`: ', replace(l.belongs_to, ', ', '` and `attach_')) END, replace(l.comment, '|', E'\\|'))
FROM example.listed l
ORDER BY l.relkind DESC, l.belongs_to IS NOT NULL, l.belongs_to, l.relname COLLATE "C";
ROLLBACK;
