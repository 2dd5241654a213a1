-- The views of the workspace w that sum up its customers, in plain SQL, from the tables clean and plain_now (a copy of
-- plain_customers). What nobody brings is 0, but nobody knows of a profit that is not attached.
CREATE VIEW plain_abc AS
WITH w AS (
    SELECT count(p.class_value) AS buyers, sum(p.window_revenue) FILTER (WHERE p.abc IS NOT NULL) AS revenue,
        sum(p.window_profit) FILTER (WHERE p.abc IS NOT NULL) AS profit, count(*) FILTER (WHERE p.brings_80) AS bringing,
        (SELECT sum(abs(greatest(a.class_value, 0) - greatest(b.class_value, 0))) / nullif(2 * count(*) * avg(greatest(a.class_value, 0)), 0)
         FROM plain_now a, plain_now b WHERE a.class_value IS NOT NULL AND b.class_value IS NOT NULL) AS gini
    FROM plain_now p)
SELECT v.position, v.abc, count(c.customer) AS customers,
    CASE WHEN v.abc <> 'none' THEN 100 * count(c.customer)::float8 / nullif(min(w.buyers), 0) END AS pct_of_customers,
    coalesce(sum(c.window_revenue), 0) AS window_revenue,
    CASE WHEN v.abc <> 'none' AND min(w.revenue) > 0 THEN 100 * coalesce(sum(c.window_revenue), 0) / min(w.revenue) END AS pct_of_window_revenue,
    CASE WHEN s.has_profit THEN coalesce(sum(c.window_profit), 0) END AS window_profit,
    CASE WHEN v.abc <> 'none' AND min(w.profit) > 0 THEN 100 * coalesce(sum(c.window_profit), 0) / min(w.profit) END AS pct_of_window_profit,
    min(c.class_value) AS lowest_value, avg(c.class_value) AS average_value, count(*) FILTER (WHERE c.class_value < 0) AS losses,
    coalesce(sum(least(c.class_value, 0)), 0) AS loss_amount, count(c.customer) - count(c.cell) AS without_cell,
    100 * min(w.bringing)::float8 / nullif(min(w.buyers), 0) AS pct_of_customers_bringing_80, 20 AS classic_pct_of_customers,
    min(w.gini) AS gini, s.abc_by, count(c.customer) >= s.enough AS enough
FROM (VALUES (1, 'A'), (2, 'B'), (3, 'C'), (4, 'none')) v(position, abc) CROSS JOIN w CROSS JOIN w.settings s
LEFT JOIN plain_now c ON coalesce(c.abc, 'none') = v.abc
GROUP BY v.position, v.abc, s.one_row;
CREATE VIEW plain_matrix AS
SELECT a.n * 3 + x.n - 2 AS position, a.abc || x.xyz AS cell, a.abc, x.xyz, count(c.customer) AS customers,
    100 * count(c.customer)::float8 / nullif(min(w.customers), 0) AS pct_of_customers, coalesce(sum(c.window_revenue), 0) AS window_revenue,
    CASE WHEN min(w.revenue) > 0 THEN 100 * coalesce(sum(c.window_revenue), 0) / min(w.revenue) END AS pct_of_window_revenue,
    CASE WHEN s.has_profit THEN coalesce(sum(c.window_profit), 0) END AS window_profit,
    CASE WHEN min(w.profit) > 0 THEN 100 * coalesce(sum(c.window_profit), 0) / min(w.profit) END AS pct_of_window_profit,
    coalesce(sum(c.window_returns), 0) AS window_returns, p.action, p.service_rules, p.price_terms, p.valid_from, p.review_by,
    p.review_by <= (SELECT r.as_of FROM w.reporting_date r) AS review_due, count(c.customer) >= s.enough AS enough
FROM (VALUES (1, 'A'), (2, 'B'), (3, 'C')) a(n, abc) CROSS JOIN (VALUES (0, 'X'), (1, 'Y'), (2, 'Z')) x(n, xyz) CROSS JOIN w.settings s
CROSS JOIN (SELECT count(cell) AS customers, sum(window_revenue) AS revenue, sum(window_profit) AS profit FROM plain_now WHERE cell IS NOT NULL) w
LEFT JOIN plain_now c ON c.abc = a.abc AND c.xyz = x.xyz
LEFT JOIN w.policies p ON p.cell = a.abc || x.xyz
GROUP BY a.n, x.n, a.abc, x.xyz, s.one_row, p.cell;
CREATE VIEW plain_segments AS
SELECT coalesce(g.position, 2147483647) AS position, segment, count(c.customer) AS customers, 100 * count(c.customer)::float8 / nullif(w.customers, 0) AS pct_of_customers,
    coalesce(sum(c.revenue), 0) AS revenue, CASE WHEN w.revenue > 0 THEN 100 * coalesce(sum(c.revenue), 0) / w.revenue END AS pct_of_revenue,
    avg(c.revenue) AS average_revenue, avg(c.purchases) AS average_purchases, avg(c.days_since_last) AS average_days_since_last,
    count(*) FILTER (WHERE c.at_risk) AS at_risk, g.advice, count(c.customer) >= s.enough AS enough
FROM (SELECT DISTINCT ON (segment) * FROM w.segments ORDER BY segment, position) g FULL JOIN plain_now c USING (segment)
CROSS JOIN w.settings s CROSS JOIN (SELECT count(*) AS customers, sum(revenue) AS revenue FROM plain_now) w
GROUP BY segment, g.position, g.advice, s.enough, w.customers, w.revenue;
CREATE VIEW plain_stages AS
SELECT v.position, v.stage, count(c.customer) AS customers, 100 * count(c.customer)::float8 / nullif(w.customers, 0) AS pct_of_customers,
    coalesce(sum(c.revenue), 0) AS revenue, CASE WHEN w.revenue > 0 THEN 100 * coalesce(sum(c.revenue), 0) / w.revenue END AS pct_of_revenue,
    coalesce(sum(c.window_revenue), 0) AS window_revenue, count(*) FILTER (WHERE c.at_risk) AS at_risk,
    (SELECT a.approach FROM w.approaches a WHERE a.customers = v.stage) AS approach, count(c.customer) >= s.enough AS enough
FROM unnest('{new,occasional,regular,lost}'::text[]) WITH ORDINALITY v(stage, position) LEFT JOIN plain_now c USING (stage)
CROSS JOIN w.settings s CROSS JOIN (SELECT count(*) AS customers, sum(revenue) AS revenue FROM plain_now) w
GROUP BY v.position, v.stage, s.enough, w.customers, w.revenue;
CREATE VIEW plain_members AS
SELECT c.*, CASE WHEN c.purchases = 1 THEN 'one_time' WHEN c.stage = 'regular' THEN 'regular' ELSE 'occasional' END AS kind FROM plain_now c;
CREATE VIEW plain_preferences AS
SELECT m.kind, o.category, o.source, o.customer FROM clean o JOIN plain_members m ON m.customer = o.customer AND o.day < m.as_of WHERE o.amount >= 0;
CREATE VIEW plain_categories AS
SELECT kind, category, 100 * count(*)::float8 / sum(count(*)) OVER (PARTITION BY kind) AS pct, count(DISTINCT customer) AS customers,
    row_number() OVER (PARTITION BY kind ORDER BY count(*) DESC, category) AS place
FROM plain_preferences WHERE category IS NOT NULL GROUP BY kind, category;
CREATE VIEW plain_sources AS
SELECT kind, source, 100 * count(*)::float8 / sum(count(*)) OVER (PARTITION BY kind) AS pct, row_number() OVER (PARTITION BY kind ORDER BY count(*) DESC, source) AS place
FROM plain_preferences WHERE source IS NOT NULL GROUP BY kind, source;
CREATE VIEW plain_profile AS
SELECT v.position, v.segment, count(c.customer) AS customers, 100 * count(c.customer)::float8 / nullif(w.customers, 0) AS pct_of_customers,
    coalesce(sum(c.orders), 0) AS orders, coalesce(sum(c.revenue), 0) AS revenue,
    CASE WHEN w.revenue > 0 THEN 100 * coalesce(sum(c.revenue), 0) / w.revenue END AS pct_of_revenue,
    sum(c.revenue) / sum(c.orders) AS average_order, avg(c.revenue) AS average_revenue, avg(c.purchases) AS average_purchases,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY c.gap_days) AS gap_days, coalesce(sum(c.returns), 0) AS returns,
    100 * sum(c.returns) / sum(c.orders + c.returns) AS pct_returns,
    (SELECT sum(customers) FROM plain_categories WHERE kind = v.segment)::float8 / count(c.customer) AS categories_per_customer,
    k.category AS top_category, k.pct AS pct_of_orders_top_category, o.source AS top_source, o.pct AS pct_of_orders_top_source,
    count(c.customer) >= s.enough AS enough
FROM unnest('{one_time,occasional,regular}'::text[]) WITH ORDINALITY v(segment, position) LEFT JOIN plain_members c ON c.kind = v.segment
CROSS JOIN w.settings s CROSS JOIN (SELECT count(*) AS customers, sum(revenue) AS revenue FROM plain_now) w
LEFT JOIN plain_categories k ON k.kind = v.segment AND k.place = 1 LEFT JOIN plain_sources o ON o.kind = v.segment AND o.place = 1
GROUP BY v.position, v.segment, k.category, k.pct, o.source, o.pct, s.enough, w.customers, w.revenue;
CREATE VIEW plain_findings AS
SELECT r * 100 + f * 10 + m AS cell, r AS recency_score, f AS frequency_score, m AS monetary_score, count(g.position) AS matches,
    string_agg(g.segment, ', ' ORDER BY g.position) AS segments
FROM w.settings s CROSS JOIN generate_series(1, s.rfm_bins) r CROSS JOIN generate_series(1, s.rfm_bins) f CROSS JOIN generate_series(1, s.rfm_bins) m
LEFT JOIN w.segments g ON r BETWEEN g.recency_from AND g.recency_to AND f BETWEEN g.frequency_from AND g.frequency_to AND m BETWEEN g.monetary_from AND g.monetary_to
GROUP BY r, f, m;
