-- workspace: the express test of loyalty

CREATE FUNCTION workspace_create_express_test(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Histories are read twice, and worked out once.
    PERFORM @extschema@.workspace_create_view(workspace, 'express_test', format($view$
        WITH histories AS MATERIALIZED (SELECT h.customer, h.history FROM %1$I.order_history h)
        SELECT t.as_of, (t.result).light, coalesce((t.result).light_by, t.light_by) AS light_by, (t.result).certain, (t.result).advice,
            (t.result).customers, (t.result).one_time_customers, (t.result).regular_customers,
            (t.result).young_customers, (t.result).one_time_share, (t.result).one_time_share_lower,
            (t.result).one_time_share_upper, (t.result).regular_share, (t.result).regular_share_lower,
            (t.result).regular_share_upper, (t.result).difference, (t.result).difference_lower,
            (t.result).difference_upper, (t.result).sales, (t.result).one_time_sales, (t.result).regular_sales,
            (t.result).young_sales, t.unassigned_sales, coalesce((t.result).unassigned_share, CASE WHEN t.unassigned_sales > 0 THEN 1 END) AS unassigned_share,
            (t.result).one_time_sales_share, (t.result).one_time_sales_share_lower,
            (t.result).one_time_sales_share_upper, (t.result).regular_sales_share,
            (t.result).regular_sales_share_lower, (t.result).regular_sales_share_upper, (t.result).sales_difference,
            (t.result).sales_difference_lower, (t.result).sales_difference_upper,
            (t.result).customers >= t.enough AS enough
        FROM (
            SELECT p.as_of, p.enough, p.light_by, p.unassigned_sales, (
                SELECT %2$s.express_test(h.history, p.as_of, p.unassigned_sales, p.regular_within, p.new_within,
                    p.regular_purchases, p.count_by, p.one_time_limit, p.light_by, 0.95)
                FROM histories h
                WHERE h.customer IS NOT NULL) AS result
            FROM (
                SELECT r.as_of, s.*, coalesce((
                    SELECT %2$s.revenue(h.history, (r.as_of - s.regular_within)::date, r.as_of)
                    FROM histories h
                    WHERE h.customer IS NULL), 0.00) AS unassigned_sales
                FROM %1$I.reporting_date r
                CROSS JOIN (SELECT x.regular_within, x.new_within, x.regular_purchases, x.count_by, x.one_time_limit, x.light_by,
                                x.enough FROM %1$I.settings x) s
                LIMIT 1) p
            OFFSET 0) t
        $view$, workspace, '@extschema@'),
        'One row: do customers come back? The express test of loyalty over those who bought in the last six months',
        ARRAY[['as_of', 'The reporting date'],
              ['light', 'red: it cannot be answered; green: few come only once; yellow: one-timers exceed regulars; mixed: in between'],
              ['light_by', 'What the light goes by: shares of customers or of sales'],
              ['certain', 'Whether the whole confidence interval lies on that side'],
              ['advice', 'What to make of it'],
              ['customers', 'Number of customers who bought in the window and have had time to come back'],
              ['one_time_customers', 'Number of those with exactly one purchase ever'],
              ['regular_customers', 'Number of those with three purchases or more in the window'],
              ['young_customers', 'Number of one-timers who have had no time to come back: in no share'],
              ['one_time_share', 'Share of customers who came once, 0 to 1'],
              ['one_time_share_lower', 'Lower bound of its 95 % interval (Wilson)'],
              ['one_time_share_upper', 'Upper bound'],
              ['regular_share', 'Share of customers who are regulars, 0 to 1'],
              ['regular_share_lower', 'Lower bound of its 95 % interval (Wilson)'],
              ['regular_share_upper', 'Upper bound'],
              ['difference', 'Regulars less one-timers, in points, -100 to 100'],
              ['difference_lower', 'Lower bound of its 95 % interval'],
              ['difference_upper', 'Upper bound'],
              ['sales', 'Sales to these customers in the window, returns taken off'],
              ['one_time_sales', 'Sales to one-timers'],
              ['regular_sales', 'Sales to regulars'],
              ['young_sales', 'Sales to one-timers who have had no time to come back'],
              ['unassigned_sales', 'Sales in the window without a customer'],
              ['unassigned_share', 'Their share of all sales in the window, 0 to 1'],
              ['one_time_sales_share', 'Share of sales to one-timers, 0 to 1'],
              ['one_time_sales_share_lower', 'Lower bound of its 95 % interval (ratio over customers)'],
              ['one_time_sales_share_upper', 'Upper bound'],
              ['regular_sales_share', 'Share of sales to regulars, 0 to 1'],
              ['regular_sales_share_lower', 'Lower bound of its 95 % interval'],
              ['regular_sales_share_upper', 'Upper bound'],
              ['sales_difference', 'Share of regulars less that of one-timers, in points, -100 to 100'],
              ['sales_difference_lower', 'Lower bound of its 95 % interval'],
              ['sales_difference_upper', 'Upper bound'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_express_test(name) IS
'Internal to attach_orders(): Makes the view express_test of a workspace.';
