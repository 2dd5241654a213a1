-- workspace: attaching a table of customers, whose columns divide them

CREATE FUNCTION attach_customers(
    customers regclass,
    customer text DEFAULT NULL,
    dimensions text[] DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    name text[] DEFAULT NULL,
    contact text[] DEFAULT NULL,
    referrer text DEFAULT NULL)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
    SELECT f.*
    FROM _clientele.workspace_attach_other(workspace, 'customers', customers, jsonb_build_object(
        'customer', customer, 'dimensions', dimensions, 'name', name, 'contact', contact, 'referrer', referrer)) f
$$;
COMMENT ON FUNCTION attach_customers(regclass, text, text[], text, text[], text[], text) IS
'Attaches a table of customers to a workspace: its columns divide the customers, in customer_dimensions, retention_by_dimension, cohorts_by_dimension and first_purchase, name them in customers, win_back, at_risk and second_order_due, and say who brought whom, in referrals and sources. Can be run again.
Arguments: customers: a table, partitioned or foreign table, view or materialized view; customer: name of the column that the orders'' customer is, where left out that of the last time, else found by its usual names; dimensions: array of the names of columns such as region or age group (''{region,age_group}''), where left out those with usual names; workspace: name of the schema; name: array of the names of the columns that make up a customer''s name (''{full_name}''), set with a space between them; contact: array of the names of columns such as e-mail and phone (''{email}''), set with a comma between them. Neither is looked for, since whoever reads the workspace sees them: where left out those of the last time, none where empty (''{}''); referrer: name of the column with the customer who brought this one, where left out that of the last time, else found by its usual names, none where empty ('''').
Result: rows of topic, finding and advice: what was found and chosen.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 22023 for dimensions of those names or NULL, 42809 for what is no table or view, 55000 where what is stored is distributed and other nodes do not know of it, 42501 without SELECT on the columns or for a workspace of somebody else.';

CREATE FUNCTION _clientele.workspace_attach_customers(workspace text, customers regclass, given jsonb) RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET quote_all_identifiers = off
AS $$
DECLARE
    known jsonb;
    key _clientele.attached_column;
    referrer text;
    referrer_column _clientele.attached_column;
    dimensions text[];
    name text[];
    contact text[];
BEGIN
    PERFORM _clientele.workspace_enter(workspace);
    PERFORM _clientele.workspace_choose_nodes(_clientele.workspace_known_storage(workspace));
    PERFORM _clientele.workspace_check_relation(customers, workspace);
    PERFORM _clientele.workspace_lock_relation(customers);
    known := _clientele.workspace_attached_columns(workspace, customers, 'customers') - 'dimensions'::text || given;
    key := _clientele.workspace_column(customers, 'customer_key', known->>'customer', true);
    dimensions := CASE WHEN known ? 'dimensions' THEN _clientele.workspace_texts(known->'dimensions')
        ELSE ARRAY(SELECT c.name FROM _clientele.workspace_candidates(customers, 'dimension') c WHERE c.usual AND c.usable AND has_column_privilege(customers, c.name, 'SELECT')) END;
    name := _clientele.workspace_texts(known->'name');
    contact := _clientele.workspace_texts(known->'contact');
    IF dimensions && '{first_source,first_category}' THEN
        RAISE EXCEPTION 'invalid value for parameter "dimensions": %', dimensions
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'first_source and first_category are those of the orders: attach a view that renames the columns.';
    END IF;
    PERFORM _clientele.workspace_check_customer_columns(customers, 'dimensions', dimensions);
    PERFORM _clientele.workspace_check_customer_columns(customers, 'name', name);
    PERFORM _clientele.workspace_check_customer_columns(customers, 'contact', contact);
    PERFORM _clientele.workspace_check_privileges(customers, ARRAY[key.name]);
    referrer := known->>'referrer';
    referrer_column := _clientele.workspace_referrer_column(workspace, customers, referrer);
    PERFORM _clientele.workspace_write_attached(workspace, ROW('customers', customers, jsonb_build_object('customer', key.name, 'dimensions', to_jsonb(dimensions),
        'name', to_jsonb(name), 'contact', to_jsonb(contact), 'referrer', coalesce(referrer_column.name, referrer)))::_clientele.attached_relation);
    PERFORM _clientele.workspace_refresh_attached(workspace, 'customers');
    RETURN QUERY VALUES
        ('customer', format('column %I (%s), %s', key.name, key.type, key.found), NULL),
        ('dimensions', coalesce(nullif(array_to_string(dimensions, ', '), ''), 'none'),
            CASE WHEN cardinality(dimensions) = 0 THEN 'Name columns with dimensions => ''{region,age_group}''' END),
        ('name', coalesce(nullif(array_to_string(name, ', '), ''), 'none'),
            CASE WHEN cardinality(name) = 0 THEN 'Name columns with name => ''{first_name,last_name}'' to show them in customers and in the lists' END),
        ('contact', coalesce(nullif(array_to_string(contact, ', '), ''), 'none'),
            CASE WHEN cardinality(contact) = 0 THEN 'Name columns with contact => ''{email}''; whoever may read the workspace will see them' END);
    IF referrer_column.name IS NOT NULL THEN
        RETURN QUERY VALUES ('referrer', format('column %I (%s), %s', referrer_column.name, referrer_column.type, referrer_column.found),
            'If it names no customers: attach again with referrer => ''''');
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_texts(list jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN ARRAY(SELECT t.value FROM jsonb_array_elements_text(list) WITH ORDINALITY t(value, place) ORDER BY t.place);

CREATE FUNCTION _clientele.workspace_check_customer_columns(customers regclass, parameter text, columns text[]) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF array_position(columns, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'invalid value for parameter "%": %', parameter, columns
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Name columns, such as ''{region,age_group}'', or none: ''{}''.';
    END IF;
    PERFORM _clientele.workspace_given_column(customers, 'dimension', c, true) FROM unnest(columns) c;
    PERFORM _clientele.workspace_check_privileges(customers, columns::name[]);
END
$$;

-- A column that merely has the name is left alone where it does not hold customers, such as a web address.
CREATE FUNCTION _clientele.workspace_referrer_column(workspace text, customers regclass, given text) RETURNS _clientele.attached_column
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    col _clientele.attached_column := _clientele.workspace_column(customers, 'referrer', given, false);
BEGIN
    IF col.name IS NULL THEN
        RETURN NULL;
    ELSIF given IS NULL THEN
        RETURN CASE WHEN _clientele.workspace_key_sql(_clientele.workspace_role_column(_clientele.workspace_attached(workspace, 'orders'), 'customer'), NULL, col) IS NOT NULL THEN col END;
    END IF;
    PERFORM _clientele.workspace_customer_key_sql(workspace, ROW('customers', customers, jsonb_build_object('referrer', given))::_clientele.attached_relation, 'referrer');
    PERFORM _clientele.workspace_check_privileges(customers, ARRAY[col.name]);
    RETURN col;
END
$$;

CREATE FUNCTION detach_customers(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM _clientele.workspace_detach(workspace, 'customers');
END
$$;
COMMENT ON FUNCTION detach_customers(text) IS
'Takes the table of customers from a workspace: the table stays as it is, the views lose its dimensions and names.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else.';
