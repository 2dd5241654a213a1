-- retention from histories: against plain SQL on random purchases; its forms, sums and bad input
BEGIN;
SELECT no_plan();
\ir include/failure.sql
\ir include/receive.sql

-- 1,500 customers over four years: gaps, returns, several orders a day, some with a single one or none
SELECT setseed(0.31);
CREATE TABLE purchases AS
SELECT n AS customer, date '2021-06-15' + (random() ^ 0.7 * 1400)::integer AS day, CASE WHEN random() < 0.1 THEN -1 ELSE 1 END AS amount
FROM generate_series(1, 1500) n, LATERAL generate_series(1, (n % 11)) m;
INSERT INTO purchases VALUES (2001, '2024-12-31', 1), (2001, '2025-01-01', 1), (2002, '2025-01-01', 1), (2003, '2024-12-29', 1),
    (2003, '2024-12-30', 1), (2004, '2024-02-29', 1), (2004, '2025-02-28', 1);
CREATE TABLE histories AS SELECT customer, history_agg(day, amount) AS history FROM purchases GROUP BY customer;

\ir include/plain_retention.sql
CREATE FUNCTION pg_temp.agrees(period text, as_of date) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    curve retention := (SELECT retention_curve(history, period, as_of) FROM histories);
BEGIN
    CREATE TEMP TABLE expected ON COMMIT DROP AS SELECT * FROM plain_retention(period, as_of);
    RETURN NEXT set_eq(format('SELECT cohort_start, customers, period_number, period_start, complete, retained, retained_on_or_after FROM retention_cohorts(%L)', curve),
        'SELECT * FROM expected', format('the triangle by %s as of %s', period, as_of));
    RETURN NEXT set_eq(format('SELECT period_number, eligible, retained, retained_on_or_after FROM retention_points(%L)', curve), $query$
        SELECT period_number, sum(customers)::bigint AS a, sum(retained)::bigint AS b, sum(on_or_after)::bigint AS c FROM expected
        WHERE complete GROUP BY period_number $query$, '... and pooled');
    RETURN NEXT is((SELECT array_agg(retained::float8 / eligible ORDER BY period_number) FROM (
            SELECT period_number, sum(retained) AS retained, sum(customers) AS eligible FROM expected WHERE complete GROUP BY period_number) p),
        nullif(retention_rates(curve), '{}'), '... as rates');
    DROP TABLE expected;
END
$$;
SELECT pg_temp.agrees(period, as_of) FROM (VALUES ('month', date '2025-04-16'), ('month', '2025-05-01'), ('month', '2024-02-29'),
    ('quarter', '2025-04-01'), ('quarter', '2025-03-31'), ('week', '2023-05-15'), ('week', '2023-05-14'), ('year', '2025-01-01'),
    ('year', '2024-12-31'), ('day', '2021-12-24'), ('month', '2021-06-16'), ('month', '2021-01-01'), ('month', '2021-07-01')) v(period, as_of);

-- rates, bounds and follow-up, from the counts
CREATE TEMP TABLE curve AS SELECT retention_curve(history, 'month', '2025-04-16') AS r FROM histories;
SELECT results_eq($$ SELECT rate, lower, upper, rate_on_or_after, lower_on_or_after, upper_on_or_after FROM curve, retention_points(r, 0.9) $$,
    $$ SELECT i.estimate, i.lower, i.upper, a.estimate, a.lower, a.upper FROM curve, retention_points(r) p,
        wilson_interval(p.retained, p.eligible, 0.9) i, wilson_interval(p.retained_on_or_after, p.eligible, 0.9) a $$, 'Wilson intervals');
SELECT is((SELECT follow_up FROM curve, retention_points(r) WHERE period_number = 1),
    (SELECT sum(c.customers * (n.periods - 1))::float8 / sum(c.customers) FROM curve, retention_cohorts(r) c
     JOIN (SELECT cohort_start, count(*) AS periods FROM curve, retention_cohorts(r) WHERE complete GROUP BY cohort_start) n USING (cohort_start)
     WHERE c.period_number = 1 AND c.complete), 'the mean follow-up is that of the eligible');
SELECT is((SELECT retention_rate(r, 3) FROM curve), (SELECT rate FROM curve, retention_points(r) WHERE period_number = 3), 'retention_rate');
SELECT is((SELECT retention_rate(r, 5000) FROM curve), NULL, 'nobody had that period yet');

-- rollup of parts, forms, row order, parallel
SELECT is((SELECT rollup(part) FROM (SELECT retention_curve(history, 'month', '2025-04-16') AS part FROM histories GROUP BY customer % 17) p),
    (SELECT r FROM curve), 'the rollup of parts is the whole');
SELECT is((SELECT rollup(part::text::retention) FROM (SELECT retention_curve(history, 'month', '2025-04-16') AS part FROM histories GROUP BY customer) p),
    (SELECT r FROM curve), '... sent on as text, one customer each');
SELECT is((SELECT rollup(part ORDER BY customer % 13, customer DESC) FROM (SELECT customer, retention_curve(history, 'month', '2025-04-16') AS part FROM histories GROUP BY customer) p),
    (SELECT r FROM curve), '... in another order');
SELECT is((SELECT a.part + b.part FROM (SELECT retention_curve(history, 'month', '2025-04-16') AS part FROM histories WHERE customer < 700) a,
    (SELECT retention_curve(history, 'month', '2025-04-16') AS part FROM histories WHERE customer >= 700) b), (SELECT r FROM curve), 'the sum of two');
SELECT is(pg_temp.receive('retention', _clientele.retention_send(r)), r::text, 'binary round trip') FROM curve;
SELECT ok(r::text::retention = r AND r >= r AND NOT r <> r AND _clientele.retention_hash(r) = _clientele.retention_hash(r::text::retention), 'text round trip, comparison, hash') FROM curve;
SELECT is(count(DISTINCT part), 2::bigint, 'DISTINCT') FROM unnest(ARRAY['[month 2025-01-01 2025-03-15 +2]{10/6,4/4;7/7}', '[month 2025-03-01 2025-03-15 +2]{}',
    '[month 2025-01-01 2025-03-15 +2]{10/6,4/4;7/7}']::retention[]) part;
SELECT is('[month 2025-01-01 2025-03-15 +2]{10/6,4/4;7/7}'::retention::jsonb, '{"period": "month", "as_of": "2025-03-15", "young": 2, "cohorts": [
    {"cohort_start": "2025-01-01", "returned": [10, 4], "last": [6, 4]}, {"cohort_start": "2025-02-01", "returned": [7], "last": [7]}]}', 'jsonb');
SET LOCAL DateStyle = 'German';
SELECT is('[week 2024-12-30 2025-01-13 +0]{3/1,2/2;1/1}'::retention::text, '[week 2024-12-30 2025-01-13 +0]{3/1,2/2;1/1}', 'text does not depend on the date style');
RESET DateStyle;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
\ir include/plan_has.sql
\ir include/result_of.sql
SELECT ok(pg_temp.plan_has($$ SELECT retention_curve(history, 'month', '2025-04-16') FROM histories $$, 'Partial Aggregate'), 'a parallel plan');
SELECT is(pg_temp.result_of($$ SELECT retention_curve(history, 'month', '2025-04-16') FROM histories $$), (SELECT format('(%s)', quote_ident(r::text)) FROM curve), '... gives the same');
RESET max_parallel_workers_per_gather;

-- cohorts in any order: the latest first takes no more than the earliest first, and leaves no trace in the value
CREATE TABLE daily AS
SELECT n, format('{%s:1,%s:1}', date '2010-01-01' + n, date '2010-01-02' + n + n % 3)::purchase_history AS history FROM generate_series(1, 2500) n;
CREATE TEMP TABLE in_order AS SELECT retention_curve(history, 'day', '2016-11-15' ORDER BY n) AS r FROM daily;
SET LOCAL statement_timeout = '20s';
SELECT ok((SELECT retention_curve(history, 'day', '2016-11-15' ORDER BY n DESC) AS r FROM daily) = (SELECT r FROM in_order), 'the latest cohorts first');
SELECT ok((SELECT retention_curve(history, 'day', '2016-11-15' ORDER BY hashint4(n)) AS r FROM daily) = (SELECT r FROM in_order), '... and in no order');
SELECT ok((SELECT rollup(part ORDER BY n DESC) FROM (SELECT n / 500 AS n, retention_curve(history, 'day', '2016-11-15' ORDER BY n DESC) AS part FROM daily GROUP BY n / 500) s) = (SELECT r FROM in_order), '... in parts, and the latest part first');
RESET statement_timeout;
SELECT is((SELECT pg_column_size(retention_curve(history, 'month', '2016-11-15' ORDER BY n DESC)) FROM daily), (SELECT pg_column_size(retention_curve(history, 'month', '2016-11-15' ORDER BY n)) FROM daily), 'as many bytes');
SELECT is(count(*), 0::bigint, 'as a window, latest first') FROM (
    SELECT n, retention_curve(history, 'month', '2016-11-15') OVER (ORDER BY n DESC) AS r FROM daily WHERE n % 30 = 0) w
WHERE r <> (SELECT retention_curve(d.history, 'month', '2016-11-15' ORDER BY d.n) FROM daily d WHERE d.n % 30 = 0 AND d.n >= w.n);
-- states, as another node would send them
CREATE AGGREGATE part_of(purchase_history, text, date) (SFUNC = _clientele.retention_curve_transition, STYPE = retention);
CREATE TEMP TABLE parts AS SELECT n % 5 AS part, part_of(history, 'month', '2016-11-15' ORDER BY n DESC) AS state, retention_curve(history, 'month', '2016-11-15' ORDER BY n) AS value FROM daily GROUP BY n % 5;
SELECT cmp_ok(max(pg_column_size(state)), '>', max(pg_column_size(value)), 'a state may have room') FROM parts;
SELECT is(count(*), 0::bigint, '... which nobody sees') FROM parts
WHERE state <> value OR state::text <> value::text OR _clientele.retention_send(state) <> _clientele.retention_send(value) OR _clientele.retention_hash(state) <> _clientele.retention_hash(value) OR state::jsonb <> value::jsonb
    OR retention_rates(state) <> retention_rates(value) OR retention_heatmap(state) <> retention_heatmap(value) OR state + value <> value + value OR (state + value)::text <> (value + state)::text
    OR (SELECT count(*) FROM retention_cohorts(state)) <> (SELECT count(*) FROM retention_cohorts(value));
SELECT ok((SELECT rollup(state) FROM parts) = (SELECT rollup(value) FROM parts) AND (SELECT rollup(state::text::retention ORDER BY part DESC) FROM parts) = (SELECT rollup(value) FROM parts)
    AND (SELECT rollup(state) FROM parts WHERE part = 1) = (SELECT value FROM parts WHERE part = 1), '... nor adds up');
SELECT is(retention '[month 2025-02-01 2025-03-15 +2]{7/7}' + '[month 2025-01-01 2025-03-15 +1]{10/6,4/4;0/0}', '[month 2025-01-01 2025-03-15 +3]{10/6,4/4;7/7}', 'the sum with an older one');
SELECT is(retention '[month 2025-01-01 2025-03-15 +1]{10/6,4/4;0/0}' + '[month 2025-02-01 2025-03-15 +2]{7/7}', '[month 2025-01-01 2025-03-15 +3]{10/6,4/4;7/7}', '... and with a younger one');

-- the first of all dates
SELECT throws_ok(format($$ SELECT retention_curve(1, date '4714-11-24 BC', %L, date '4714-11-25 BC') $$, period), '22008', NULL, 'a first ' || period || ' that began before all dates') FROM unnest(ARRAY['month', 'quarter', 'year']) period;
SELECT throws_ok($$ SELECT retention_curve(history, 'month', date '4714-11-25 BC') FROM daily $$, '22008', NULL, '... from histories');
SELECT throws_ok(format($$ SELECT retention_curve(1, date '4714-11-24 BC', %L, date '4713-12-25 BC') $$, period), '22008', NULL, '... or a first cohort') FROM unnest(ARRAY['month', 'quarter', 'year']) period;
SELECT is(retention_curve(1, date '4714-11-24 BC', 'week', date '4714-12-25 BC')::text, '[week 4714-11-24 BC 4714-12-25 BC +0]{1/1,0/0,0/0,0/0;0/0,0/0,0/0;0/0,0/0;0/0}', 'the first of all weeks');
SELECT throws_ok($$ SELECT '[month 4714-11-01 BC 4714-11-25 BC +0]{}'::retention $$, '22P02', NULL, '... nor as text');
SELECT throws_ok(format('SELECT %L::retention', form), '22P02', NULL, form || ' is bad text') FROM unnest(ARRAY['month', 'quarter', 'year']) period,
    format('[%s 4714-11-24 BC 4714-11-25 BC +0]{}', period) form;
SELECT current_setting('server_version_num')::integer >= 160000 AS has_soft_errors \gset
\if :has_soft_errors
SELECT ok(NOT pg_input_is_valid(form, 'retention'), '... of which no error is made: ' || form) FROM unnest(ARRAY['month', 'quarter', 'year']) period,
    format('[%s 4714-11-24 BC 4714-11-25 BC +0]{}', period) form;
\else
SELECT skip('soft input errors came with PostgreSQL 16', 3);
\endif
SELECT throws_ok(format($$ SELECT pg_temp.receive('retention', '\x01%s' || int4send(-2451544) || int4send(0) || int8send(1)) $$, period), '22P03', NULL, '... nor in binary form') FROM unnest(ARRAY['02', '03', '04']) period;
SELECT throws_ok(format($$ SELECT pg_temp.receive('retention', '\x01%s' || int4send(-2451544) || int4send(1) || int8send(1) || int8send(2) || int8send(2)) $$, period), '22P03', NULL, '... nor with a cohort before')
FROM unnest(ARRAY['01', '02', '03', '04']) period;
SELECT is(pg_temp.receive('retention', '\x0100' || int4send(-2451544) || int4send(1) || int8send(1) || int8send(2) || int8send(2)), '[day 4714-11-24 BC 4714-11-25 BC +1]{2/2}', '... which a day has');

-- nothing, NULLs, one customer
SELECT is((SELECT retention_curve(history, 'month', '2025-04-16') FROM histories WHERE false), NULL, 'no rows');
SELECT is((SELECT retention_curve(h, 'month', '2025-04-16') FROM (VALUES (NULL::purchase_history), ('{}'), ('{2025-01-01:-5/0/1}'), ('{2025-04-16:5}')) v(h))::text,
    '[month 2025-04-01 2025-04-16 +0]{}', 'nobody who bought');
SELECT is((SELECT retention_curve(h, 'month', '2025-04-16') FROM (VALUES (purchase_history '{2025-04-15:5}')) v(h))::text,
    '[month 2025-04-01 2025-04-16 +1]{}', 'one young customer');
SELECT is((SELECT count(*) FROM retention_points('[month 2025-04-01 2025-04-16 +1]{}')), 0::bigint, '... gives no curve');
SELECT results_eq($$ SELECT cohort_label, customers, complete, eligible, rate FROM retention_cohorts('[month 2025-04-01 2025-04-16 +1]{}') $$,
    $$ VALUES ('2025-04', 1::bigint, false, 0::bigint, NULL::float8) $$, '... and one cohort that is not complete');
SELECT results_eq($$ SELECT DISTINCT cohort_label FROM (SELECT retention_curve(h, period, '2026-01-01') AS r
        FROM (VALUES (purchase_history '{2025-01-01:5}')) v(h), unnest(ARRAY['day', 'week', 'month', 'quarter', 'year']) period GROUP BY period) c,
        retention_cohorts(r) WHERE period_number = 0 AND customers > 0 ORDER BY 1 $$,
    $$ VALUES ('2025'), ('2025-01'), ('2025-01-01'), ('2025-Q1'), ('2025-W01') $$, 'labels');
SELECT is_empty($$ SELECT period, cohort_label FROM (
        SELECT period, cohort_label, row_number() OVER (PARTITION BY period ORDER BY cohort_start) AS by_start, row_number() OVER (PARTITION BY period ORDER BY cohort_label COLLATE "C") AS by_label
        FROM (SELECT period, retention_curve(h, period, '2026-01-01') AS r
            FROM (SELECT history_agg(date '2024-11-20' + 13 * n, 1) AS h FROM generate_series(0, 29) n GROUP BY n) v, unnest(ARRAY['day', 'week', 'month', 'quarter', 'year']) period GROUP BY period) c,
            retention_cohorts(r) WHERE period_number = 0) o
    WHERE by_start <> by_label $$, '... sort as text as their periods do');
SELECT is((SELECT count(r) FROM (SELECT retention_curve(history, 'month', '2025-04-16') OVER (ORDER BY customer) AS r FROM histories) w), (SELECT count(*) FROM histories), 'as a window');

-- bad input: what was wrong, with a hint
SELECT throws_ok(statement, '22P02', NULL, statement) FROM unnest(ARRAY[
    $$ SELECT ''::retention $$, $$ SELECT '[month 2025-01-02 2025-03-15 +2]{10/6,4/4;7/7}'::retention $$, $$ SELECT '[month 2025-01-01 2025-03-15 +2]{10/6,3/4;7/7}'::retention $$,
    $$ SELECT '[month 2025-01-01 2025-03-15 +2]{10/6,4/4}'::retention $$, $$ SELECT '[month 2025-01-01 2025-03-15 +2]{10/6,4/4;7/7}x'::retention $$,
    $$ SELECT '[month 2025-01-01 2025-03-15 +2]{10/6,5/3;7/7}'::retention $$, $$ SELECT '[month 2025-01-01 2025-03-15 +2]{0/0,0/0;7/7}'::retention $$,
    $$ SELECT '[month 2025-04-01 2025-03-15 +2]{}'::retention $$, $$ SELECT '[decade 2025-01-01 2025-03-15 +2]{}'::retention $$,
    $$ SELECT '[day 0001-01-01 9999-01-01 +0]{}'::retention $$, $$ SELECT '[month 2025-03-01 2025-03-15 +-2]{}'::retention $$,
    $$ SELECT '[month 2025-01-01 2025-03-15 +9223372036854775807]{1/1,0/0;0/0}'::retention $$]) statement;
SELECT throws_ok(format($$ SELECT pg_temp.receive('retention', %L) $$, bytes), '22P03', NULL, 'binary ' || bytes::text) FROM unnest(ARRAY[
    '\x', '\x02', '\x0105000000000000000000000000000000000000', '\x010200000000ffffffff0000000000000000', '\x0102000000000000000000000000000000000000',
    '\x01027fffffff000000000000000000000000', '\x0102000000010000000100000000000000000000000000000001000000000000000000', '\x010200000000000000008000000000000000']::bytea[]) bytes;
SELECT throws_ok($$ SELECT retention_curve(history, 'decade', '2025-01-01') FROM histories $$, '22023', NULL, 'another period');
SELECT throws_ok($$ SELECT retention_curve(history, NULL, '2025-01-01') FROM histories $$, '22023', NULL, 'no period');
SELECT throws_ok($$ SELECT retention_curve(history, 'month', NULL) FROM histories $$, '22023', NULL, 'no as_of');
SELECT throws_ok($$ SELECT retention_curve(history, 'month', 'infinity') FROM histories $$, '22008', NULL, 'an infinite as_of');
SELECT throws_ok($$ SELECT retention_curve(history, 'month', date '2025-01-01' + customer) FROM histories $$, '22023', NULL, 'as_of that differs');
SELECT throws_ok($$ SELECT retention_curve(history, CASE WHEN customer > 9 THEN 'week' ELSE 'month' END, '2025-01-01') FROM histories $$, '22023', NULL, 'period that differs');
SELECT throws_ok($$ SELECT retention '[month 2025-03-01 2025-03-15 +2]{}' + '[week 2025-03-10 2025-03-15 +2]{}' $$, '22023', NULL, 'the sum of different periods');
SELECT throws_ok($$ SELECT retention '[month 2025-03-01 2025-03-15 +2]{}' + '[month 2025-03-01 2025-03-16 +2]{}' $$, '22023', NULL, 'the sum of different dates');
SELECT throws_ok($$ SELECT retention '[month 2025-03-01 2025-03-15 +9223372036854775807]{}' + '[month 2025-03-01 2025-03-15 +1]{}' $$, '22003', NULL, 'more than 2^63 customers');
SELECT throws_ok($$ SELECT retention_curve(h, 'day', '2025-01-01') FROM (VALUES (purchase_history '{1990-01-01:1}')) v(h) $$, '54000', NULL, 'too many cohorts');
SELECT is(jsonb_array_length(retention_curve(h, 'day', '2021-01-01')::jsonb -> 'cohorts'), 1997, 'as many cohorts as jsonb holds') FROM (SELECT history_agg(date '2021-01-01' - 1997, 1) AS h) v;
SELECT throws_ok($$ SELECT retention_curve(h, 'day', '2021-01-01')::jsonb FROM (SELECT history_agg(date '2021-01-01' - 1998, 1) AS h) v $$, '54000',
    'retention value too large for jsonb', 'more cohorts than jsonb holds');
SELECT throws_ok($$ SELECT retention_rate('[month 2025-03-01 2025-03-15 +2]{}', -1) $$, '22023', NULL, 'a negative number');
SELECT throws_ok($$ SELECT retention_points('[month 2025-03-01 2025-03-15 +2]{}', 1) $$, '22023', NULL, 'a level of 1');
SELECT unalike(pg_temp.failure(statement), '%(no hint)', 'a hint: ' || statement) FROM unnest(ARRAY[
    $$ SELECT 'x'::retention $$, $$ SELECT retention_curve(history, 'month', NULL) FROM histories $$,
    $$ SELECT retention_curve(h, 'day', '2025-01-01') FROM (VALUES (purchase_history '{1990-01-01:1}')) v(h) $$,
    $$ SELECT retention '[month 2025-03-01 2025-03-15 +2]{}' + '[month 2025-03-01 2025-03-16 +2]{}' $$]) statement;

-- pictures
SELECT is(retention_heatmap('[month 2025-01-01 2025-03-15 +2]{10/6,4/4;7/7}'), E'cohort     customers   0    1 \n2025-01           10 100█  40▒\n2025-02            7 100█', 'heat map');
SELECT is(sparkline('{1,0.5,NULL,0,0.25}'), '█▅ ▁▃', 'sparkline');
SELECT is(sparkline(v), expected, 'sparkline of ' || v::text) FROM (VALUES ('{}'::float8[], ''), ('{NULL}', ' '), ('{3,3}', '▁▁'), ('{-1e308,1e308}', '▁█')) t(v, expected);
SELECT throws_ok($$ SELECT sparkline('{1,NaN}') $$, '22003', NULL, 'sparkline of NaN');

-- a window of days after the first purchase
SELECT is_empty(format($$
    WITH days AS (SELECT DISTINCT customer, day FROM purchases WHERE amount >= 0 AND day < %3$L),
    first AS (SELECT customer, min(day) AS first FROM days GROUP BY customer)
    SELECT h.customer, returned_within(h.history, %1$s, %2$s, %3$L) FROM histories h LEFT JOIN first f USING (customer)
    WHERE returned_within(h.history, %1$s, %2$s, %3$L) IS DISTINCT FROM CASE WHEN f.first + %1$s + %2$s <= %3$L THEN
        EXISTS (SELECT FROM days d WHERE d.customer = h.customer AND d.day >= f.first + %1$s AND d.day < f.first + %1$s + %2$s) END $$, n, h, as_of),
    format('returned_within from day %s for %s days as of %s', n, h, as_of))
FROM (VALUES (30, 30, date '2025-04-16'), (1, 1, '2024-01-01'), (365, 365, '2023-06-15'), (90, 7, '2021-06-20')) v(n, h, as_of);
SELECT is(returned_within('{2025-01-01:1,2025-01-31:1}', n, h, as_of::date), expected, format('returned_within %s, %s, %s', n, h, as_of))
FROM (VALUES (30, 1, '2025-02-01', true), (30, 1, '2025-01-31', NULL), (29, 1, '2025-02-01', false), (31, 1, '2025-02-02', false), (1, 2147483647, '2025-02-02', NULL)) v(n, h, as_of, expected);
SELECT throws_ok(statement, '22023', NULL, statement) FROM unnest(ARRAY[$$ SELECT returned_within('{}', 0, 1, '2025-01-01') $$, $$ SELECT returned_within('{}', 1, 0, '2025-01-01') $$]) statement;

-- activity, and the flow of active customers
SELECT results_eq($$ SELECT period_start, period_number, status, revenue, previous_revenue
    FROM history_activity('{2025-01-01:-3/0/1,2025-01-03:12.5,2025-02-01:10.25/2,2025-04-04:-11/0/1,2025-06-03:5,2025-07-01:-2/0/1}', 'month', '2025-07-15') $$,
    $$ VALUES (date '2025-01-01', 0, 'new', 9.50, 0.00), ('2025-02-01', 1, 'retained', 10.25, 9.50), ('2025-03-01', 2, 'lapsed', 0.00, 10.25),
        ('2025-04-01', 3, 'inactive', -11.00, 0.00), ('2025-06-01', 5, 'returned', 5.00, 0.00), ('2025-07-01', 6, 'inactive', -2.00, 5.00) $$, 'activity');
CREATE FUNCTION pg_temp.flow(period text, as_of date) RETURNS text LANGUAGE sql AS $$
    WITH activity AS (SELECT h.customer, a.* FROM histories h, history_activity(h.history, period, as_of) a),
    plain AS (SELECT date_trunc(period, day::timestamp)::date AS start, count(DISTINCT customer) FILTER (WHERE amount >= 0) AS active, sum(amount) AS revenue
              FROM purchases WHERE day < as_of GROUP BY 1),
    ours AS (SELECT period_start AS start, count(*) FILTER (WHERE orders > 0) AS active, sum(revenue) AS revenue,
                 count(*) FILTER (WHERE status IN ('new', 'returned')) - count(*) FILTER (WHERE status = 'lapsed') AS change
             FROM activity GROUP BY 1),
    flow AS (SELECT o.*, lag(o.active, 1, 0::bigint) OVER (ORDER BY o.start) AS before FROM ours o)
    SELECT is((SELECT count(*) FROM plain p FULL JOIN flow f USING (start) WHERE p.active IS DISTINCT FROM f.active OR p.revenue IS DISTINCT FROM f.revenue
        OR f.active <> f.before + f.change AND (f.start + CASE period WHEN 'quarter' THEN interval '3 months' ELSE ('1 ' || period)::interval END) <= as_of),
        0::bigint, format('active customers, revenue and flow by %s as of %s', period, as_of))
$$;
SELECT pg_temp.flow(period, as_of) FROM (VALUES ('month', date '2025-04-16'), ('quarter', '2025-01-01'), ('year', '2024-06-01'), ('week', '2023-01-04')) v(period, as_of);

-- Somebody's own aggregate may begin with any value.
CREATE AGGREGATE full_cohort(purchase_history, text, date) (SFUNC = _clientele.retention_curve_transition, STYPE = retention,
    INITCOND = '[month 2025-01-01 2025-02-15 +0]{9223372036854775807/9223372036854775807}');
CREATE AGGREGATE all_young(purchase_history, text, date) (SFUNC = _clientele.retention_curve_transition, STYPE = retention,
    INITCOND = '[month 2025-02-01 2025-02-15 +9223372036854775807]{}');
CREATE AGGREGATE all_young(retention) (SFUNC = _clientele.retention_combine, STYPE = retention, INITCOND = '[month 2025-02-01 2025-02-15 +9223372036854775807]{}');
SELECT throws_ok(format('SELECT %s(%L::purchase_history, ''month'', ''2025-02-15'')::text', aggregate, history), '22003', 'more customers than a retention can count', aggregate || ' and ' || history)
FROM unnest(ARRAY['full_cohort', 'all_young']) aggregate, unnest(ARRAY['{2025-01-03:5}', '{2025-02-03:5}']) history;
SELECT throws_ok($$ SELECT all_young('[month 2025-01-01 2025-02-15 +0]{1/1}')::text $$, '22003', 'more customers than a retention can count', 'all_young and a retention');

SELECT * FROM finish();
ROLLBACK;
