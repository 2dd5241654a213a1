-- workspace: attaching a table of customers, whose columns divide them

CREATE FUNCTION attach_customers(
    customers regclass,
    customer text DEFAULT NULL,
    dimensions text[] DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    name text[] DEFAULT NULL,
    contact text[] DEFAULT NULL,
    referrer text DEFAULT NULL)
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
SET quote_all_identifiers = off
AS $$
DECLARE
    key @extschema@.order_column;
    known jsonb;
    referrer_column @extschema@.order_column;
    chosen_dimensions text[];
    chosen_name text[];
    chosen_contact text[];
BEGIN
    IF customers IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'customers and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of customers: attach_customers(''sales.customers'').';
    END IF;
    PERFORM @extschema@.workspace_enter(workspace);
    PERFORM @extschema@.workspace_check_relation(customers, workspace);
    PERFORM @extschema@.workspace_lock_relation(customers);
    known := @extschema@.workspace_attached_columns(workspace, customers, 'customers');
    key := @extschema@.workspace_column(customers, 'customer_key', coalesce(customer, known->>'customer'), true);
    chosen_dimensions := coalesce(dimensions, @extschema@.workspace_found_dimensions(customers));
    chosen_name := coalesce(name, ARRAY(SELECT jsonb_array_elements_text(known->'name')));
    chosen_contact := coalesce(contact, ARRAY(SELECT jsonb_array_elements_text(known->'contact')));
    IF chosen_dimensions && '{first_source,first_category}' THEN
        RAISE EXCEPTION 'invalid value for parameter "dimensions": %', chosen_dimensions
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'first_source and first_category are those of the orders: attach a view that renames the columns.';
    END IF;
    PERFORM @extschema@.workspace_check_customer_columns(customers, 'dimensions', chosen_dimensions);
    PERFORM @extschema@.workspace_check_customer_columns(customers, 'name', chosen_name);
    PERFORM @extschema@.workspace_check_customer_columns(customers, 'contact', chosen_contact);
    PERFORM @extschema@.workspace_check_privileges(customers, ARRAY[key.name]);
    referrer := coalesce(referrer, known->>'referrer');
    referrer_column := @extschema@.workspace_referrer_column(workspace, customers, referrer);
    EXECUTE format($dml$
        INSERT INTO %I.attached VALUES ('customers', $1, $2)
        ON CONFLICT (relation_role) DO UPDATE SET relation = excluded.relation, columns = excluded.columns
        $dml$, workspace) USING customers::text, jsonb_build_object('customer', key.name, 'dimensions', to_jsonb(chosen_dimensions),
            'name', to_jsonb(chosen_name), 'contact', to_jsonb(chosen_contact), 'referrer', coalesce(referrer_column.name, referrer));
    PERFORM @extschema@.workspace_refresh_dimensions(workspace);
    RETURN QUERY VALUES
        ('customer', format('column %I (%s), %s', key.name, key.type, key.found), NULL),
        ('dimensions', coalesce(nullif(array_to_string(chosen_dimensions, ', '), ''), 'none'),
            CASE WHEN cardinality(chosen_dimensions) = 0 THEN 'Name columns with dimensions => ''{region,age_group}''' END),
        ('name', coalesce(nullif(array_to_string(chosen_name, ', '), ''), 'none'),
            CASE WHEN cardinality(chosen_name) = 0 THEN 'Name columns with name => ''{first_name,last_name}'' to show them in customers and in the lists' END),
        ('contact', coalesce(nullif(array_to_string(chosen_contact, ', '), ''), 'none'),
            CASE WHEN cardinality(chosen_contact) = 0 THEN 'Name columns with contact => ''{email}''; whoever may read the workspace will see them' END);
    IF referrer_column.name IS NOT NULL THEN
        RETURN QUERY VALUES ('referrer', format('column %I (%s), %s', referrer_column.name, referrer_column.type, referrer_column.found),
            'If it names no customers: attach again with referrer => ''''');
    END IF;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_matches(workspace) f;
END
$$;
COMMENT ON FUNCTION attach_customers(regclass, text, text[], text, text[], text[], text) IS
'Attaches a table of customers to a workspace: its columns divide the customers, in customer_dimensions, retention_by_dimension, cohorts_by_dimension and first_purchase, name them in customers, win_back, at_risk and second_order_due, and say who brought whom, in referrals and sources. Can be run again.
Arguments: customers: a table, partitioned or foreign table, view or materialized view; customer: name of the column that the orders'' customer is, where left out that of the last time, else found by its usual names; dimensions: array of the names of columns such as region or age group (''{region,age_group}''), where left out those with usual names; workspace: name of the schema; name: array of the names of the columns that make up a customer''s name (''{full_name}''), set with a space between them; contact: array of the names of columns such as e-mail and phone (''{email}''), set with a comma between them. Neither is looked for, since whoever reads the workspace sees them: where left out those of the last time, none where empty (''{}''); referrer: name of the column with the customer who brought this one, where left out that of the last time, else found by its usual names, none where empty ('''').
Result: rows of topic, finding and advice: what was found and chosen.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 22023 for dimensions of those names or NULL, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else.';

CREATE FUNCTION workspace_diagnose_matches(workspace name) RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached @extschema@.attached_relation;
    matches record;
    dimension record;
BEGIN
    IF to_regclass(format('%I.customer_history', workspace)) IS NULL THEN
        RETURN;
    END IF;
    attached := @extschema@.workspace_attached_relation(workspace, 'customers', @extschema@.workspace_orders_customer(workspace));
    EXECUTE format($query$
        SELECT count(*) AS customers, count(k.customer) AS found
        FROM %I.customer_history h LEFT JOIN (SELECT DISTINCT %s AS customer FROM %s o) k ON k.customer = h.customer
        $query$, workspace, attached.key, attached.relation) INTO matches;
    RETURN QUERY SELECT 'customers', 'customers of the orders that are found there: '
            || @extschema@.workspace_row_share(matches.found, matches.customers),
        CASE WHEN matches.found * 2 < matches.customers THEN 'Is it the column that the orders'' customer is? Name it with customer => ''...''' END
    WHERE matches.customers > 0;
    FOR dimension IN EXECUTE format($query$
        SELECT d.dimension AS name, count(DISTINCT d.value) AS found
        FROM %I.customer_dimensions d WHERE d.dimension NOT IN ('first_source', 'first_category')
        GROUP BY d.dimension HAVING count(DISTINCT d.value) > 50 ORDER BY d.dimension
        $query$, workspace)
    LOOP
        RETURN QUERY VALUES ('many values', format('%s has %s values', dimension.name, dimension.found),
            'Each of them is a line in the views by dimension: leave it out with dimensions => ''{...}'', or attach a view that groups them');
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_diagnose_matches(name) IS
'Internal to attach_customers(): The findings on how many customers are known, and on dimensions that divide them too finely.';

CREATE FUNCTION workspace_check_customer_columns(customers regclass, parameter text, columns text[]) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF array_position(columns, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'invalid value for parameter "%": %', parameter, columns
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Name columns, such as ''{region,age_group}'', or none: ''{}''.';
    END IF;
    PERFORM @extschema@.workspace_given_column(customers, 'dimension', c) FROM unnest(columns) c;
    PERFORM @extschema@.workspace_check_privileges(customers, columns::name[]);
END
$$;
COMMENT ON FUNCTION workspace_check_customer_columns(regclass, text, text[]) IS
'Internal to attach_customers(): Checks columns of the table of customers that a parameter names.
Errors: 22023 for NULL, 42703 for a missing column, 42804 for a type that does not fit, 42501 without SELECT.';

CREATE FUNCTION detach_customers(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM @extschema@.workspace_enter(workspace);
    EXECUTE format('DELETE FROM %I.attached WHERE relation_role = ''customers''', workspace);
    PERFORM @extschema@.workspace_refresh_dimensions(workspace);
END
$$;
COMMENT ON FUNCTION detach_customers(text) IS
'Takes the table of customers from a workspace: the table stays as it is, the views lose its dimensions and names.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else.';

CREATE FUNCTION workspace_refresh_dimensions(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    orders record;
    columns @extschema@.order_columns;
BEGIN
    -- Between detach_orders() and upgrade_workspace() there are no views.
    IF to_regclass(format('%I.customer_history', workspace)) IS NULL THEN
        RETURN;
    END IF;
    PERFORM @extschema@.workspace_lock_views(workspace);
    EXECUTE format('SELECT a.relation::regclass AS relation, a.columns FROM %I.attached a WHERE a.relation_role = ''orders''', workspace) INTO orders;
    columns := @extschema@.workspace_order_columns(orders.relation, orders.columns);
    PERFORM @extschema@.workspace_create_customer_details(workspace, columns.customer);
    PERFORM @extschema@.workspace_create_referrals(workspace, columns.customer);
    PERFORM @extschema@.workspace_create_dimensions(workspace::name, columns);
    IF @extschema@.workspace_is_stored(workspace, 'customer_dimensions') THEN
        PERFORM @extschema@.workspace_drop_stored(workspace, '{customer_dimensions}');
        PERFORM @extschema@.workspace_store(workspace, '{customer_dimensions}');
        IF @extschema@.workspace_is_stored(workspace, 'survey_by_dimension') THEN
            EXECUTE format('REFRESH MATERIALIZED VIEW %I.%I', workspace, @extschema@.workspace_data_name('survey_by_dimension'));
        END IF;
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_refresh_dimensions(text) IS
'Internal to attach_customers(): Makes the views that read the table of customers anew.';

CREATE FUNCTION workspace_found_dimensions(customers regclass) RETURNS text[]
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(c.name::text), '{}') FROM @extschema@.workspace_columns(customers, 'dimension') c
    WHERE c.usual AND c.usable AND has_column_privilege(customers, c.name, 'SELECT')
$$;
COMMENT ON FUNCTION workspace_found_dimensions(regclass) IS
'Internal to attach_customers(): The readable columns with usual names of dimensions.';

CREATE FUNCTION workspace_customer_dimensions_sql(workspace name, orders_customer order_column) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'customers', orders_customer);
    pairs text;
BEGIN
    SELECT string_agg(format('(%L, o.%I::text)', d.name, d.name), ', ' ORDER BY d."position") INTO pairs
    FROM jsonb_array_elements_text(attached.columns->'dimensions') WITH ORDINALITY d(name, "position");
    IF pairs IS NULL THEN
        RETURN '';
    END IF;
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
        $query$, attached.key, attached.relation, pairs);
END
$$;
COMMENT ON FUNCTION workspace_customer_dimensions_sql(name, order_column) IS
'Internal to attach_customers(): The part of customer_dimensions that the table of customers gives, empty without one.
Errors: as workspace_attached_relation().';

CREATE FUNCTION workspace_joined_columns_sql(columns jsonb, separator text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN jsonb_array_length(columns) > 0
        THEN format('nullif(concat_ws(%L, %s), %L)', separator,
            (SELECT string_agg(format('nullif(o.%I::text, %L)', c.name, ''), ', ' ORDER BY c."position")
                FROM jsonb_array_elements_text(columns) WITH ORDINALITY c(name, "position")), '')
        ELSE 'NULL::text' END
$$;
COMMENT ON FUNCTION workspace_joined_columns_sql(jsonb, text) IS
'Internal to attach_customers(): The SQL expression of some columns of a row o as one text.';

CREATE FUNCTION workspace_create_customer_details(workspace name, orders_customer order_column) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'customers', orders_customer);
    query text := format('SELECT h.customer, NULL::text AS customer_name, NULL::text AS contact FROM %I.order_history h WHERE false', workspace);
BEGIN
    -- Grouped, there is one row per customer, whatever the table has: views may join them without gaining rows.
    IF jsonb_array_length(attached.columns->'name') + jsonb_array_length(attached.columns->'contact') > 0 THEN
        query := format($query$
            SELECT c.customer, min(c.customer_name) AS customer_name, min(c.contact) AS contact
            FROM (SELECT %s AS customer, %s AS customer_name, %s AS contact FROM %s o) c
            WHERE c.customer IS NOT NULL
            GROUP BY c.customer
            $query$, attached.key, @extschema@.workspace_joined_columns_sql(attached.columns->'name', ' '),
            @extschema@.workspace_joined_columns_sql(attached.columns->'contact', ', '), attached.relation);
    END IF;
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_details', query,
        'Names and contacts of customers, where attach_customers() was told of them',
        ARRAY[['customer', 'The customer, as in the orders']] || @extschema@.workspace_detail_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_customer_details(name, order_column) IS
'Internal to attach_customers(): Makes the view customer_details of a workspace, without rows where there is nothing to tell.
Errors: as workspace_attached_relation().';

CREATE FUNCTION workspace_detail_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['customer_name', 'Name of the customer; empty where attach_customers() was told of none'],
        ['contact', 'How to reach the customer; empty where attach_customers() was told of none']]
$$;
COMMENT ON FUNCTION workspace_detail_comments() IS
'Internal to attach_customers(): The comments on the columns of customer_details.';
