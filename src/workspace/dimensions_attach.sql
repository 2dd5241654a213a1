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
    chosen := coalesce(dimensions, @extschema@.workspace_found_dimensions(customers));
    IF chosen && '{first_source,first_category}' OR array_position(chosen, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'invalid value for parameter "dimensions": %', chosen
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'Name columns; first_source and first_category are those of the orders: attach a view that renames them.';
    END IF;
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
'Attaches a table of customers to a workspace: its columns divide the customers, in customer_dimensions, retention_by_dimension, cohorts_by_dimension and first_purchase. Can be run again.
Arguments: customers: a table, partitioned or foreign table, view or materialized view; customer: name of the column that the orders'' customer is, where left out found by its usual names; dimensions: names of columns such as region or age group, where left out those with usual names; workspace: name of the schema.
Result: rows of topic, finding and advice: what was found and chosen.
Errors: 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 22023 for dimensions of those names or NULL, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else.';

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

-- As the orders' customer is shown, type, case and collation: the parts of a union have to agree. A key out of the range
-- of their type is nobody there.
CREATE FUNCTION workspace_customer_key_sql(orders_customer order_column, collation_name text, key order_column) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH shown AS (
        SELECT coalesce((SELECT x FROM unnest('{smallint,integer,bigint,numeric,uuid}'::regtype[]) x WHERE x = (orders_customer).type), 'text'::regtype) AS ours,
            coalesce((SELECT x FROM unnest('{smallint,integer,bigint,numeric,uuid}'::regtype[]) x WHERE x = (key).type), 'text'::regtype) AS theirs,
            (SELECT t.typname = 'citext' FROM pg_type t WHERE t.oid = (orders_customer).type) AS any_case
    ), whole AS (SELECT '{smallint,integer,bigint}'::regtype[] AS types)
    SELECT CASE
        WHEN ours = 'text'::regtype AND theirs = 'text'::regtype
            THEN format(CASE WHEN any_case THEN 'lower(o.%I::text)' ELSE 'o.%I::text' END, (key).name) || coalesce(' COLLATE ' || collation_name, '')
        WHEN ours = theirs THEN format('o.%I::%s', (key).name, ours)
        WHEN ours = 'numeric'::regtype AND theirs = ANY (types) THEN format('o.%I::numeric', (key).name)
        WHEN ours = ANY (types) AND theirs = ANY (types || 'numeric'::regtype)
            THEN format('CASE WHEN o.%1$I BETWEEN %2$s AND %3$s AND o.%1$I = trunc(o.%1$I) THEN o.%1$I::%4$s END', (key).name,
                CASE ours WHEN 'smallint'::regtype THEN '-32768' WHEN 'integer'::regtype THEN '-2147483648' ELSE '-9223372036854775808' END,
                CASE ours WHEN 'smallint'::regtype THEN '32767' WHEN 'integer'::regtype THEN '2147483647' ELSE '9223372036854775807' END, ours)
        END
    FROM shown, whole
$$;
COMMENT ON FUNCTION workspace_customer_key_sql(order_column, text, order_column) IS
'Internal to attach_customers(): The SQL expression of the key of a row o of customers as a customer of the orders, NULL where it cannot be one.';

CREATE FUNCTION workspace_checked_customer_key_sql(workspace name, customers regclass, orders_customer order_column, key order_column) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ours record;
    expression text;
BEGIN
    SELECT a.atttypid::regtype AS type, quote_ident(n.nspname) || '.' || quote_ident(c.collname) AS collation_name INTO ours
    FROM pg_attribute a
    LEFT JOIN pg_collation c ON c.oid = a.attcollation
    LEFT JOIN pg_namespace n ON n.oid = c.collnamespace
    WHERE a.attrelid = to_regclass(format('%I.customer_history', workspace)) AND a.attname = 'customer';
    expression := @extschema@.workspace_customer_key_sql(orders_customer, CASE WHEN ours.type = 'text'::regtype THEN ours.collation_name END, key);
    IF expression IS NULL THEN
        RAISE EXCEPTION 'column "%" of % cannot be the customer of the orders: its type is %, theirs is %', key.name, customers, key.type, ours.type
            USING ERRCODE = 'datatype_mismatch',
                HINT = format('Attach a view of %s with %I::%s, or detach_customers() first.', customers, key.name, ours.type);
    END IF;
    RETURN expression;
END
$$;
COMMENT ON FUNCTION workspace_checked_customer_key_sql(name, regclass, order_column, order_column) IS
'Internal to attach_customers(): The SQL expression of the key of a row o of customers as a customer of the orders.
Errors: 42804 where it cannot be one.';

CREATE FUNCTION workspace_customer_dimensions_sql(workspace name, orders_customer order_column) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached record;
    pairs text;
    key text;
BEGIN
    EXECUTE format('SELECT a.relation, to_regclass(a.relation) AS customers, a.columns FROM %I.attached a WHERE a.relation_role = ''customers''',
        workspace) INTO attached;
    SELECT string_agg(format('(%L, o.%I::text)', d.name, d.name), ', ' ORDER BY d."position") INTO pairs
    FROM jsonb_array_elements_text(attached.columns->'dimensions') WITH ORDINALITY d(name, "position");
    IF pairs IS NULL THEN
        RETURN '';
    ELSIF attached.customers IS NULL THEN
        RAISE EXCEPTION 'the attached table of customers, %, does not exist any more', attached.relation
            USING ERRCODE = 'undefined_table', HINT = 'Run attach_customers() with its new name, or detach_customers(), first.';
    END IF;
    key := @extschema@.workspace_checked_customer_key_sql(workspace, attached.customers, orders_customer,
        @extschema@.workspace_given_column(attached.customers, 'customer_key', attached.columns->>'customer'));
    -- A customer who is there twice has one value.
    RETURN format($query$
        UNION ALL
        SELECT c.customer, c.dimension, min(c.value) AS value
        FROM (
            SELECT %1$s AS customer, v.dimension, v.value
            FROM %2$s o
            CROSS JOIN LATERAL (VALUES %3$s) v(dimension, value)) c
        WHERE c.customer IS NOT NULL AND c.value IS NOT NULL
        GROUP BY c.customer, c.dimension
        $query$, key, attached.customers, pairs);
END
$$;
COMMENT ON FUNCTION workspace_customer_dimensions_sql(name, order_column) IS
'Internal to attach_customers(): The part of customer_dimensions that the table of customers gives, empty without one.
Errors: 42P01 where that table does not exist any more, 42804 where its key cannot be a customer of the orders.';

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
