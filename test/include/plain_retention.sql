-- The triangle of the table purchases (customer, day, amount) in plain SQL: periods are told apart by their first days,
-- and numbered by counting them.
CREATE FUNCTION plain_retention(of_period text, as_of date) RETURNS TABLE (
    cohort_start date, customers bigint, period_number integer, period_start date, complete boolean, retained bigint, on_or_after bigint)
LANGUAGE sql AS $$
    WITH step AS (SELECT CASE of_period WHEN 'quarter' THEN interval '3 months' ELSE ('1 ' || of_period)::interval END AS step),
    active AS (
        SELECT DISTINCT customer, date_trunc(of_period, day::timestamp)::date AS period FROM purchases WHERE amount >= 0 AND day < as_of),
    first AS (SELECT customer, min(period) AS cohort FROM active GROUP BY customer),
    calendar AS (
        SELECT g::date AS period, (g + step)::date <= as_of AS complete, row_number() OVER (ORDER BY g) AS n
        FROM step, (SELECT min(cohort) AS first FROM first) f,
            generate_series(f.first::timestamp, date_trunc(of_period, as_of::timestamp), step) g
        WHERE g < as_of),
    whole AS (SELECT a.customer, a.period FROM active a JOIN calendar c ON c.period = a.period AND c.complete),
    size AS (SELECT cohort, count(*) AS customers FROM first GROUP BY cohort),
    on_period AS (SELECT f.cohort, w.period, count(*) AS customers FROM first f JOIN whole w USING (customer) GROUP BY f.cohort, w.period),
    last AS (SELECT f.cohort, w.last, count(*) AS customers
             FROM first f JOIN (SELECT customer, max(period) AS last FROM whole GROUP BY customer) w USING (customer) GROUP BY f.cohort, w.last)
    SELECT c.period, coalesce(s.customers, 0), (p.n - c.n)::integer, p.period, p.complete,
        CASE WHEN p.complete THEN coalesce(o.customers, 0) END,
        CASE WHEN p.complete THEN coalesce((SELECT sum(l.customers) FROM last l WHERE l.cohort = c.period AND l.last >= p.period), 0)::bigint END
    FROM calendar c JOIN calendar p ON p.period >= c.period
    LEFT JOIN size s ON s.cohort = c.period
    LEFT JOIN on_period o ON o.cohort = c.period AND o.period = p.period
    WHERE c.complete OR s.customers > 0
$$;
