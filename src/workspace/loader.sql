-- workspace: making its tables, functions and views from their files, which pack.awk puts into the install script

-- The two placeholders, outside of literals alone; the workspace's last, so that no name that was put in is taken for one. The body
-- of a function becomes a literal: its delimiter may be in a name.
CREATE FUNCTION _clientele.workspace_placed(source text, workspace text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT string_agg(CASE WHEN b.n = 2 THEN quote_literal(p.placed) ELSE p.placed END, '' ORDER BY b.n)
    FROM (
        SELECT replace(regexp_replace('@extschema@', '^workspace$', '"workspace"'), E'\\', E'\\\\') || '.' AS extension,
            replace(format('%I.', workspace), E'\\', E'\\\\') AS workspace) s
    CROSS JOIN unnest(string_to_array(source, '$' || '$')) WITH ORDINALITY b(part, n)
    CROSS JOIN LATERAL (
        SELECT string_agg(CASE WHEN q.n % 2 = 0 THEN q.part ELSE
                regexp_replace(regexp_replace(q.part, '[[:<:]]clientele[.]', s.extension, 'g'), '[[:<:]]workspace[.]', s.workspace, 'g') END, '''' ORDER BY q.n) AS placed
        FROM regexp_split_to_table(b.part, '''') WITH ORDINALITY q(part, n)) p
$$;

-- The query that a view, or a table that comes filled in, is made from.
CREATE FUNCTION _clientele.workspace_query(source text, workspace text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.workspace_placed(rtrim(regexp_replace(source, '^CREATE (VIEW|TABLE) [^ ]+ AS[[:space:]]+', ''), ';'), workspace)
$$;

-- What of it applies: parts are what is attached, and the storage.
CREATE FUNCTION _clientele.workspace_wanted(parts text[]) RETURNS TABLE (place integer, folder text, relation text, variant text, belongs_to text, statements text[])
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT w.place, w.folder, w.relation, w.variant, w.belongs_to, s.statements
    FROM (
        SELECT DISTINCT ON (f.folder, f.relation) f.*
        FROM _clientele.workspace_files() f
        WHERE (f.belongs_to IS NULL OR string_to_array(f.belongs_to, ', ') <@ parts) AND (f.variant IS NULL OR f.variant = ANY (parts))
        ORDER BY f.folder, f.relation, f.variant NULLS LAST) w
    JOIN _clientele.workspace_statements() s ON s.place = w.place
    ORDER BY w.place
$$;

-- What is attached to a workspace, materialized where figures are stored, and indexed where an index has the histories in order. Incremental
-- storage comes on top of views on the orders.
CREATE FUNCTION _clientele.workspace_parts(workspace text) RETURNS text[]
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    parts text[];
BEGIN
    EXECUTE format($query$
        SELECT array_agg(a.relation_role) || array_agg('indexed'::text) FILTER (
            WHERE a.relation_role = 'orders' AND _clientele.workspace_is_read_in_order(ROW(a.relation_role, to_regclass(a.relation), a.columns)::_clientele.attached_relation))
        FROM %I.attached a$query$, workspace) INTO parts;
    RETURN parts || CASE _clientele.workspace_known_storage(workspace) WHEN 'materialized' THEN '{materialized}'::text[] WHEN 'distributed' THEN '{materialized,distributed}'::text[] END;
END
$$;

CREATE FUNCTION _clientele.workspace_has(workspace text, relation text) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT to_regclass(format('%I.%I', workspace, relation)) IS NOT NULL
$$;

-- Of a table that is there what is missing is made: rules and triggers that call functions of the extension went away if it was
-- dropped and created again. Its rows are the owner's, and come in with the table unless the statement itself says when; what switches
-- their language is not for making it.
CREATE FUNCTION _clientele.workspace_missing_statements(workspace text, relation text, statements text[]) RETURNS SETOF text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT s.statement
    FROM unnest(statements) WITH ORDINALITY s(statement, n)
    CROSS JOIN (SELECT to_regclass(format('%I.%I', workspace, relation)) AS id) r
    WHERE s.statement NOT LIKE 'UPDATE %' AND (r.id IS NULL OR CASE
        WHEN s.statement LIKE 'ALTER TABLE %' THEN NOT EXISTS (
            SELECT FROM pg_constraint c WHERE c.conrelid = r.id AND c.conname = substring(s.statement FROM 'ADD CONSTRAINT "([^"]+)"'))
        WHEN s.statement LIKE 'CREATE TRIGGER %' THEN NOT EXISTS (
            SELECT FROM pg_trigger t WHERE t.tgrelid = r.id AND t.tgname = substring(s.statement FROM '^CREATE TRIGGER ([a-z_]+)'))
        WHEN s.statement LIKE 'CREATE INDEX %' THEN NOT _clientele.workspace_has(workspace, substring(s.statement FROM '^CREATE INDEX ([a-z_]+)'))
        WHEN s.statement LIKE 'INSERT %' THEN s.statement LIKE '%NOT EXISTS%'
        ELSE s.statement LIKE 'COMMENT %' END)
    ORDER BY s.n
$$;

-- Where tables may be distributed a function is one of PL/pgSQL: of those in SQL the engine plans no query with arguments.
CREATE FUNCTION _clientele.workspace_plannable(source text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN to_regclass('pg_catalog.pg_dist_partition') IS NULL OR strpos(source, 'BEGIN ATOMIC') = 0 THEN source
        ELSE left(replace(replace(source, 'LANGUAGE sql STABLE', 'LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp'),
            'BEGIN ATOMIC', 'AS $body$#variable_conflict use_column' || chr(10) || 'BEGIN RETURN QUERY'), -length('END;')) || 'END $body$;' END
$$;

CREATE FUNCTION _clientele.workspace_make(workspace text, folder text, relation text, statements text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF folder = 'tables' THEN
        EXECUTE (SELECT string_agg(_clientele.workspace_placed(s, workspace), ' ')
            FROM _clientele.workspace_missing_statements(workspace, relation, statements) s);
    ELSE
        EXECUTE regexp_replace(_clientele.workspace_placed(CASE folder WHEN 'functions' THEN _clientele.workspace_plannable(statements[1]) ELSE statements[1] END, workspace), '^CREATE', 'CREATE OR REPLACE');
        EXECUTE _clientele.workspace_placed(array_to_string(statements[2:], ' '), workspace);
    END IF;
END
$$;

-- Tables, functions or views: all of them, or those that belong to something, or are another one with it.
CREATE FUNCTION _clientele.workspace_make_all(workspace text, folders text[], parts text[], part text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM _clientele.workspace_make(workspace, w.folder, w.relation, w.statements)
    FROM _clientele.workspace_wanted(parts) w
    WHERE w.folder = ANY (folders) AND (part IS NULL OR part = ANY (string_to_array(w.belongs_to, ', '))
        OR w.relation IN (SELECT f.relation FROM _clientele.workspace_files() f WHERE f.variant = part));
EXCEPTION WHEN invalid_table_definition THEN
    RAISE EXCEPTION 'the views of workspace "%" cannot take these columns: %', workspace, SQLERRM
        USING ERRCODE = 'invalid_table_definition',
            HINT = format('Make them anew: SELECT detach_orders(%L); then attach again.', workspace);
END
$$;

-- Comments that are written nowhere else, by the names of columns.
CREATE FUNCTION _clientele.workspace_describe(workspace text, parts text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    comments CONSTANT text := (
        SELECT string_agg(format('COMMENT ON COLUMN %I.%I.%I IS %L;', workspace, r.relation, c.name, c.comment), E'\n')
        FROM unnest(_clientele.workspace_relations()) r(relation)
        JOIN pg_attribute a ON a.attrelid = to_regclass(format('%I.%I', workspace, r.relation)) AND a.attnum > 0
        JOIN _clientele.workspace_dictionary() c ON c.name = a.attname
        WHERE col_description(a.attrelid, a.attnum) IS DISTINCT FROM c.comment AND format('%I.%I', r.relation, c.name) NOT IN (
            SELECT substring(s.statement FROM '^COMMENT ON COLUMN workspace[.]([^ ]+) IS ')
            FROM _clientele.workspace_wanted(parts) w CROSS JOIN LATERAL unnest(w.statements) s(statement)
            WHERE starts_with(s.statement, 'COMMENT ON COLUMN ')));
BEGIN
    IF comments IS NOT NULL THEN
        EXECUTE comments;
    END IF;
END
$$;

-- Where a column of what views read changes its type they are emptied for a moment, so that what others built on them stays.
CREATE FUNCTION _clientele.workspace_empty_views(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    view record;
BEGIN
    FOR view IN
        SELECT c.relname AS name, string_agg(format('NULL::%s%s AS %I', format_type(a.atttypid, a.atttypmod),
            (SELECT format(' COLLATE %I.%I', n.nspname, l.collname) FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = a.attcollation), a.attname), ', ' ORDER BY a.attnum) AS columns
        FROM (
            SELECT f.relation FROM _clientele.workspace_files() f WHERE f.folder = 'views' AND f.variant IS NULL AND f.relation <> 'applied_settings'
            UNION ALL SELECT _clientele.workspace_adapter('lines'::text)) f -- lines are read with their orders
        JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, f.relation)) AND c.relkind = 'v'
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        GROUP BY c.relname
    LOOP
        EXECUTE format('CREATE OR REPLACE VIEW %I.%I AS SELECT %s WHERE false', workspace, view.name, view.columns);
    END LOOP;
    PERFORM _clientele.workspace_drop_stored(workspace);
END
$$;

-- Tells the planner of how few rows the tables have that the owner of a workspace edits, now and when they change: of one that was
-- never analyzed it expects ten pages, a hundred settings, two hundred funnels. Autovacuum leaves alone what has changed in fewer
-- than fifty rows, which these tables may never do. Tables that a cluster knows are left to it.
CREATE FUNCTION _clientele.workspace_count_tables(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    edited record;
BEGIN
    FOR edited IN
        SELECT c.oid::regclass AS name, c.reloptions::text LIKE '%autovacuum_analyze_threshold%' AS watched
        FROM _clientele.workspace_files() f
        JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, f.relation))
        WHERE f.folder = 'tables' AND f.belongs_to IS DISTINCT FROM 'incremental' AND NOT _clientele.workspace_is_distributed(c.oid)
        ORDER BY f.place
    LOOP
        IF edited.watched IS NOT TRUE THEN
            EXECUTE format('ALTER TABLE %s SET (autovacuum_analyze_threshold = 0)', edited.name);
        END IF;
        EXECUTE format('ANALYZE %s', edited.name);
    END LOOP;
END
$$;
