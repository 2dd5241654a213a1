-- Questions to a workspace over stored histories and to DuckDB, for duckdb.js: the two queries, and what of both answers is alike.
-- By hand for DuckDB as an expert would: with days and months put together first, and classes by the limits of A and B.

-- question: figures per customer
-- ours
SELECT customer, orders, revenue, first_order, last_order, average_order FROM incremental.customer_figures;
-- DuckDB
SELECT customer, count(*) AS orders, sum(amount) AS revenue, min(day) AS first_order, max(day) AS last_order, avg(amount) AS average_order
FROM orders GROUP BY customer;
-- alike
SELECT count(*), sum(orders), sum(revenue), min(first_order), max(last_order), sum(revenue * orders), max(revenue) FROM answer;

-- question: ABC summary
-- ours
SELECT abc, customers, window_revenue AS revenue, lowest_value FROM incremental.abc_summary;
-- DuckDB
WITH figures AS (
    SELECT customer, sum(amount) FILTER (day >= DATE '2024-01-01') AS value FROM orders GROUP BY customer
), lines AS (
    SELECT min(value) FILTER (before < 0.80 * whole) AS a, min(value) FILTER (before < 0.95 * whole) AS b
    FROM (
        SELECT value, sum(total) OVER (ORDER BY value DESC) - total AS before, sum(total) OVER () AS whole
        FROM (SELECT value, sum(value) AS total FROM figures WHERE value IS NOT NULL GROUP BY value))
)
SELECT CASE WHEN value >= a THEN 'A' WHEN value >= b THEN 'B' WHEN value IS NOT NULL THEN 'C' ELSE 'none' END AS abc,
    count(*) AS customers, coalesce(sum(value), 0.00) AS revenue, min(value) AS lowest_value
FROM figures CROSS JOIN lines GROUP BY abc;
-- alike
SELECT abc, customers, revenue, lowest_value FROM answer WHERE customers > 0;

-- question: retention by cohort
-- ours
SELECT * FROM incremental.retention_cohorts;
-- DuckDB
WITH months AS (
    SELECT customer, date_trunc('month', day)::date AS month, sum(amount) AS revenue FROM orders GROUP BY ALL
), cohorts AS (
    SELECT customer, min(month) AS cohort_start FROM months GROUP BY customer
), activity AS (
    SELECT cohort_start, date_diff('month', cohort_start, month) AS period_number, count(*) AS retained, sum(revenue) AS revenue
    FROM months JOIN cohorts USING (customer) GROUP BY ALL
)
SELECT *, first_value(retained) OVER (PARTITION BY cohort_start ORDER BY period_number) AS customers FROM activity;
-- alike
SELECT cohort_start, max(customers), sum(retained), sum(revenue), sum(retained * period_number) FROM answer WHERE customers > 0 GROUP BY cohort_start;

-- question: growth by period
-- ours
SELECT * FROM incremental.revenue_by_period;
-- DuckDB
WITH months AS (
    SELECT customer, date_trunc('month', day)::date AS month, count(*) AS orders, sum(amount) AS revenue FROM orders GROUP BY ALL
), steps AS (
    SELECT *, lag(month) OVER customers AS before, lead(month) OVER customers AS after
    FROM months WINDOW customers AS (PARTITION BY customer ORDER BY month)
), active AS (
    SELECT month, sum(revenue) AS revenue, sum(orders) AS orders, count(*) AS active_customers,
        count(*) FILTER (before IS NULL) AS new_customers, sum(revenue) FILTER (before IS NULL) AS new_revenue,
        count(*) FILTER (before = month - INTERVAL 1 MONTH) AS retained_customers,
        sum(revenue) FILTER (before = month - INTERVAL 1 MONTH) AS retained_revenue,
        count(*) FILTER (before < month - INTERVAL 1 MONTH) AS returned_customers,
        sum(revenue) FILTER (before < month - INTERVAL 1 MONTH) AS returned_revenue
    FROM steps GROUP BY month
), lapsed AS (
    SELECT (month + INTERVAL 1 MONTH)::date AS month, count(*) AS lapsed_customers, sum(revenue) AS lapsed_revenue
    FROM steps WHERE after IS NULL OR after > month + INTERVAL 1 MONTH GROUP BY month
)
SELECT month AS period_start, revenue, orders, active_customers, new_customers, coalesce(new_revenue, 0.00) AS new_revenue,
    retained_customers, coalesce(retained_revenue, 0.00) AS retained_revenue, returned_customers, coalesce(returned_revenue, 0.00) AS returned_revenue,
    coalesce(lapsed_customers, 0) AS lapsed_customers, coalesce(lapsed_revenue, 0.00) AS lapsed_revenue
FROM active LEFT JOIN lapsed USING (month);
-- alike
SELECT period_start, revenue, orders, active_customers, new_customers, new_revenue, retained_customers, retained_revenue,
    returned_customers, returned_revenue, lapsed_customers, lapsed_revenue
FROM answer;

-- question: RFM scores
-- ours
SELECT customer, recency_score, frequency_score, monetary_score FROM incremental.customers;
-- DuckDB
WITH figures AS (
    SELECT customer, max(day) AS last_order, count(*) AS purchases, sum(amount) AS revenue
    FROM (SELECT customer, day, sum(amount) AS amount FROM orders GROUP BY ALL) GROUP BY customer
)
SELECT customer, 1 + 5 * (rank() OVER (ORDER BY last_order) - 1) // count(*) OVER () AS recency_score,
    1 + 5 * (rank() OVER (ORDER BY purchases) - 1) // count(*) OVER () AS frequency_score,
    1 + 5 * (rank() OVER (ORDER BY revenue) - 1) // count(*) OVER () AS monetary_score
FROM figures;
-- alike
SELECT recency_score, frequency_score, monetary_score, count(*) FROM answer GROUP BY recency_score, frequency_score, monetary_score;

-- question: classes and stages at twelve ends
-- ours
SELECT * FROM incremental.class_history;
-- DuckDB
WITH months AS (
    SELECT customer, date_trunc('month', day)::date AS month, count(*) AS days, sum(amount) AS revenue
    FROM (SELECT customer, day, sum(amount) AS amount FROM orders GROUP BY ALL) GROUP BY ALL
), ends AS (
    SELECT (DATE '2025-01-01' - to_months(n))::date AS as_of, as_of - INTERVAL 1 MONTH AS one, as_of - INTERVAL 3 MONTH AS three,
        as_of - INTERVAL 6 MONTH AS six, as_of - INTERVAL 12 MONTH AS twelve
    FROM range(12) r(n)
), figures AS (
    SELECT customer, as_of, min(month) >= any_value(three) AS is_new, sum(revenue) FILTER (month >= twelve) AS value,
        coalesce(sum(days) FILTER (month >= six), 0) AS days, coalesce(sum(revenue) FILTER (month = one), 0.00) AS period_revenue
    FROM months JOIN ends ON month < as_of GROUP BY customer, as_of
), lines AS (
    SELECT as_of, min(value) FILTER (before < 0.80 * whole) AS a, min(value) FILTER (before < 0.95 * whole) AS b
    FROM (
        SELECT as_of, value, sum(total) OVER (PARTITION BY as_of ORDER BY value DESC) - total AS before, sum(total) OVER (PARTITION BY as_of) AS whole
        FROM (SELECT as_of, value, sum(value) AS total FROM figures WHERE value IS NOT NULL GROUP BY as_of, value))
    GROUP BY as_of
)
SELECT customer, as_of, CASE WHEN value >= a THEN 'A' WHEN value >= b THEN 'B' WHEN value IS NOT NULL THEN 'C' END AS abc,
    CASE WHEN value IS NULL THEN NULL WHEN days >= 3 THEN 'X' WHEN days >= 2 THEN 'Y' ELSE 'Z' END AS xyz,
    CASE WHEN days = 0 THEN 'lost' WHEN days >= 3 THEN 'regular' WHEN is_new THEN 'new' ELSE 'occasional' END AS stage,
    coalesce(value, 0.00) AS window_revenue, period_revenue
FROM figures JOIN lines USING (as_of);
-- alike
SELECT as_of, abc, xyz, stage, count(*), sum(window_revenue), sum(period_revenue) FROM answer GROUP BY as_of, abc, xyz, stage;
