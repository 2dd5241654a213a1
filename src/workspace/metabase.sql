-- workspace: what Metabase should take columns for. It reads a table or view named _metabase_metadata while it
-- synchronises, does not show it, and sets what keypaths of the form view.column.property name.

CREATE FUNCTION describe_for_metabase(workspace text DEFAULT 'loyalty') RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM _clientele.workspace_enter(workspace);
    PERFORM _clientele.workspace_make_metabase_metadata(workspace);
    RETURN QUERY VALUES ('metabase', format('%I._metabase_metadata is there', workspace),
        'Let Metabase synchronise its database: Admin, Databases, Sync database schema');
END
$$;
COMMENT ON FUNCTION describe_for_metabase(text) IS
'Adds the view _metabase_metadata to a workspace, from which Metabase learns which columns are keys, names, scores, categories, income and percentages, and how views are titled. It does not show the view itself, and knows views by their name alone: where two workspaces of one database have it, both mean the same.
Arguments: workspace: name of the schema.
Result: a row of topic, finding and advice.
Errors: 3F000 if it is not a workspace, 42501 if it belongs to somebody else.
Source: Metabase, sync of the table _metabase_metadata.';

CREATE FUNCTION _clientele.workspace_make_metabase_metadata(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('DROP VIEW IF EXISTS %I._metabase_metadata', workspace);
    EXECUTE format('CREATE VIEW %I._metabase_metadata AS SELECT m.keypath, m.value FROM (VALUES %s) m(keypath, value)', workspace, (
        SELECT string_agg(format('(%L::text, %L::text)', m.keypath, m.value), ', ' ORDER BY m.keypath)
        FROM _clientele.workspace_metabase_metadata(workspace) m));
    EXECUTE format('COMMENT ON VIEW %I._metabase_metadata IS %L', workspace, 'What Metabase reads while it synchronises');
    PERFORM _clientele.workspace_describe(workspace, _clientele.workspace_parts(workspace));
END
$$;

CREATE FUNCTION _clientele.workspace_metabase_metadata(workspace text) RETURNS TABLE (keypath text, value text)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    WITH relation AS (
        SELECT c.oid, c.relname AS name FROM pg_class c
        WHERE c.oid = ANY (ARRAY(SELECT to_regclass(format('%I.%I', workspace, r)) FROM unnest(_clientele.workspace_relations()) r))
            AND c.relkind = 'v' AND c.relname <> '_metabase_metadata'
    )
    SELECT format('%s.%s.semantic_type', r.name, a.attname), 'type/' || s.semantic_type
    FROM relation r
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0
    JOIN _clientele.workspace_dictionary() d ON d.name = a.attname
    JOIN (VALUES ('key', 'PK'), ('name', 'Name'), ('score', 'Score'), ('category', 'Category'), ('source', 'Source'), ('text', 'Description'),
        ('income', 'Income'), ('margin', 'GrossMargin'), ('share', 'Percentage'), ('cost', 'Cost'), ('comment', 'Comment'), ('join date', 'JoinDate')) s(meaning, semantic_type)
        ON s.meaning = d.meaning
    WHERE (d.meaning <> 'key' OR r.name IN ('customers', 'customer_figures'))
        -- Bounds of a score are points.
        AND NOT (a.attname IN ('lower', 'upper') AND EXISTS (SELECT FROM pg_attribute x WHERE x.attrelid = r.oid AND x.attname = 'score'))
    UNION ALL
    SELECT format('%s.display_name', r.name), replace(replace(replace(initcap(replace(r.name, '_', ' ')), 'Abc', 'ABC'), 'Xyz', 'XYZ'), 'Rfm', 'RFM')
    FROM relation r
$$;
