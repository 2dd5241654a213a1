-- Every column of the view customers in plain SQL, from the view clean (customer, day, amount, profit: rows that count)
-- and the tables of the workspace w. Besides: value, which decides ABC, and brings_80.
CREATE VIEW plain_customers AS
WITH s AS (
    SELECT x.*, d.day, coalesce((d.day - x.class_window)::date, '-infinity') AS from_day,
        CASE x.period WHEN 'quarter' THEN interval '3 months' ELSE ('1 ' || x.period)::interval END AS step
    FROM w.settings x CROSS JOIN LATERAL (
        SELECT CASE x.as_of WHEN 'auto' THEN (SELECT max(c.day) + 1 FROM clean c WHERE c.day <= now()::date)
            ELSE x.as_of::date END AS day) d
), known AS (
    SELECT c.*, c.day >= s.from_day AS in_window FROM clean c JOIN s ON c.day < s.day
), bought AS (
    SELECT k.customer, k.day, count(*) AS orders, k.day - lag(k.day) OVER (PARTITION BY k.customer ORDER BY k.day) AS gap
    FROM known k WHERE k.amount >= 0 GROUP BY k.customer, k.day
), buyer AS (
    SELECT b.customer, min(b.day) AS first_order, max(b.day) AS last_order, sum(b.orders) AS orders, count(*) AS purchase_days,
        count(b.gap) AS gaps, percentile_cont(0.5) WITHIN GROUP (ORDER BY b.gap) AS gap_days,
        sum(n.n) AS purchases,
        coalesce(sum(n.n) FILTER (WHERE b.day >= (s.day - s.frequency_within)::date), 0) AS frequency,
        coalesce(sum(n.n) FILTER (WHERE b.day >= (s.day - s.regular_within)::date), 0) AS regularity
    FROM bought b CROSS JOIN s CROSS JOIN LATERAL (SELECT CASE s.count_by WHEN 'days' THEN 1 ELSE b.orders END AS n) n
    GROUP BY b.customer
), money AS (
    SELECT k.customer, sum(k.amount) AS revenue, count(*) FILTER (WHERE k.amount < 0) AS returns, sum(k.profit) AS profit,
        sum(k.amount) FILTER (WHERE k.in_window) AS window_revenue, sum(k.profit) FILTER (WHERE k.in_window) AS window_profit,
        count(*) FILTER (WHERE k.in_window AND k.amount < 0) AS window_returns,
        sum(k.amount) FILTER (WHERE k.day >= b.last_order + 1 - interval '1 year') AS last_year_revenue
    FROM known k JOIN buyer b USING (customer) GROUP BY k.customer
), series AS (
    SELECT b.customer, p.start, coalesce(sum(k.amount), 0) AS amount
    FROM buyer b CROSS JOIN s
    CROSS JOIN LATERAL generate_series(date_trunc(s.period, b.first_order::timestamp), s.day, s.step) p(start)
    LEFT JOIN known k ON k.customer = b.customer AND k.day >= p.start AND k.day < p.start + s.step
    WHERE s.xyz_by = 'variation' AND p.start >= s.from_day AND p.start + s.step <= s.day
    GROUP BY b.customer, p.start
), spread AS (
    SELECT customer, sum(amount) AS sum, count(*) * sum(amount * amount) - sum(amount) ^ 2 AS variance
    FROM series GROUP BY customer HAVING count(*) >= 3 AND sum(amount) > 0
), valued AS (
    SELECT b.*, m.revenue, m.returns, m.profit, m.window_revenue, m.window_profit, m.window_returns, m.last_year_revenue,
        CASE WHEN b.last_order >= s.from_day THEN
            CASE s.abc_by WHEN 'revenue' THEN m.window_revenue ELSE coalesce(m.window_profit, 0) END END AS value
    FROM buyer b JOIN money m ON m.customer = b.customer CROSS JOIN s
), ranked AS (
    SELECT v.*, sum(greatest(v.value, 0)) OVER () AS whole, sum(greatest(v.value, 0)) OVER up_to_here AS up_to,
        sum(greatest(v.value, 0)) OVER up_to_here - greatest(v.value, 0) * count(*) OVER (PARTITION BY v.value) AS before,
        count(*) OVER () AS customers, rank() OVER (ORDER BY v.last_order) - 1 AS staler,
        rank() OVER (ORDER BY v.purchases) - 1 AS rarer, rank() OVER (ORDER BY v.revenue) - 1 AS smaller
    FROM valued v
    WINDOW up_to_here AS (ORDER BY coalesce(v.value, '-infinity') DESC)
), classed AS (
    SELECT r.*, s.day, s.has_profit,
        CASE WHEN r.value > 0 THEN r.before < 0.8 * r.whole WHEN r.value <= 0 THEN false END AS brings_80,
        CASE WHEN r.value <= 0 THEN 'C' WHEN r.before < s.abc_a * r.whole THEN 'A' WHEN r.before < s.abc_b * r.whole THEN 'B'
             WHEN r.value > 0 THEN 'C' END AS abc,
        CASE WHEN r.value IS NULL THEN NULL
             WHEN s.xyz_by = 'frequency' THEN CASE WHEN r.frequency >= s.x_purchases THEN 'X' WHEN r.frequency >= s.y_purchases THEN 'Y' ELSE 'Z' END
             WHEN p.variance <= s.xyz_x ^ 2 * p.sum ^ 2 THEN 'X' WHEN p.variance <= s.xyz_y ^ 2 * p.sum ^ 2 THEN 'Y'
             WHEN p.sum > 0 THEN 'Z' END AS xyz,
        CASE WHEN r.last_order < (s.day - s.lost_after)::date THEN 'lost' WHEN r.regularity >= s.regular_purchases THEN 'regular'
             WHEN r.first_order >= (s.day - s.new_within)::date THEN 'new' ELSE 'occasional' END AS stage,
        1 + s.rfm_bins * r.staler / r.customers AS recency_score, 1 + s.rfm_bins * r.rarer / r.customers AS frequency_score,
        1 + s.rfm_bins * r.smaller / r.customers AS monetary_score, s.risk_gaps,
        CASE WHEN r.gaps >= 3 THEN r.gap_days ELSE (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY b.gap_days) FROM buyer b) END AS usual_gap
    FROM ranked r CROSS JOIN s LEFT JOIN spread p ON p.customer = r.customer
)
SELECT c.customer, c.orders, c.purchase_days, c.revenue, c.revenue / c.orders AS average_order, c.first_order, c.last_order,
    c.day - c.last_order AS days_since_last, c.gap_days, c.returns,
    CASE WHEN c.has_profit THEN coalesce(c.profit, 0) END AS profit, c.purchases,
    coalesce(c.window_revenue, 0) AS window_revenue, CASE WHEN c.has_profit THEN coalesce(c.window_profit, 0) END AS window_profit,
    c.window_returns, c.last_year_revenue,
    c.abc, c.xyz, c.abc || c.xyz AS cell, c.stage, c.recency_score, c.frequency_score, c.monetary_score,
    coalesce((SELECT g.segment FROM w.segments g WHERE c.recency_score BETWEEN g.recency_from AND g.recency_to
            AND c.frequency_score BETWEEN g.frequency_from AND g.frequency_to AND c.monetary_score BETWEEN g.monetary_from AND g.monetary_to
        ORDER BY g.position LIMIT 1), 'other') AS segment,
    CASE WHEN c.stage = 'lost' THEN false ELSE c.day - c.last_order > c.risk_gaps * c.usual_gap END AS at_risk,
    c.usual_gap, c.value AS class_value, c.brings_80,
    CASE c.abc WHEN 'C' THEN coalesce(min(c.value) FILTER (WHERE c.abc = 'B') OVER (), min(c.value) FILTER (WHERE c.abc = 'A') OVER ()) - c.value
               WHEN 'B' THEN min(c.value) FILTER (WHERE c.abc = 'A') OVER () - c.value END AS missing_revenue,
    CASE WHEN c.value > 0 THEN (c.up_to / c.whole)::float8 END AS pareto_share,
    (SELECT p.action FROM w.policies p WHERE p.cell = c.abc || c.xyz) AS policy, c.day AS as_of,
    NULL::text AS tier -- without tiers; with them, see workspace_tiers.sql
FROM classed c;
