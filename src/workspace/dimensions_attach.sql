-- workspace: attaching a table of customers, whose columns divide them

CREATE FUNCTION attach_customers(
    customers regclass,
    customer text DEFAULT NULL,
    dimensions text[] DEFAULT NULL,
    workspace text DEFAULT 'loyalty')
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    key @extschema@.order_column;
    chosen text[];
BEGIN
    IF customers IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'customers and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of customers: attach_customers(''sales.customers'').';
    END IF;
    PERFORM @extschema@.workspace_check_exists(workspace);
    PERFORM @extschema@.workspace_check_relation(customers, workspace);
    PERFORM pg_advisory_xact_lock(hashtextextended('clientele workspace ' || workspace, 0));
    PERFORM @extschema@.workspace_check_owner(workspace);
    key := @extschema@.workspace_column(customers, 'customer_key', customer);
    PERFORM @extschema@.workspace_check_customer_type(workspace, customers, key);
    chosen := coalesce(dimensions, @extschema@.workspace_found_dimensions(customers));
    PERFORM @extschema@.workspace_given_column(customers, 'dimension', d) FROM unnest(chosen) d;
    PERFORM @extschema@.workspace_check_privileges(customers, chosen::name[] || key.name);
    EXECUTE format($dml$
        INSERT INTO %I.attached VALUES ('customers', $1, $2)
        ON CONFLICT (relation_role) DO UPDATE SET relation = excluded.relation, columns = excluded.columns
        $dml$, workspace) USING customers::text, jsonb_build_object('customer', key.name, 'dimensions', to_jsonb(chosen));
    PERFORM @extschema@.workspace_refresh_dimensions(workspace);
    RETURN QUERY VALUES
        ('customer', format('column %I (%s), %s', key.name, key.type, key.found), NULL),
        ('dimensions', coalesce(nullif(array_to_string(chosen, ', '), ''), 'none'),
            CASE WHEN cardinality(chosen) = 0 THEN 'Name columns with dimensions => ''{region,age_group}''' END);
END
$$;
COMMENT ON FUNCTION attach_customers(regclass, text, text[], text) IS
'Attaches a table of customers to a workspace: its columns divide the customers, in customer_dimensions, retention_by_dimension and first_purchase. Can be run again.
Arguments: customers: a table, partitioned or foreign table, view or materialized view; customer: name of the column that the orders'' customer is, where left out found by its usual names; dimensions: names of columns such as region or age group, where left out those with usual names; workspace: name of the schema.
Result: rows of topic, finding and advice: what was found and chosen.
Errors: 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42501 without SELECT on the columns or for a workspace of somebody else.';

CREATE FUNCTION detach_customers(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_check_exists(workspace);
    PERFORM pg_advisory_xact_lock(hashtextextended('clientele workspace ' || workspace, 0));
    PERFORM @extschema@.workspace_check_owner(workspace);
    EXECUTE format('DELETE FROM %I.attached WHERE relation_role = ''customers''', workspace);
    PERFORM @extschema@.workspace_refresh_dimensions(workspace);
END
$$;
COMMENT ON FUNCTION detach_customers(text) IS
'Takes the table of customers from a workspace: the table stays as it is, the views lose its dimensions.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else.';

CREATE FUNCTION workspace_refresh_dimensions(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    orders record;
BEGIN
    EXECUTE format('SELECT a.relation::regclass AS relation, a.columns FROM %I.attached a WHERE a.relation_role = ''orders''', workspace) INTO orders;
    PERFORM @extschema@.workspace_create_dimensions(workspace::name, orders.relation,
        @extschema@.workspace_order_columns(orders.relation, orders.columns));
END
$$;
COMMENT ON FUNCTION workspace_refresh_dimensions(text) IS
'Internal to attach_customers(): Makes the views by dimension anew.';

CREATE FUNCTION workspace_found_dimensions(customers regclass) RETURNS text[]
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(c.name::text), '{}') FROM @extschema@.workspace_columns(customers, 'dimension') c
    WHERE c.usual AND c.usable AND has_column_privilege(customers, c.name, 'SELECT')
$$;
COMMENT ON FUNCTION workspace_found_dimensions(regclass) IS
'Internal to attach_customers(): The readable columns with usual names of dimensions.';

-- The views compare the two, and a type that does not compare would fail there in words of the parser.
CREATE FUNCTION workspace_check_customer_type(workspace text, customers regclass, key order_column) RETURNS void
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ours regtype;
BEGIN
    SELECT a.atttypid INTO ours FROM pg_attribute a
    WHERE a.attrelid = to_regclass(format('%I.customer_history', workspace)) AND a.attname = 'customer';
    EXECUTE format('SELECT FROM %I.customer_history h JOIN (SELECT %s AS customer FROM %s o) c ON c.customer = h.customer LIMIT 0',
        workspace, @extschema@.workspace_customer_sql(key), customers);
EXCEPTION WHEN undefined_function THEN
    RAISE EXCEPTION 'column "%" of % cannot be the customer of the orders: its type is %, theirs is %', key.name, customers, key.type, ours
        USING ERRCODE = 'datatype_mismatch', HINT = format('Attach a view of %s with %I::%s.', customers, key.name, ours);
END
$$;
COMMENT ON FUNCTION workspace_check_customer_type(text, regclass, order_column) IS
'Internal to attach_customers(): Checks that a column can be compared with the customers of the orders.
Errors: 42804 otherwise.';

CREATE FUNCTION workspace_customer_dimensions_sql(workspace name) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached record;
    key @extschema@.order_column;
    pairs text;
BEGIN
    EXECUTE format('SELECT a.relation::regclass AS relation, a.columns FROM %I.attached a WHERE a.relation_role = ''customers''', workspace) INTO attached;
    SELECT string_agg(format('(%L, o.%I::text)', d.name, d.name), ', ' ORDER BY d."position") INTO pairs
    FROM jsonb_array_elements_text(attached.columns->'dimensions') WITH ORDINALITY d(name, "position");
    IF pairs IS NULL THEN
        RETURN '';
    END IF;
    key := @extschema@.workspace_given_column(attached.relation, 'customer_key', attached.columns->>'customer');
    -- A customer who is there twice has one value.
    RETURN format($query$
        UNION ALL
        SELECT %1$s AS customer, v.dimension, min(v.value) AS value
        FROM %2$s o
        CROSS JOIN LATERAL (VALUES %3$s) v(dimension, value)
        WHERE %1$s IS NOT NULL AND v.value IS NOT NULL
        GROUP BY %1$s, v.dimension
        $query$, @extschema@.workspace_customer_sql(key), attached.relation, pairs);
END
$$;
COMMENT ON FUNCTION workspace_customer_dimensions_sql(name) IS
'Internal to attach_customers(): The part of customer_dimensions that the table of customers gives, empty without one.';

CREATE FUNCTION workspace_check_exists(workspace text) RETURNS void
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF @extschema@.workspace_owner(workspace) IS NULL THEN
        RAISE EXCEPTION '"%" is not a workspace', workspace
            USING ERRCODE = 'invalid_schema_name',
                HINT = coalesce((
                    SELECT 'There are: ' || string_agg(n.nspname, ', ' ORDER BY n.nspname)
                    FROM pg_namespace n WHERE @extschema@.workspace_owner(n.nspname) IS NOT NULL),
                    'There is none in this database; attach_orders() makes one.');
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_check_exists(text) IS
'Internal to attach_orders(): Checks that there is such a workspace.
Errors: 3F000 otherwise.';
