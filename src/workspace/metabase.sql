-- workspace: what Metabase should take columns for. It reads a table or view named _metabase_metadata while it
-- synchronises, does not show it, and sets what keypaths of the form view.column.property name.

CREATE FUNCTION workspace_semantic_types() RETURNS TABLE (name name, semantic_type text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES ('customer'::name, 'type/PK'), ('customer_name', 'type/Name'),
        ('recency_score', 'type/Score'), ('frequency_score', 'type/Score'), ('monetary_score', 'type/Score'),
        ('abc', 'type/Category'), ('xyz', 'type/Category'), ('cell', 'type/Category'), ('stage', 'type/Category'),
        ('segment', 'type/Category'), ('light', 'type/Category'), ('dimension', 'type/Category'), ('source', 'type/Source'),
        ('category', 'type/Category'), ('cohort_label', 'type/Category'), ('policy', 'type/Description'),
        ('approach', 'type/Description'), ('description', 'type/Description'), ('advice', 'type/Description'),
        ('revenue', 'type/Income'), ('window_revenue', 'type/Income'), ('last_year_revenue', 'type/Income'),
        ('cumulative_revenue', 'type/Income'), ('profit', 'type/GrossMargin'), ('window_profit', 'type/GrossMargin'),
        ('share', 'type/Percentage'), ('rate', 'type/Percentage'), ('lower', 'type/Percentage'), ('upper', 'type/Percentage'),
        ('rate_on_or_after', 'type/Percentage'), ('return_share', 'type/Percentage'), ('return_share_lower', 'type/Percentage'), ('return_share_upper', 'type/Percentage'),
        ('pareto_share', 'type/Percentage'), ('repeat_share', 'type/Percentage'), ('one_time_share', 'type/Percentage'),
        ('regular_share', 'type/Percentage'), ('raised_rate', 'type/Percentage'), ('rate_kaplan_meier', 'type/Percentage'),
        ('lower_on_or_after', 'type/Percentage'), ('upper_on_or_after', 'type/Percentage'),
        ('score', 'type/Score'), ('touchpoint_group', 'type/Category'), ('questionnaire', 'type/Category'), ('value', 'type/Category'),
        ('cost', 'type/Cost'), ('from_touchpoint', 'type/Category'), ('to_touchpoint', 'type/Category'),
        ('kept_share', 'type/Percentage'), ('purchase_probability', 'type/Percentage'), ('removal_effect', 'type/Percentage'), ('attribution_share', 'type/Percentage'),
        ('funnel_name', 'type/Category'), ('customer_kind', 'type/Category'), ('outcome', 'type/Category'),
        ('nps_group', 'type/Category'), ('touchpoint', 'type/Category'), ('channel', 'type/Category'), ('kind', 'type/Category'),
        ('owner', 'type/Category'), ('band', 'type/Category'), ('verdict', 'type/Category'), ('comment', 'type/Comment'),
        ('wish', 'type/Description'), ('value_at_risk', 'type/Income'), ('response_rate', 'type/Percentage'),
        ('replied_share', 'type/Percentage'), ('replied_share_lower', 'type/Percentage'), ('replied_share_upper', 'type/Percentage'),
        ('first_order', 'type/JoinDate')
$$;
COMMENT ON FUNCTION workspace_semantic_types() IS
'Internal to describe_for_metabase(): What Metabase should take columns of a name for.';

CREATE FUNCTION describe_for_metabase(workspace text DEFAULT 'loyalty') RETURNS SETOF attach_finding
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_enter(workspace);
    PERFORM @extschema@.workspace_create_metabase_metadata(workspace);
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

CREATE FUNCTION workspace_create_metabase_metadata(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('DROP VIEW IF EXISTS %I._metabase_metadata', workspace);
    PERFORM @extschema@.workspace_create_view(workspace, '_metabase_metadata',
        'SELECT m.keypath, m.value FROM (VALUES ' || (
            SELECT string_agg(format('(%L::text, %L::text)', m.keypath, m.value), ', ' ORDER BY m.keypath)
            FROM @extschema@.workspace_metabase_metadata(workspace) m) || ') m(keypath, value)',
        'What Metabase reads while it synchronises',
        ARRAY[['keypath', 'View, column and property, with dots between them'], ['value', 'What Metabase sets it to']]);
END
$$;
COMMENT ON FUNCTION workspace_create_metabase_metadata(name) IS
'Internal to describe_for_metabase(): Makes the view _metabase_metadata of a workspace.';

CREATE FUNCTION workspace_metabase_metadata(workspace name) RETURNS TABLE (keypath text, value text)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    WITH relation AS (
        SELECT c.oid, c.relname AS name FROM pg_class c
        WHERE c.oid = ANY (ARRAY(SELECT to_regclass(format('%I.%I', workspace, r)) FROM unnest(@extschema@.workspace_relations()) r))
            AND c.relkind = 'v' AND c.relname <> '_metabase_metadata'
    )
    SELECT format('%s.%s.semantic_type', r.name, a.attname), s.semantic_type
    FROM relation r
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0
    JOIN @extschema@.workspace_semantic_types() s ON s.name = a.attname
    WHERE (s.semantic_type <> 'type/PK' OR r.name IN ('customers', 'customer_figures'))
        -- Bounds of a score are points.
        AND NOT (a.attname IN ('lower', 'upper') AND EXISTS (SELECT FROM pg_attribute x WHERE x.attrelid = r.oid AND x.attname = 'score'))
    UNION ALL
    SELECT format('%s.display_name', r.name), replace(replace(replace(initcap(replace(r.name, '_', ' ')), 'Abc', 'ABC'), 'Xyz', 'XYZ'), 'Rfm', 'RFM')
    FROM relation r
$$;
COMMENT ON FUNCTION workspace_metabase_metadata(name) IS
'Internal to describe_for_metabase(): The rows of _metabase_metadata.';
