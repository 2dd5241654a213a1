-- How a shop stands, on one screen of psql: at most 120 columns wide, and nothing but the views of a workspace is read.
--
--   psql -f dashboards/psql/dashboard.sql -v workspace=loyalty
--
-- The workspace is loyalty unless another one is named. Bars are blocks where psql and the database speak UTF-8.
\set ON_ERROR_STOP on
\set QUIET on
\timing off
\pset pager off
\pset format aligned
\pset border 1
\pset expanded off
\pset tuples_only off
\pset footer off
\pset null ''
\pset numericlocale off
\if :{?workspace}
\else
    \set workspace loyalty
\endif

-- One moment for all figures; and a name means the workspace's view, whatever else is there.
BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL search_path = :"workspace";
SELECT to_regclass('overview') IS NOT NULL AS is_workspace, to_regclass('nps_summary') IS NOT NULL AS has_answers,
    :'ENCODING' = 'UTF8' AND current_setting('server_encoding') = 'UTF8' AS blocks \gset
\if :is_workspace
\else
    \warn :workspace is no workspace that you may read: -v workspace=NAME
    -- There is no such view: psql ends with the status of a failed statement.
    SELECT FROM overview;
\endif

-- The steps of a sparkline and of a heat map, from low to high, and what a bar and an interval are drawn with.
\if :blocks
    \set steps '▁▂▃▄▅▆▇█'
    \set heat ' ░▒▓█'
    \set bar '█'
    \set line '─'
    \set dot '●'
    \pset linestyle unicode
\else
    \set steps '_.-=+*%#'
    \set heat ' .:+#'
    \set bar '#'
    \set line '-'
    \set dot 'o'
    \pset linestyle ascii
\endif

-- As of when, and what the express test says.
SELECT left(format('%s on %s: %s. %s', left(:'workspace', 30), r.as_of, e.light, regexp_replace(e.advice, '\s+', ' ', 'g')), 116) AS "Do customers come back?"
FROM reporting_date r, express_test e;

-- The last complete period beside the 24 up to it.
WITH period AS (
    SELECT o.*, row_number() OVER (ORDER BY o.period_start DESC) AS n
    FROM overview o WHERE o.complete ORDER BY o.period_start DESC LIMIT 24
), figure (position, name, period_start, n, value, shown, year_before) AS (
    SELECT 1, 'Revenue', p.period_start, p.n, p.revenue, to_char(p.revenue, 'FM999,999,999,999,990'), p.year_before_revenue FROM period p
    UNION ALL SELECT 2, 'Active customers', p.period_start, p.n, p.active_customers,
        to_char(p.active_customers, 'FM999,999,990'), p.year_before_active_customers FROM period p
    UNION ALL SELECT 3, 'New customers', p.period_start, p.n, p.new_customers, to_char(p.new_customers, 'FM999,999,990'), NULL FROM period p
    UNION ALL SELECT 4, 'Had bought before', p.period_start, p.n, p.repeat_share, to_char((100 * p.repeat_share)::numeric, 'FM990') || ' %', NULL FROM period p
    UNION ALL SELECT 5, 'Average order', p.period_start, p.n, p.average_order, to_char(p.average_order::numeric, 'FM999,999,990.00'), NULL FROM period p
    UNION ALL SELECT 6, 'Regular customers', p.period_start, p.n, p.regular_customers, to_char(p.regular_customers, 'FM999,999,990'), NULL FROM period p
    UNION ALL SELECT 7, 'Net Promoter Score', p.period_start, p.n, p.nps, to_char(p.nps::numeric, 'FM990'), NULL FROM period p
), ranged AS (
    SELECT f.*, min(f.value) OVER w AS low, max(f.value) OVER w AS high FROM figure f WINDOW w AS (PARTITION BY f.position)
)
SELECT r.name AS "Figure", max(r.period_start) FILTER (WHERE r.n = 1) AS "Period from",
    lpad(coalesce(max(r.shown) FILTER (WHERE r.n = 1), ''), 19) AS "Value",
    lpad(coalesce(max(to_char(100 * (r.value - r.year_before) / nullif(r.year_before, 0), 'FMSG99990') || ' %') FILTER (WHERE r.n = 1), ''), 9) AS "On year",
    string_agg(CASE WHEN r.value IS NULL THEN ' '
        ELSE substr(:'steps', 1 + coalesce(round(7 * (r.value - r.low) / nullif(r.high - r.low, 0)), 0)::integer, 1) END, '' ORDER BY r.n DESC) AS "Up to it"
FROM ranged r GROUP BY r.position, r.name HAVING count(r.value) > 0 ORDER BY r.position;

-- Where customers stand.
SELECT left(l.stage, 20) AS "Stage", l.customers AS "Customers", round(l.pct_of_customers::numeric) AS "%",
    round(l.pct_of_revenue::numeric) AS "% of revenue", l.at_risk AS "At risk",
    repeat(:'bar', coalesce(round(l.pct_of_customers * 0.45), 0)::integer) AS "Share of customers"
FROM lifecycle_summary l ORDER BY l.position;

-- How much they bring (down) and how regularly they come (across), in per cent of the revenue of the window.
SELECT m.abc AS "ABC", m.xyz,
    format('%s %s %% by %s customers', substr(:'heat', 1 + least(ceil(coalesce(m.pct_of_window_revenue, 0) / 10), 4)::integer, 1),
        lpad(coalesce(round(m.pct_of_window_revenue::numeric)::text, ''), 3), m.customers) AS cell
FROM abc_xyz_matrix m ORDER BY m.position
\crosstabview 1 2 3

-- Per cent of a cohort that bought again 1, 2, 3 … periods later: the last eight cohorts.
SELECT format('%s (%s)', c.cohort_label, c.customers) AS "Cohort", c.period_number,
    substr(:'heat', 1 + coalesce(ceil(4 * c.rate / nullif(max(c.rate) OVER (), 0)), 0)::integer, 1) || lpad(coalesce(round((100 * c.rate)::numeric)::text, ''), 3) AS rate
FROM retention_cohorts c
JOIN (SELECT DISTINCT x.cohort_start FROM retention_cohorts x WHERE x.complete AND x.customers > 0 AND x.period_number > 0
      ORDER BY x.cohort_start DESC LIMIT 8) l ON l.cohort_start = c.cohort_start
WHERE c.complete AND c.period_number BETWEEN 1 AND 12
ORDER BY c.cohort_start, c.period_number
\crosstabview 1 2 3 2

-- The score by touchpoint from -100 to 100, with its interval.
\if :has_answers
SELECT left(regexp_replace(t.touchpoint, '\s+', ' ', 'g'), 24) AS "Touchpoint", t.responses AS "Answers", round(t.score::numeric) AS "NPS",
    round(t.score_lower::numeric) AS "Lower", round(t.score_upper::numeric) AS "Upper",
    overlay(repeat(' ', t.low) || repeat(:'line', t.high - t.low + 1) PLACING :'dot' FROM t.middle + 1 FOR 1) AS "-100                   0                   100"
FROM (SELECT n.*, round((n.score_lower + 100) / 5)::integer AS low, round((n.score + 100) / 5)::integer AS middle,
          round((n.score_upper + 100) / 5)::integer AS high
      FROM nps_by_touchpoint n WHERE n.enough ORDER BY n.position LIMIT 6) t
ORDER BY t.position;
\endif

-- Whom to turn to, the most valuable first.
SELECT * FROM (
    (SELECT 'At risk' AS "Turn to", left(regexp_replace(coalesce(a.customer_name, a.customer::text), '\s+', ' ', 'g'), 20) AS "Customer",
        left(regexp_replace(a.contact, '\s+', ' ', 'g'), 22) AS "Contact",
        a.last_order AS "Last order", a.days_since_last AS "Silent", round(a.usual_gap::numeric) AS "Usual", round(a.last_year_revenue) AS "Last year"
     FROM at_risk a ORDER BY a.position LIMIT 4)
    UNION ALL
    (SELECT 'Win back', left(regexp_replace(coalesce(w.customer_name, w.customer::text), '\s+', ' ', 'g'), 20), left(regexp_replace(w.contact, '\s+', ' ', 'g'), 22),
        w.last_order, w.days_since_last, round(w.usual_gap::numeric), round(w.last_year_revenue)
     FROM win_back w WHERE w.enough ORDER BY w.position LIMIT 3)
    UNION ALL
    (SELECT 'Second order due', left(regexp_replace(coalesce(s.customer_name, s.customer::text), '\s+', ' ', 'g'), 20), left(regexp_replace(s.contact, '\s+', ' ', 'g'), 22),
        s.last_order, s.days_since_last, round(s.usual_gap::numeric), round(s.last_year_revenue)
     FROM second_order_due s ORDER BY s.position LIMIT 3)) list;

-- Whether to trust all this.
SELECT coalesce(sum(q.order_rows) FILTER (WHERE q.reason = 'used'), 0) AS "Rows counted",
    coalesce(sum(q.order_rows) FILTER (WHERE q.reason <> 'used'), 0) AS "Rows left out",
    left(coalesce(string_agg(format('%s %s', q.order_rows, q.reason), ', ' ORDER BY q.position) FILTER (WHERE q.reason <> 'used' AND q.order_rows > 0), ''), 70) AS "Why (data_quality)"
FROM data_quality q;
COMMIT;
