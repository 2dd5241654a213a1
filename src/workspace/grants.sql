-- workspace: letting others read it

CREATE FUNCTION grant_workspace(workspace text, role regrole, for_bi boolean DEFAULT false) RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET citus.enable_ddl_propagation = on
SET citus.multi_shard_modify_mode = sequential
AS $$
DECLARE
    relation name;
BEGIN
    IF role IS NULL OR workspace IS NULL OR for_bi IS NULL THEN
        RAISE EXCEPTION 'role, workspace and for_bi must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name both: grant_workspace(''loyalty'', ''metabase'').';
    END IF;
    PERFORM _clientele.workspace_enter(workspace);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %s', workspace, role);
    FOR relation IN
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = workspace AND c.relkind IN ('r', 'v', 'p', 'f')
            AND c.relname NOT IN (SELECT k.relation FROM _clientele.workspace_kept_relations() k)
            AND (c.relname <> ALL (_clientele.workspace_data_names()) OR _clientele.workspace_is_distributed(c.oid))
    LOOP
        EXECUTE format('GRANT SELECT ON %I.%I TO %s', workspace, relation, role);
    END LOOP;
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT ON TABLES TO %s', workspace, role);
    IF for_bi THEN
        EXECUTE format('REVOKE SELECT ON %I.attached FROM %s', workspace, role);
        PERFORM _clientele.workspace_hide_internal(workspace);
    END IF;
    RETURN QUERY VALUES ('granted', format('%s may read every table and view of %I%s, and those to come', role, workspace,
            CASE WHEN for_bi THEN format(' but %s internal ones', cardinality(_clientele.workspace_internal(workspace))) ELSE '' END),
        format('To keep its queries short and harmless: ALTER ROLE %1$s SET statement_timeout = ''60s''; ALTER ROLE %1$s SET default_transaction_read_only = on;', role));
    RETURN QUERY EXECUTE format($query$
        SELECT 'cluster', 'what is attached lies on other nodes too, which are asked by the reader and not by the owner', format('GRANT USAGE ON SCHEMA %%s TO %%s; GRANT SELECT ON %%s TO %%2$s;',
            string_agg(DISTINCT quote_ident(n.nspname), ', '), $1, string_agg(DISTINCT format('%%I.%%I', n.nspname, c.relname), ', '))
        FROM (SELECT array_agg(to_regclass(a.relation)::oid) AS tables FROM %I.attached a HAVING bool_or(_clientele.workspace_is_distributed(to_regclass(a.relation)))) d
        JOIN pg_class c ON c.oid = ANY (d.tables) OR d.tables IS NOT NULL AND c.relnamespace = $2::regnamespace AND c.relname = ANY (_clientele.workspace_data_names())
        JOIN pg_namespace n ON n.oid = c.relnamespace
        HAVING count(*) > 0$query$, workspace) USING role, quote_ident(workspace);
END
$$;
COMMENT ON FUNCTION grant_workspace(text, regrole, boolean) IS
'Lets a role read a workspace, as a BI tool does: USAGE of its schema, SELECT on its tables and views, and on those that are made later, but not on what views store, which would show twice, unless it is distributed. The orders themselves stay closed: views read them with their owner''s rights. Where they are distributed by Citus other nodes are asked as the reader, who has to be able to log in there and is to be granted them, as told.
Arguments: workspace: name of the schema; role: who may read; for_bi: true leaves out what other views stand on and nobody looks at, such as the attached rows one by one and the values of purchase_history, also what of it the role could read before; views that are made later too.
Result: rows of topic, finding and advice: what was granted, and what else the role should have.
Errors: 22004 for NULL, 3F000 without such a workspace, 42704 without such a role, 42501 for a workspace of somebody else.';

-- What is there for other views: that which its file calls internal, and what is attached, row by row, which has no file.
CREATE FUNCTION _clientele.workspace_internal(workspace text) RETURNS name[]
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT array_agg(r.relation ORDER BY r.relation)
    FROM unnest(_clientele.workspace_relations()) r(relation)
    LEFT JOIN _clientele.workspace_files() f ON f.relation = r.relation AND f.variant IS NULL
    WHERE coalesce(f.internal, r.relation <> '_metabase_metadata') AND _clientele.workspace_has(workspace, r.relation)
$$;

-- Takes back what default privileges granted on them anew. Of those to whom grant_workspace() gave these, the ones for BI are
-- those who may not read what is attached.
CREATE FUNCTION _clientele.workspace_hide_internal(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        SELECT DISTINCT c.relname AS relation, a.grantee::regrole AS reader
        FROM pg_default_acl d
        JOIN pg_namespace n ON n.oid = d.defaclnamespace
        CROSS JOIN LATERAL aclexplode(d.defaclacl) b
        JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = ANY (_clientele.workspace_internal(workspace))
        JOIN LATERAL aclexplode(c.relacl) a ON a.grantee = b.grantee
        WHERE n.nspname = workspace AND d.defaclobjtype = 'r' AND b.grantee <> 0 AND b.grantee <> c.relowner AND NOT EXISTS (
            SELECT FROM pg_class k CROSS JOIN LATERAL aclexplode(k.relacl) x
            WHERE k.relnamespace = n.oid AND k.relname = 'attached' AND x.grantee = b.grantee AND x.privilege_type = 'SELECT')
    LOOP
        EXECUTE format('REVOKE SELECT ON %I.%I FROM %s', workspace, granted.relation, granted.reader);
    END LOOP;
END
$$;
