-- workspace: letting others read it

CREATE FUNCTION grant_workspace(workspace text, role regrole) RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation name;
BEGIN
    IF role IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'role and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name both: grant_workspace(''loyalty'', ''metabase'').';
    END IF;
    PERFORM _clientele.workspace_enter(workspace);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %s', workspace, role);
    FOR relation IN
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = workspace AND c.relkind IN ('r', 'v', 'p', 'f')
            AND c.relname NOT IN (SELECT k.relation FROM _clientele.workspace_kept_relations() k) AND c.relname <> ALL (_clientele.workspace_data_names())
    LOOP
        EXECUTE format('GRANT SELECT ON %I.%I TO %s', workspace, relation, role);
    END LOOP;
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT ON TABLES TO %s', workspace, role);
    RETURN QUERY VALUES ('granted', format('%s may read every table and view of %I, and those to come', role, workspace),
        format('To keep its queries short and harmless: ALTER ROLE %1$s SET statement_timeout = ''60s''; ALTER ROLE %1$s SET default_transaction_read_only = on;', role));
END
$$;
COMMENT ON FUNCTION grant_workspace(text, regrole) IS
'Lets a role read a workspace, as a BI tool does: USAGE of its schema, SELECT on its tables and views, and on those that are made later, but not on what views store, which would show twice. The orders themselves stay closed: views read them with their owner''s rights.
Arguments: workspace: name of the schema; role: who may read.
Result: rows of topic, finding and advice: what was granted, and what else the role should have.
Errors: 22004 for NULL, 3F000 without such a workspace, 42704 without such a role, 42501 for a workspace of somebody else.';
