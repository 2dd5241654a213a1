-- workspace: what Metabase should take columns for. It reads a table or view named _metabase_metadata while it
-- synchronises, does not show it, and sets what keypaths of the form view.column.property name.

CREATE FUNCTION describe_for_metabase(workspace text DEFAULT 'loyalty', currency text DEFAULT NULL) RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET citus.enable_ddl_propagation = off
SET citus.multi_shard_modify_mode = parallel
AS $$
BEGIN
    IF workspace IS NULL THEN
        RETURN;
    ELSIF currency !~ '^[A-Z]{3}$' THEN
        RAISE EXCEPTION 'invalid value for parameter "currency": "%"', currency
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Name it by its code in ISO 4217, such as EUR, or leave it out.';
    END IF;
    PERFORM _clientele.workspace_enter(workspace);
    PERFORM _clientele.workspace_choose_nodes(_clientele.workspace_known_storage(workspace));
    PERFORM _clientele.workspace_make_metabase_metadata(workspace, currency IS NOT NULL);
    RETURN QUERY
        SELECT 'metabase', format('%I._metabase_metadata is there', workspace),
            'Let Metabase synchronise its database, the first time twice: Admin, Databases, Sync database schema'
        UNION ALL
        SELECT 'currency', format('money is %s', currency), format('Tell Metabase, which takes money for dollars: Admin, Settings, Localization, Currency: %s', currency)
        WHERE currency IS NOT NULL;
END
$$;
COMMENT ON FUNCTION describe_for_metabase(text, text) IS
'Adds the view _metabase_metadata to a workspace, from which Metabase learns which columns are keys, names, scores, categories, quantities and percentages, how views and columns are titled, where to begin, and what a view is easily taken for. It does not show the view itself, and knows views by their name alone: where two workspaces of one database have it, one of them is described. Internal views, which grant_workspace() leaves out for BI, are not.
Arguments: workspace: name of the schema; currency: the code of the currency of all amounts, such as EUR. Metabase shows columns of money in the one currency of its own settings, dollars unless an administrator changed them: without a currency amounts are plain quantities.
Result: rows of topic, finding and advice.
Errors: 3F000 if it is not a workspace, 42501 if it belongs to somebody else, 22023 for what is no code of a currency.
Source: Metabase, sync of the table _metabase_metadata.';

-- Replaced, who may read it keeps that.
CREATE FUNCTION _clientele.workspace_make_metabase_metadata(workspace text, with_currency boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE VIEW %I._metabase_metadata AS SELECT m.keypath, m.value FROM (VALUES %s) m(keypath, value)', workspace, (
        SELECT string_agg(format('(%L::text, %L::text)', m.keypath, m.value), ', ' ORDER BY m.keypath)
        FROM _clientele.workspace_metabase_metadata(workspace, with_currency) m));
    EXECUTE format('COMMENT ON VIEW %I._metabase_metadata IS %L', workspace, 'What Metabase reads while it synchronises');
    PERFORM _clientele.workspace_describe(workspace, _clientele.workspace_parts(workspace));
END
$$;

-- Where it is there, with a currency or without as before.
CREATE FUNCTION _clientele.workspace_remake_metabase_metadata(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    with_currency boolean;
BEGIN
    IF _clientele.workspace_has(workspace, '_metabase_metadata') THEN
        EXECUTE format('SELECT coalesce(bool_or(m.value = %L), false) FROM %I._metabase_metadata m', 'type/Currency', workspace) INTO with_currency;
        PERFORM _clientele.workspace_make_metabase_metadata(workspace, with_currency);
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_metabase_metadata(workspace text, with_currency boolean) RETURNS TABLE (keypath text, value text)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    WITH relation AS (
        SELECT c.oid, c.relname AS name FROM pg_class c
        WHERE c.oid = ANY (ARRAY(SELECT to_regclass(format('%I.%I', workspace, r)) FROM unnest(_clientele.workspace_relations()) r))
            AND c.relkind = 'v' AND c.relname <> '_metabase_metadata' AND c.relname <> ALL (_clientele.workspace_internal(workspace))
    ), col AS (
        SELECT r.name AS relation, a.attname AS name, CASE
            -- One row per customer.
            WHEN d.meaning = 'key' THEN CASE WHEN r.name IN ('customers', 'at_risk', 'second_order_due', 'win_back', 'referrals') THEN 'key' END
            -- Bounds of a score are points.
            WHEN a.attname IN ('lower', 'upper') AND EXISTS (SELECT FROM pg_attribute x WHERE x.attrelid = r.oid AND x.attname = 'score') THEN 'score'
            ELSE coalesce(d.meaning, _clientele.workspace_number_kind(a.attname, a.atttypid)) END AS kind
        FROM relation r
        JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0
        LEFT JOIN _clientele.workspace_dictionary() d ON d.name = a.attname
    )
    SELECT format('%s.%s.semantic_type', c.relation, c.name), 'type/' || s.semantic_type
    FROM col c
    JOIN (VALUES ('key', 'PK'), ('name', 'Name'), ('score', 'Score'), ('category', 'Category'), ('source', 'Source'), ('text', 'Description'),
        ('money', CASE WHEN with_currency THEN 'Currency' ELSE 'Quantity' END), ('number', 'Quantity'), ('share', 'Percentage'), ('comment', 'Comment'),
        ('join date', 'JoinDate')) s(kind, semantic_type) ON s.kind = c.kind
    UNION ALL
    SELECT format('%s.%s.display_name', c.relation, c.name), t.title
    FROM col c
    CROSS JOIN LATERAL _clientele.workspace_title(c.name) t(title)
    WHERE t.title <> initcap(replace(c.name, '_', ' '))
    UNION ALL
    SELECT format('%s.display_name', r.name), _clientele.workspace_title(r.name)
    FROM relation r
    UNION ALL
    SELECT concat_ws('.', a.relation, a.property), a.advice
    FROM _clientele.workspace_advice() a
    WHERE a.relation IS NULL OR a.relation IN (SELECT r.name FROM relation r)
$$;

-- Every number is something: Metabase guesses at what is nothing, by its name that return_on_cost is a cost in dollars, and by
-- few different values that a count is a category. Amounts of money are numeric, and nothing else is.
CREATE FUNCTION _clientele.workspace_number_kind(name name, type oid) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN type = 'numeric'::regtype THEN 'money'
        WHEN type = 'double precision'::regtype AND name ~ 'share(_lower|_upper)?$' THEN 'share'
        WHEN type = 'double precision'::regtype AND name ~ '^(nps|(.*_)?score)(_lower|_upper|_change)?$' THEN 'score'
        WHEN type IN ('double precision'::regtype, 'integer'::regtype, 'bigint'::regtype) THEN 'number' END
$$;

CREATE FUNCTION _clientele.workspace_title(name name) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT string_agg(CASE w.word WHEN 'pct' THEN '%' WHEN 'p90' THEN '90th Percentile' WHEN 'nps' THEN 'NPS' WHEN 'rfm' THEN 'RFM' WHEN 'abc' THEN 'ABC'
        WHEN 'xyz' THEN 'XYZ' WHEN 'id' THEN 'ID' ELSE initcap(w.word) END, ' ' ORDER BY w.n)
    FROM string_to_table(name, '_') WITH ORDINALITY w(word, n)
$$;
