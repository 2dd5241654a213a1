-- There may be as many sources as orders, and what is shown has room for 200 at most.
-- belongs to: costs
SELECT v.topic, v.finding, v.advice
FROM (
    SELECT count(*) AS rows, count(*) FILTER (WHERE c.left_out = 'no_day') AS no_day, count(*) FILTER (WHERE c.is_empty_time) AS empty_times, count(*) FILTER (WHERE c.left_out = 'no_cost') AS no_cost,
        count(*) FILTER (WHERE c.left_out IS NULL AND c.day >= (SELECT r.as_of FROM workspace.reporting_date r)) AS future
    FROM workspace.cost_rows c) f
CROSS JOIN (
    SELECT min(c.costs_from) AS from_date, min(c.costs_until) AS until, sum(c.cost) AS cost, count(*) AS sources,
        string_agg(c.source, ', ' ORDER BY c.place) FILTER (WHERE c.customers = 0 AND c.place <= 200) AS without_customers,
        string_agg(c.source, ', ' ORDER BY c.place) FILTER (WHERE c.cost = 0 AND c.customers > 0 AND c.place <= 200) AS without_costs
    FROM (
        SELECT x.*, row_number() OVER (PARTITION BY x.customers = 0, x.cost = 0 AND x.customers > 0
            ORDER BY x.cost DESC, x.customers DESC, x.source) AS place
        FROM workspace.sources x) c) s
CROSS JOIN LATERAL (VALUES
    (1, 'no day', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.no_day, 0), f.rows), 'Without a day, or with an infinite one, or one outside the years 1 to 9999'),
    (2, 'empty times', 'rows with 0001-01-01, 1899-12-30 or 1970-01-01: ' || _clientele.workspace_row_share(nullif(f.empty_times, 0), f.rows), 'Systems write them where there is no time: such rows are left out, as those without one'),
    (3, 'no cost', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.no_cost, 0), f.rows), 'Without a cost, or with one that is negative, not a number, infinite, or past 922 trillion'),
    (4, 'future', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.future, 0), f.rows), 'On or after the reporting date: not counted yet'),
    (5, 'sources', CASE WHEN s.sources = 0 THEN 'none' END, 'Name the column with the source of an order: attach_orders(..., source => ''...'')'),
    (6, 'costs', CASE WHEN s.sources > 0 THEN coalesce(s.cost || ', for customers acquired from ' || s.from_date || ' to ' || (s.until - 1), 'none to count yet') END, NULL),
    (7, 'costs without customers', left(s.without_customers, 500), 'If they are named otherwise in the orders, attach a view with those names'),
    (8, 'customers without costs', left(s.without_costs, 500), NULL)) v("position", topic, finding, advice)
WHERE v.finding IS NOT NULL
ORDER BY v."position"
