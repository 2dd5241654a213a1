-- docs/reference.md from the comments in the catalog: psql -XqAt -f docs/reference.sql > docs/reference.md
\pset format unaligned
\pset tuples_only on
\echo '# Reference'
\echo
\echo 'Made from the comments of the SQL objects by docs/reference.sql. What the measures mean is in'
\echo '[semantics.md](semantics.md).'

\echo
\echo '## Types'
SELECT format(E'\n### %s\n\n%s%s', t.typname, obj_description(t.oid, 'pg_type'), CASE WHEN t.typtype = 'c' THEN
    E'\n\nColumns: ' || (SELECT string_agg(format('`%s %s`', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0) ELSE '' END)
FROM pg_type t JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'clientele') AND t.typtype IN ('b', 'c') AND t.typelem = 0
    AND t.typnamespace <> '_clientele'::regnamespace
ORDER BY t.typname;

\echo
\echo '## Functions and aggregates'
-- Under one name, overloads that say the same stand together.
SELECT format(E'\n### %s\n\n%s', g.proname, string_agg(g.entry, E'\n\n' ORDER BY g.first_signature))
FROM (
    SELECT f.proname, min(f.signature COLLATE "C") AS first_signature,
        string_agg(f.signature, E'  \n' ORDER BY f.signature COLLATE "C") || E'\n\n'
            || regexp_replace(replace(f.comment, E'\n', E'\n\n'), '(^|\n)(Arguments|Result|Memory|Errors|Source):', '\1**\2**:', 'g') AS entry
    FROM (
        SELECT p.proname, format('`%s%s(%s) → %s`', CASE p.prokind WHEN 'a' THEN 'aggregate ' ELSE '' END, p.proname,
                pg_get_function_arguments(p.oid), pg_get_function_result(p.oid)) AS signature,
            obj_description(p.oid, 'pg_proc') AS comment
        FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
        WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'clientele')
    ) f
    WHERE f.comment IS NOT NULL AND f.comment !~ '^Always an error'
    GROUP BY f.proname, f.comment
) g
GROUP BY g.proname
ORDER BY g.proname COLLATE "C";

BEGIN;
\ir workspace.sql
\echo
\echo '## What is in a workspace'
\echo
\echo 'Views, then tables, with what is attached to the orders:'
SELECT format(E'\n### %s\n\n%s.%s\n\n%s', l.relname, l.comment, CASE WHEN l.belongs_to IS NOT NULL THEN format(' With `attach_%s`.', replace(l.belongs_to, ', ', '` and `attach_')) END, (
    SELECT string_agg(format('- `%s` %s: %s', a.attname, format_type(a.atttypid, a.atttypmod), col_description(l.oid, a.attnum)), E'\n' ORDER BY a.attnum)
    FROM pg_attribute a WHERE a.attrelid = l.oid AND a.attnum > 0 AND NOT a.attisdropped))
FROM example.listed l
ORDER BY l.relkind DESC, l.relname COLLATE "C";
ROLLBACK;
