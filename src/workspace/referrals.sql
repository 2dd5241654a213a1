-- workspace: who brought whom, where the table of customers names the referrer

-- A column that merely has the name is left alone where it does not hold customers, such as a web address.
CREATE FUNCTION workspace_referrer_column(workspace text, customers regclass, given text) RETURNS order_column
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    col @extschema@.order_column := @extschema@.workspace_column(customers, 'referrer', given, false);
    expression text;
BEGIN
    IF col.name IS NULL THEN
        RETURN NULL;
    ELSIF given IS NULL THEN
        expression := @extschema@.workspace_customer_key_sql(@extschema@.workspace_orders_customer(workspace), NULL, col);
        RETURN CASE WHEN expression IS NOT NULL THEN col END;
    END IF;
    expression := @extschema@.workspace_checked_customer_key_sql(workspace, customers, @extschema@.workspace_orders_customer(workspace), col);
    PERFORM @extschema@.workspace_check_privileges(customers, ARRAY[col.name]);
    RETURN col;
END
$$;
COMMENT ON FUNCTION workspace_referrer_column(text, regclass, text) IS
'Internal to attach_customers(): The column of a table of customers that names the referrer, NULL without one.
Arguments: workspace; customers; given: its name, NULL to find it, none where empty.
Errors: 42703 for a missing column, 42804 where a given one cannot be a customer of the orders, 42501 without SELECT.';

CREATE FUNCTION workspace_create_referrals(workspace name, orders_customer order_column) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'customers', orders_customer);
    has_referrer CONSTANT boolean := coalesce(attached.columns->>'referrer', '') <> '';
    query text := format('SELECT h.customer, h.customer AS referrer FROM %I.order_history h WHERE false', workspace);
BEGIN
    IF has_referrer THEN
        query := format($query$
            SELECT DISTINCT ON (c.customer) c.customer, c.referrer
            FROM (SELECT %s AS customer, %s AS referrer FROM %s o) c
            WHERE c.customer IS NOT NULL AND c.referrer IS NOT NULL AND c.customer <> c.referrer
            ORDER BY c.customer, c.referrer
            $query$, attached.key,
            @extschema@.workspace_checked_customer_key_sql(workspace, attached.relation, orders_customer,
                @extschema@.workspace_given_column(attached.relation, 'referrer', attached.columns->>'referrer')),
            attached.relation);
    END IF;
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_referrers', query,
        'Who brought each customer, where attach_customers() was told of a column with the referrer',
        ARRAY[['customer', 'The customer, as in the orders'], ['referrer', 'Who brought the customer; the lesser one where there are two']]);
    PERFORM @extschema@.workspace_create_referrals_view(workspace, has_referrer);
END
$$;
COMMENT ON FUNCTION workspace_create_referrals(name, order_column) IS
'Internal to attach_customers(): Makes the views customer_referrers and referrals of a workspace, without rows where no column with the referrer is attached.
Errors: as workspace_attached_relation().';

CREATE FUNCTION workspace_create_referrals_view(workspace name, has_referrer boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Put together and grouped, and joined in full, nothing is ever a loop over all customers for each of them. DISTINCT tells
    -- the planner that they are one row each (see first_purchase).
    PERFORM @extschema@.workspace_create_view(workspace, 'referrals', format($view$
        WITH history AS MATERIALIZED (
            SELECT DISTINCT ON (h.customer) h.customer, %2$s.first_order(h.history, r.as_of) AS first_order, %2$s.revenue(h.history, r.as_of) AS revenue
            FROM %1$I.reporting_date r
            CROSS JOIN %1$I.customer_history h
            WHERE %3$L AND %2$s.first_order(h.history, r.as_of) IS NOT NULL
        )
        SELECT row_number() OVER (ORDER BY g.referred_revenue DESC, g.referred_customers DESC, g.customer) AS "position",
            g.customer, g.referred_customers, g.referred_revenue,
            (g.referred_revenue / g.referred_customers)::double precision AS referred_value_per_customer,
            g.first_referred, g.last_referred, g.revenue, g.revenue + g.referred_revenue AS revenue_with_referred, d.customer_name, d.contact
        FROM (
            SELECT u.customer, count(u.referred_on) AS referred_customers, sum(u.referred_revenue) AS referred_revenue,
                min(u.referred_on) AS first_referred, max(u.referred_on) AS last_referred, max(u.revenue) AS revenue
            FROM (
                SELECT f.referrer AS customer, h.first_order AS referred_on, h.revenue AS referred_revenue, NULL::numeric AS revenue
                FROM %1$I.customer_referrers f FULL JOIN history h ON h.customer = f.customer
                UNION ALL
                SELECT h.customer, NULL::date AS referred_on, NULL::numeric AS referred_revenue, h.revenue FROM history h) u
            GROUP BY u.customer
            HAVING count(u.referred_on) > 0 AND count(u.revenue) > 0) g
        LEFT JOIN %1$I.customer_details d ON d.customer = g.customer
        $view$, workspace, '@extschema@', has_referrer),
        'Customers who brought others, those first whose referrals brought most; where attach_customers() was told of a column with the referrer',
        ARRAY[['position', 'Order by what the referred customers brought'],
              ['customer', 'The customer who brought others'],
              ['referred_customers', 'Number of customers with an order whom they brought'],
              ['referred_revenue', 'Revenue of those customers'' whole life'],
              ['referred_value_per_customer', 'By number of them'],
              ['first_referred', 'Day of the first order of the first of them'],
              ['last_referred', 'Day of the first order of the last of them'],
              ['revenue', 'The referring customer''s own revenue'],
              ['revenue_with_referred', 'Both together: what keeping this customer is about']]
            || @extschema@.workspace_detail_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_referrals_view(name, boolean) IS
'Internal to attach_customers(): Makes the view referrals of a workspace.';
