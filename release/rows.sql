-- All rows of the workspaces of release/shop.sql and of what stands on them, as "schema.relation (row)", with the columns that
-- were there when this was first run. Figures with 13 digits: the last ones may differ between machines.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
SET extra_float_digits = -2;
SET timezone = 'UTC';
CREATE TABLE IF NOT EXISTS shown_columns AS
SELECT c.oid::regclass AS relation, n.nspname, c.relname, a.attname, a.attnum
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname IN ('loyalty', 'stored', 'kept', 'own')
    AND (c.relkind = 'v' OR c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition AND c.relname NOT LIKE '%\_data' AND n.nspname IN ('loyalty', 'own'))
    AND c.relname !~ '^(changed_.*|current_preferences|order_days|order_digests|classification)$' -- the machinery of storage
    AND a.attname NOT IN ('refreshed_at', 'today', 'workspace_version', 'words', 'words_by');
SELECT format('SELECT %L, ROW(%s)::text COLLATE "C" FROM %s x ORDER BY 2', s.nspname || '.' || s.relname,
    string_agg('x.' || quote_ident(s.attname), ', ' ORDER BY s.attnum), s.relation)
FROM shown_columns s GROUP BY s.relation, s.nspname, s.relname ORDER BY s.nspname COLLATE "C", s.relname COLLATE "C"
\gexec
