-- The views of retention and growth of a workspace that real_retention does not check: against plain SQL on random orders
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

SELECT setseed(0.77);
CREATE TABLE orders AS
SELECT n AS order_id, (900 * random() ^ 2)::integer AS customer, timestamptz '2022-11-05 03:00+00' + random() ^ 0.6 * interval '1000 days' AS ordered_at,
    CASE WHEN random() < 0.08 THEN -round((20 * random())::numeric, 2) ELSE round((90 * random())::numeric, 2) END AS amount,
    (ARRAY['web', 'shop', 'friend', NULL])[1 + (random() * 3)::integer] AS source, (ARRAY['tea', 'coffee'])[1 + (random() > 0.7)::integer] AS category,
    round((30 * random() - 5)::numeric, 2) AS profit
FROM generate_series(1, 9000) n;
SELECT lives_ok($$ SELECT attach_orders('orders', time_zone => 'America/New_York', diagnose => false) $$, 'attach');
CREATE VIEW kept AS SELECT o.*, (ordered_at AT TIME ZONE 'America/New_York')::date AS day FROM orders o;

-- dimensions, and who came back by them
SELECT set_eq('SELECT * FROM loyalty.customer_dimensions', $$
    SELECT f.customer, v.* FROM (SELECT DISTINCT ON (customer) * FROM kept WHERE amount >= 0 AND day < (SELECT as_of FROM loyalty.reporting_date) ORDER BY customer, ordered_at, order_id) f,
        LATERAL (VALUES ('first_source', f.source), ('first_category', f.category)) v(dimension, value)
    WHERE v.value IS NOT NULL $$, 'the first order''s source and category');
CREATE FUNCTION plain_first(span interval) RETURNS TABLE (dimension text, value text, customers bigint, eligible bigint, repeated bigint, revenue numeric)
LANGUAGE sql AS $$
    WITH days AS (SELECT DISTINCT customer, day FROM kept WHERE amount >= 0 AND day < (SELECT as_of FROM loyalty.reporting_date)),
    first AS (SELECT customer, min(day) AS day FROM days GROUP BY customer),
    second AS (SELECT d.customer, min(d.day) AS day FROM days d JOIN first f ON f.customer = d.customer AND d.day > f.day GROUP BY d.customer),
    money AS (SELECT customer, sum(amount) AS revenue FROM kept WHERE day < (SELECT as_of FROM loyalty.reporting_date) GROUP BY customer)
    SELECT d.dimension, d.value, count(*), count(*) FILTER (WHERE f.day + span_days <= (SELECT as_of FROM loyalty.reporting_date)),
        count(*) FILTER (WHERE f.day + span_days <= (SELECT as_of FROM loyalty.reporting_date) AND s.day < f.day + span_days), sum(m.revenue)
    FROM loyalty.customer_dimensions d JOIN first f USING (customer) JOIN money m USING (customer) LEFT JOIN second s USING (customer),
        LATERAL (SELECT (SELECT as_of FROM loyalty.reporting_date) - ((SELECT as_of FROM loyalty.reporting_date) - span)::date AS span_days) x
    GROUP BY d.dimension, d.value
$$;
SELECT set_eq('SELECT dimension, value, customers, eligible, repeated, revenue FROM loyalty.first_purchase', $$ SELECT * FROM plain_first('6 months') $$,
    'first_purchase');
SELECT is_empty($$ SELECT * FROM loyalty.first_purchase f, wilson_interval(repeated, eligible) i
    WHERE (f.rate, f.lower, f.upper) IS DISTINCT FROM (i.estimate, i.lower, i.upper) OR complete <> (eligible = customers) OR enough <> (eligible >= 30) $$, '... its shares');
UPDATE loyalty.settings SET lost_after = '45 days', as_of = '2024-02-29';
SELECT set_eq('SELECT dimension, value, customers, eligible, repeated, revenue FROM loyalty.first_purchase', $$ SELECT * FROM plain_first('45 days') $$,
    '... with another span and date');
SELECT set_eq('SELECT dimension, value, customers, period_number, eligible, retained, retained_on_or_after FROM loyalty.retention_by_dimension', $$
    SELECT c.dimension, c.value, c.customers, p.period_number, p.eligible, p.retained, p.retained_on_or_after
    FROM (SELECT d.dimension, d.value, count(*) AS customers, retention_curve(h.history, 'month', (SELECT as_of FROM loyalty.reporting_date)) AS curve
          FROM loyalty.customer_dimensions d JOIN loyalty.customer_history h USING (customer) GROUP BY 1, 2) c, retention_points(c.curve) p $$,
    'retention_by_dimension');
SELECT results_eq($$ SELECT sum(eligible) FROM loyalty.retention_by_dimension WHERE dimension = 'first_category' AND period_number = 3 $$,
    $$ SELECT eligible::numeric FROM loyalty.retention_by_period WHERE period_number = 3 $$, '... whose parts add up');
SELECT set_eq($$ SELECT dimension, value, period_number, sum(eligible)::bigint, sum(retained)::bigint AS kept FROM loyalty.cohorts_by_dimension WHERE complete GROUP BY 1, 2, 3 $$,
    $$ SELECT dimension, value, period_number, eligible AS sum, retained FROM loyalty.retention_by_dimension $$, 'its cohorts add up to it');
SELECT set_eq($$ SELECT cohort_start, period_start, sum(customers)::bigint AS n, sum(revenue) AS revenue, sum(cumulative_revenue) AS so_far FROM loyalty.cohorts_by_dimension WHERE dimension = 'first_category' GROUP BY 1, 2 $$,
    $$ SELECT cohort_start, period_start, customers, revenue, cumulative_revenue FROM loyalty.retention_cohorts $$, '... and the categories to all cohorts');
UPDATE loyalty.settings SET lost_after = '6 months', as_of = 'auto';

-- growth: who is what in which period
CREATE FUNCTION plain_growth(of_period text) RETURNS TABLE (period_start date, complete boolean, revenue numeric, orders bigint, active bigint,
    new bigint, retained bigint, returned bigint, lapsed bigint, new_revenue numeric, retained_revenue numeric, returned_revenue numeric, lapsed_revenue numeric, inactive_revenue numeric)
LANGUAGE sql AS $$
    WITH step AS (SELECT CASE of_period WHEN 'quarter' THEN interval '3 months' ELSE ('1 ' || of_period)::interval END AS step),
    row AS (SELECT customer, date_trunc(of_period, day::timestamp)::date AS period, amount FROM kept WHERE day < (SELECT as_of FROM loyalty.reporting_date)),
    cell AS (SELECT customer, period, sum(amount) AS revenue, count(*) FILTER (WHERE amount >= 0) AS orders FROM row GROUP BY customer, period),
    first AS (SELECT customer, min(period) AS first FROM cell WHERE orders > 0 GROUP BY customer),
    calendar AS (SELECT g::date AS period, (g + step)::date <= (SELECT as_of FROM loyalty.reporting_date) AS complete, (g - step)::date AS before
                 FROM step, generate_series((SELECT min(c.period) FROM cell c JOIN first USING (customer))::timestamp, ((SELECT as_of FROM loyalty.reporting_date) - 1)::timestamp, step) g),
    grid AS (SELECT c.period, c.complete, f.customer, f.first, n.revenue, coalesce(n.orders, 0) AS orders, b.revenue AS revenue_before, coalesce(b.orders, 0) AS orders_before
             FROM calendar c CROSS JOIN first f
             LEFT JOIN cell n ON n.customer = f.customer AND n.period = c.period
             LEFT JOIN cell b ON b.customer = f.customer AND b.period = c.before)
    SELECT period, complete, coalesce(sum(revenue), 0), sum(orders)::bigint, count(*) FILTER (WHERE orders > 0),
        count(*) FILTER (WHERE orders > 0 AND first = period),
        count(*) FILTER (WHERE orders > 0 AND first < period AND orders_before > 0),
        count(*) FILTER (WHERE orders > 0 AND first < period AND orders_before = 0),
        CASE WHEN complete THEN count(*) FILTER (WHERE orders = 0 AND orders_before > 0) END,
        coalesce(sum(revenue) FILTER (WHERE orders > 0 AND first = period), 0),
        coalesce(sum(revenue) FILTER (WHERE orders > 0 AND first < period AND orders_before > 0), 0),
        coalesce(sum(revenue) FILTER (WHERE orders > 0 AND first < period AND orders_before = 0), 0),
        CASE WHEN complete THEN coalesce(sum(revenue_before) FILTER (WHERE orders = 0 AND orders_before > 0), 0) END,
        coalesce(sum(revenue) FILTER (WHERE orders = 0), 0)
    FROM grid GROUP BY period, complete
$$;
CREATE FUNCTION pg_temp.growth_agrees(of_period text, of_date text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    UPDATE loyalty.settings SET period = of_period, as_of = of_date;
    CREATE TEMP TABLE growth ON COMMIT DROP AS SELECT * FROM loyalty.revenue_by_period;
    RETURN NEXT set_eq('SELECT period_start, complete, revenue, orders, active_customers, new_customers, retained_customers, returned_customers, lapsed_customers,
            new_revenue, retained_revenue, returned_revenue, lapsed_revenue, inactive_revenue FROM growth',
        format('SELECT * FROM plain_growth(%L)', of_period), format('growth by %s as of %s', of_period, of_date));
    RETURN NEXT is_empty($query$
        SELECT * FROM (SELECT *, lag(active_customers, 1, 0::bigint) OVER (ORDER BY period_start) AS before FROM growth) p
        WHERE complete AND active_customers <> before - lapsed_customers + new_customers + returned_customers $query$, '... active = before - lapsed + new + returned');
    RETURN NEXT results_eq($query$ SELECT count(*) FILTER (WHERE new_revenue + retained_revenue + returned_revenue + inactive_revenue <> revenue), bool_or(inactive_revenue < 0), max(inactive_revenue) <= 0 FROM growth $query$,
        'VALUES (0::bigint, true, true)', '... the parts of the revenue add up, the returns of those who bought nothing among them');
    RETURN NEXT set_eq('SELECT period_start, revenue, previous_revenue, year_before_revenue, previous_active_customers, year_before_active_customers FROM loyalty.overview', $query$
        SELECT p.period_start, p.revenue, b.revenue AS a, y.revenue AS b, b.active_customers AS c, y.active_customers AS d FROM growth p
        LEFT JOIN growth b ON b.period_start = (SELECT max(x.period_start) FROM growth x WHERE x.period_start < p.period_start)
        LEFT JOIN growth y ON to_char(y.period_start, 'MMDD') = to_char(p.period_start, 'MMDD')
            AND extract(year FROM y.period_start) = extract(year FROM p.period_start) - 1 $query$, '... and beside the period and the year before');
    DROP TABLE growth;
END
$$;
SELECT pg_temp.growth_agrees(of_period, of_date) FROM (VALUES ('month', 'auto'), ('month', '2024-03-01'), ('quarter', '2025-01-31'), ('year', 'auto')) v(of_period, of_date);
UPDATE loyalty.settings SET period = 'month', as_of = '2025-03-20';
SELECT results_eq($$ SELECT period_start, regular_customers FROM loyalty.overview WHERE regular_customers IS NOT NULL $$,
    $$ SELECT period_start, count(*) FILTER (WHERE stage = 'regular') FROM loyalty.class_history GROUP BY 1 ORDER BY 1 $$, 'regulars at the end of twelve periods');
SELECT is_empty($$ SELECT * FROM loyalty.overview WHERE repeat_share < (active_customers - new_customers)::double precision / active_customers OR repeat_share > 1
    OR round(average_order::numeric, 8) <> round(revenue / orders, 8) OR (pct_revenue_change IS NOT NULL) <> (complete AND previous_revenue > 0) $$, 'shares of the overview');

-- revenue of the cohorts
SELECT set_eq($$ SELECT cohort_start, period_start, revenue, round(cumulative_revenue_per_customer::numeric, 6) FROM loyalty.retention_cohorts WHERE customers > 0 $$, $$
    SELECT c.cohort_start, c.period_start, coalesce(sum(m.amount), 0), round(sum(coalesce(sum(m.amount), 0)) OVER (PARTITION BY c.cohort_start ORDER BY c.period_start) / c.customers, 6)
    FROM loyalty.retention_cohorts c LEFT JOIN (
        SELECT f.cohort, date_trunc('month', k.day::timestamp)::date AS period, k.amount
        FROM kept k JOIN (SELECT customer, date_trunc('month', min(day)::timestamp)::date AS cohort FROM kept WHERE amount >= 0 AND day < (SELECT as_of FROM loyalty.reporting_date) GROUP BY customer) f USING (customer)
        WHERE k.day < (SELECT as_of FROM loyalty.reporting_date) AND date_trunc('month', k.day::timestamp) >= f.cohort) m ON m.cohort = c.cohort_start AND m.period = c.period_start
    WHERE c.customers > 0 GROUP BY c.cohort_start, c.period_start, c.customers $$, 'what each cohort brought, and so far per customer');

-- the next purchase, by Kaplan and Meier: whoever has not come back was watched up to the day before the reporting date
SELECT results_eq('SELECT purchase_number, round(rate_kaplan_meier::numeric, 12), median_days, complete FROM loyalty.repeat_purchase', $$
    SELECT n, round((1 - (SELECT min(k.survival) FROM survival_points(waiting) k WHERE open = 0 OR at_risk >= least(30, customers / 10.0)))::numeric, 12), median_survival(waiting), open = 0
    FROM (SELECT n, survival_agg(coalesce(next, (SELECT as_of - 1 FROM loyalty.reporting_date)) - day, next IS NOT NULL) AS waiting, count(*) FILTER (WHERE next IS NULL) AS open, count(*) AS customers
          FROM (SELECT row_number() OVER days AS n, day, lead(day) OVER days AS next
                FROM (SELECT DISTINCT customer, day FROM kept WHERE amount >= 0 AND day < (SELECT as_of FROM loyalty.reporting_date)) d
                WINDOW days AS (PARTITION BY customer ORDER BY day)) p
          WHERE n <= 20 GROUP BY n) w ORDER BY n $$, 'repeat_purchase by Kaplan and Meier');

-- what more retention is worth
SELECT results_eq($$ SELECT periods_ahead, customers, round(rate::numeric, 10), round(raised_rate::numeric, 10), revenue_per_customer, extra_revenue, cumulative_extra_revenue FROM loyalty.retention_value $$, $$
    SELECT n, c.customers, round(r.rate, 10), round(r.rate + 0.05, 10), round(e.revenue, 2), round(c.customers * 0.05 * e.revenue, 2), round(n * c.customers * 0.05 * e.revenue, 2)
    FROM generate_series(1, 12) n,
        (SELECT count(*) AS customers FROM loyalty.customers) c,
        (SELECT sum(retained) / sum(eligible) AS rate FROM loyalty.retention_by_period WHERE period_number > 0) r,
        (SELECT (sum(retained_revenue) + sum(returned_revenue)) / (sum(retained_customers) + sum(returned_customers)) AS revenue FROM loyalty.revenue_by_period WHERE complete) e $$,
    'retention_value');
SELECT is((SELECT round(extra_profit / extra_revenue, 3) FROM loyalty.retention_value LIMIT 1), (SELECT round(sum(profit) / sum(revenue), 3) FROM loyalty.customers), '... as profit');
UPDATE loyalty.settings SET retention_step = 100;
SELECT is((SELECT max(raised_rate) FROM loyalty.retention_value), 1::float8, '... no rate passes 1');

-- without source and category there are no dimensions
SELECT lives_ok($$ SELECT attach_orders('orders', source => '', category => '', diagnose => false) $$, 'attach without them');
SELECT is((SELECT count(*) FROM loyalty.customer_dimensions) + (SELECT count(*) FROM loyalty.first_purchase) + (SELECT count(*) FROM loyalty.retention_by_dimension), 0::bigint, 'no dimensions');

SELECT * FROM finish();
ROLLBACK;
