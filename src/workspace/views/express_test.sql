-- Histories are read twice, and worked out once.
CREATE VIEW workspace.express_test AS
WITH histories AS MATERIALIZED (SELECT h.customer, h.history FROM workspace.order_history h)
SELECT t.as_of, (t.result).light, coalesce((t.result).light_by, t.light_by) AS light_by, (t.result).certain,
    t.words ->> ('express.' || CASE WHEN (t.result).light = 'red' AND t.unassigned_sales > (t.result).sales + (t.result).young_sales THEN 'unassigned' ELSE (t.result).light END) AS advice,
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
    SELECT p.as_of, p.enough, p.light_by, p.unassigned_sales, p.words, (
        SELECT clientele.express_test(h.history, p.as_of, p.unassigned_sales, p.regular_within, p.new_within,
            p.regular_purchases, p.count_by, p.one_time_limit, p.light_by, 0.95::double precision)
        FROM histories h
        WHERE h.customer IS NOT NULL) AS result
    FROM (
        SELECT r.as_of, s.*, coalesce((
            SELECT clientele.revenue(h.history, (r.as_of - s.regular_within)::date, r.as_of)
            FROM histories h
            WHERE h.customer IS NULL), 0.00) AS unassigned_sales
        FROM workspace.reporting_date r
        CROSS JOIN (SELECT x.regular_within, x.new_within, x.regular_purchases, x.count_by, x.one_time_limit, x.light_by,
                        x.enough, _clientele.workspace_words(x.language) AS words FROM workspace.settings x) s
        LIMIT 1) p
    OFFSET 0) t;
COMMENT ON VIEW workspace.express_test IS 'One row: do customers come back? The express test of loyalty over those who bought in the last six months';
COMMENT ON COLUMN workspace.express_test.light_by IS 'What the light goes by: shares of customers or of sales';
COMMENT ON COLUMN workspace.express_test.certain IS 'Whether the whole confidence interval lies on that side';
COMMENT ON COLUMN workspace.express_test.customers IS 'Number of customers who bought in the window and have had time to come back';
COMMENT ON COLUMN workspace.express_test.one_time_customers IS 'Number of those with exactly one purchase ever';
COMMENT ON COLUMN workspace.express_test.regular_customers IS 'Number of those with three purchases or more in the window';
COMMENT ON COLUMN workspace.express_test.young_customers IS 'Number of one-timers who have had no time to come back: in no share';
COMMENT ON COLUMN workspace.express_test.one_time_share_lower IS 'Lower bound of its 95 % interval (Wilson)';
COMMENT ON COLUMN workspace.express_test.one_time_share_upper IS 'Upper bound';
COMMENT ON COLUMN workspace.express_test.regular_share_lower IS 'Lower bound of its 95 % interval (Wilson)';
COMMENT ON COLUMN workspace.express_test.regular_share_upper IS 'Upper bound';
COMMENT ON COLUMN workspace.express_test.difference IS 'Regulars less one-timers, in points, -100 to 100';
COMMENT ON COLUMN workspace.express_test.difference_lower IS 'Lower bound of its 95 % interval';
COMMENT ON COLUMN workspace.express_test.difference_upper IS 'Upper bound';
COMMENT ON COLUMN workspace.express_test.sales IS 'Sales to these customers in the window, returns taken off';
COMMENT ON COLUMN workspace.express_test.one_time_sales IS 'Sales to one-timers';
COMMENT ON COLUMN workspace.express_test.regular_sales IS 'Sales to regulars';
COMMENT ON COLUMN workspace.express_test.young_sales IS 'Sales to one-timers who have had no time to come back';
COMMENT ON COLUMN workspace.express_test.unassigned_sales IS 'Sales in the window without a customer';
COMMENT ON COLUMN workspace.express_test.unassigned_share IS 'Their share of all sales in the window, 0 to 1';
COMMENT ON COLUMN workspace.express_test.one_time_sales_share IS 'Share of sales to one-timers, 0 to 1';
COMMENT ON COLUMN workspace.express_test.one_time_sales_share_lower IS 'Lower bound of its 95 % interval (ratio over customers)';
COMMENT ON COLUMN workspace.express_test.one_time_sales_share_upper IS 'Upper bound';
COMMENT ON COLUMN workspace.express_test.regular_sales_share IS 'Share of sales to regulars, 0 to 1';
COMMENT ON COLUMN workspace.express_test.regular_sales_share_lower IS 'Lower bound of its 95 % interval';
COMMENT ON COLUMN workspace.express_test.regular_sales_share_upper IS 'Upper bound';
COMMENT ON COLUMN workspace.express_test.sales_difference IS 'Share of regulars less that of one-timers, in points, -100 to 100';
COMMENT ON COLUMN workspace.express_test.sales_difference_lower IS 'Lower bound of its 95 % interval';
COMMENT ON COLUMN workspace.express_test.sales_difference_upper IS 'Upper bound';
