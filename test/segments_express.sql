-- express_test() against plain SQL on random histories, its lights, borders and states
BEGIN;
SELECT no_plan();
\ir include/plan_of.sql

-- Shops: 1 loyal, 2 fickle, 3 in between, 4 with many returns, 5 with amounts that no shop has, 6 giving everything away,
-- 7 with sales to one customer only, 8 with one-timers only
SELECT setseed(0.4);
CREATE TABLE days AS
SELECT shop, customer, day, sum(orders)::integer AS orders, sum(returns)::integer AS returns, sum(amount) AS amount
FROM (
    SELECT shop, shop * 1000 + c AS customer, date '2025-07-01' - (random() ^ 2 * 700)::integer AS day,
        (kind >= 0.2)::integer AS orders, (kind < 0.2)::integer AS returns, CASE WHEN kind < 0.2 THEN -1 - size ELSE size END AS amount
    FROM (VALUES (1, 14), (2, 2), (3, 5), (4, 6), (5, 4), (6, 4), (7, 5), (8, 1)) s(shop, most), generate_series(1, 250) c,
        LATERAL generate_series(1, CASE WHEN c % 3 = 0 THEN 1 ELSE 1 + (random() * (most - 1))::integer END) n,
        LATERAL (SELECT CASE shop WHEN 7 THEN 1 WHEN 4 THEN random() ELSE random() + 0.15 END AS kind,
            CASE WHEN shop = 6 OR shop = 7 AND c <> 30 THEN 0 ELSE round((exp(random() * 5) * CASE shop WHEN 5 THEN 1e20 ^ random() ELSE 1 END)::numeric, c % 5) END AS size
            WHERE n > 0) k) rows
GROUP BY shop, customer, day;
CREATE TABLE histories AS
SELECT shop, customer, format('{%s}', string_agg(format('%s:%s/%s/%s', day, amount, orders, returns), ',' ORDER BY day))::purchase_history AS history
FROM days GROUP BY shop, customer;

CREATE FUNCTION plain(of_shop integer, as_of date, unassigned numeric, within interval, settle interval, regular_purchases integer,
    count_by text, one_time_limit numeric, light_by text, level double precision) RETURNS jsonb LANGUAGE sql AS $$
    WITH bought AS (
        SELECT customer, sum(CASE WHEN count_by = 'orders' THEN orders ELSE least(orders, 1) END) AS ever,
            sum(CASE WHEN count_by = 'orders' THEN orders ELSE least(orders, 1) END) FILTER (WHERE day >= as_of - within) AS lately,
            min(day) FILTER (WHERE orders > 0) AS first, sum(amount) FILTER (WHERE day >= as_of - within) AS x
        FROM days WHERE shop = of_shop AND day < as_of GROUP BY customer),
    kinds AS (
        SELECT x, ever = 1 AND first >= as_of - settle AS young, (ever = 1)::integer AS o, (lately >= regular_purchases)::integer AS r
        FROM bought WHERE lately > 0),
    base AS (SELECT x, o, r FROM kinds WHERE NOT young),
    t AS (SELECT count(*) AS n, coalesce(sum(o), 0) AS o, coalesce(sum(r), 0) AS r, coalesce(sum(x), 0) AS x,
            coalesce(sum(x * o), 0) AS xo, coalesce(sum(x * r), 0) AS xr, sum(x * x) AS xx FROM base),
    y AS (SELECT count(*) AS n, coalesce(sum(x), 0) AS x FROM kinds WHERE young),
    level_z AS (SELECT sqrt(1 / (wilson_interval(1, 1, level)).lower - 1) AS z),
    ratios AS (
        SELECT w.name, w.lowest, sum(w.o * b.o * b.x + w.r * b.r * b.x) / nullif(t.x, 0) AS ratio
        FROM (VALUES ('one', 0, 1, 0), ('regular', 0, 0, 1), ('difference', -1, -1, 1)) w(name, lowest, o, r), base b, t
        WHERE t.x > 0 GROUP BY w.name, w.lowest, t.x),
    spread AS (
        SELECT q.*, (SELECT sum(((CASE q.name WHEN 'one' THEN o WHEN 'regular' THEN r ELSE r - o END - q.ratio) * x) ^ 2) FROM base) AS residuals FROM ratios q),
    reach AS (SELECT s.*, z, CASE WHEN t.n > 1 THEN z * sqrt(t.n::numeric / (t.n - 1) * residuals / (t.x * t.x)) END AS reach, (t.x * t.x / t.xx)::float8 AS kish, t.n FROM spread s, t, level_z),
    bounds AS (
        SELECT name, ratio::float8 AS ratio,
            CASE WHEN n < 2 THEN NULL WHEN residuals > 0 THEN least(1, greatest(lowest, ratio - reach))
                 WHEN lowest = 0 THEN ratio::float8 * kish / (kish + z * z)
                 WHEN ratio = 0 THEN -z * z / (kish + z * z) WHEN ratio < 0 THEN -1 ELSE (kish - z * z) / (kish + z * z) END AS lower,
            CASE WHEN n < 2 THEN NULL WHEN residuals > 0 THEN greatest(lowest, least(1, ratio + reach))
                 WHEN ratio = 0 THEN z * z / (kish + z * z) WHEN ratio < 0 THEN (z * z - kish) / (kish + z * z) ELSE 1 END AS upper
        FROM reach),
    figures AS (
        SELECT t.n AS customers, t.o AS one_time_customers, t.r AS regular_customers, y.n AS young_customers,
            ow.estimate AS one_time_share, ow.lower AS one_time_share_lower, ow.upper AS one_time_share_upper,
            rw.estimate AS regular_share, rw.lower AS regular_share_lower, rw.upper AS regular_share_upper,
            d.estimate AS difference, d.lower AS difference_lower, d.upper AS difference_upper,
            t.x AS sales, t.xo AS one_time_sales, t.xr AS regular_sales, y.x AS young_sales, unassigned AS unassigned_sales,
            CASE WHEN unassigned + t.x + y.x > 0 THEN unassigned / (unassigned + t.x + y.x) END AS unassigned_share,
            os.ratio AS one_time_sales_share, os.lower AS one_time_sales_share_lower, os.upper AS one_time_sales_share_upper,
            rs.ratio AS regular_sales_share, rs.lower AS regular_sales_share_lower, rs.upper AS regular_sales_share_upper,
            100 * ds.ratio AS sales_difference, 100 * ds.lower AS sales_difference_lower, 100 * ds.upper AS sales_difference_upper
        FROM y, t CROSS JOIN LATERAL wilson_interval(t.o, t.n, level) ow CROSS JOIN LATERAL wilson_interval(t.r, t.n, level) rw
        CROSS JOIN LATERAL nps_interval(nps(t.r, t.n - t.r - t.o, t.o), level) d
        LEFT JOIN bounds os ON os.name = 'one' LEFT JOIN bounds rs ON rs.name = 'regular' LEFT JOIN bounds ds ON ds.name = 'difference'),
    chosen AS (
        SELECT f.*, CASE WHEN by_sales THEN sales ELSE customers END AS whole, CASE WHEN by_sales THEN one_time_sales ELSE one_time_customers END AS one,
            CASE WHEN by_sales THEN regular_sales ELSE regular_customers END AS regular, by_sales,
            CASE WHEN by_sales THEN one_time_sales_share_lower ELSE one_time_share_lower END AS low, CASE WHEN by_sales THEN one_time_sales_share_upper ELSE one_time_share_upper END AS high,
            CASE WHEN by_sales THEN sales_difference_lower ELSE difference_lower END AS low_d, CASE WHEN by_sales THEN sales_difference_upper ELSE difference_upper END AS high_d
        FROM figures f, (SELECT light_by = 'sales') b(by_sales)),
    lit AS (
        SELECT *, CASE WHEN customers = 0 OR by_sales AND sales <= 0 OR unassigned > 0 AND unassigned > sales + young_sales THEN 'red'
            WHEN one <= one_time_limit * whole THEN 'green' WHEN one > regular THEN 'yellow' ELSE 'mixed' END AS light FROM chosen)
    SELECT to_jsonb(f) || jsonb_build_object('light', l.light, 'light_by', light_by, 'certain',
        CASE l.light WHEN 'green' THEN coalesce(high <= one_time_limit, false) WHEN 'yellow' THEN coalesce(low > one_time_limit AND high_d < 0, false)
            WHEN 'mixed' THEN coalesce(low > one_time_limit AND low_d >= 0, false) END)
    FROM figures f, lit l
$$;

-- The columns that differ: counts, money and the verdict in anything, shares beyond 1e-9
CREATE FUNCTION pg_temp.differences(ours express_test_result, theirs jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s: %s, not %s', o.key, o.value, t.value), '; ')
    FROM jsonb_each(to_jsonb(ours) - 'advice') o FULL JOIN jsonb_each(theirs) t USING (key)
    WHERE CASE WHEN key ~ 'share|difference' AND jsonb_typeof(o.value) = 'number' AND jsonb_typeof(t.value) = 'number'
        THEN abs(o.value::numeric - t.value::numeric) > 1e-9 * greatest(1, abs(t.value::numeric)) ELSE o.value IS DISTINCT FROM t.value END
$$;

CREATE TABLE results AS
SELECT shop, p.*, express_test(history, as_of, unassigned, within, settle, regular_purchases, count_by, one_time_limit, light_by, level) AS ours
FROM histories, (
    SELECT row_number() OVER () AS n, as_of, unassigned, within::interval, settle::interval, regular_purchases, count_by, one_time_limit, light_by, level::float8
    FROM unnest(ARRAY['2025-07-01', '2025-03-31', '2024-08-31', '2023-09-01', '2020-01-01']::date[]) as_of,
        (VALUES ('6 months', '3 months', 3, 'days', 0.03, 0.95), ('1 year', '1 month', 2, 'orders', 0.25, 0.8), ('45 days', '1 year', 4, 'days', 0.5, 0.99),
            ('2 years', '1 day', 5, 'orders', 0, 0.5)) v(within, settle, regular_purchases, count_by, one_time_limit, level),
        unnest(ARRAY['customers', 'sales']) light_by, unnest(ARRAY[NULL, 0, 2000, -50, 1e9]) unassigned) p
GROUP BY shop, n, as_of, unassigned, within, settle, regular_purchases, count_by, one_time_limit, light_by, level;
CREATE TABLE compared AS
SELECT *, pg_temp.differences(ours, plain(shop, as_of, unassigned, within, settle, regular_purchases, count_by, one_time_limit, light_by, level)) AS wrong FROM results;
SELECT is(count(*), 1600::bigint, 'eight shops, 200 sets of parameters') FROM compared;
SELECT is(string_agg(wrong, E'\n'), NULL, 'shop ' || shop || ' as of ' || as_of) FROM compared GROUP BY shop, as_of ORDER BY shop, as_of;
SELECT results_eq('SELECT DISTINCT (ours).light, (ours).certain FROM compared ORDER BY 1, 2',
    $$ VALUES ('green', false), ('green', true), ('mixed', false), ('mixed', true), ('red', NULL), ('yellow', false), ('yellow', true) $$, 'all lights occur, certain and not');
SELECT cmp_ok(count(*) FILTER (WHERE (ours).young_customers > 0), '>', 200::bigint, 'young customers occur') FROM compared;
SELECT cmp_ok(count(*) FILTER (WHERE (ours).sales < 0), '>', 0::bigint, 'sales below zero occur') FROM compared;
SELECT cmp_ok(count(*) FILTER (WHERE (ours).customers = 1), '>', 0::bigint, 'single customers occur') FROM compared;
SELECT is(count(*), 0::bigint, 'no figure is NaN or infinite') FROM compared WHERE ours::text ~* 'nan|inf';
SELECT is(express_test(history, '2025-07-01', 100)::text, express_test(history, '2025-07-01', 100, '6 months', '3 months', 3, 'days', 0.03, 'customers', 0.95)::text,
    'the short form, shop ' || shop) FROM histories GROUP BY shop;

-- Small shops by hand: o one-timers, r regulars, m others, y young, each bringing 10, 30, 20 and 5
CREATE FUNCTION pg_temp.shop(o integer, r integer, m integer DEFAULT 0, y integer DEFAULT 0) RETURNS SETOF purchase_history LANGUAGE sql AS $$
    SELECT h::purchase_history FROM (VALUES ('{2025-02-01:10}', o), ('{2025-02-01:10,2025-03-01:10,2025-05-01:10}', r), ('{2025-02-01:10,2025-05-01:10}', m),
        ('{2025-05-01:5}', y)) v(h, n), generate_series(1, n)
$$;
CREATE FUNCTION pg_temp.light(o integer, r integer, m integer DEFAULT 0, unassigned numeric DEFAULT NULL, light_by text DEFAULT 'customers', y integer DEFAULT 0,
    one_time_limit numeric DEFAULT 0.03) RETURNS text LANGUAGE sql AS $$
    SELECT (express_test(h, '2025-07-01', unassigned, '6 months', '3 months', 3, 'days', one_time_limit, light_by, 0.95)).light FROM pg_temp.shop(o, r, m, y) h
$$;
SELECT is(pg_temp.light(3, 97), 'green', 'exactly 3 % is green');
SELECT is(pg_temp.light(4, 96), 'mixed', '... 4 % is not');
SELECT is(pg_temp.light(1, 0, 2, one_time_limit => 0.33333333333333333333), 'yellow', 'a third is more than 0.333...');
SELECT is(pg_temp.light(1, 0, 2, one_time_limit => 0.33333333333333333334), 'green', '... and less than 0.333...4');
SELECT is(pg_temp.light(0, 1, one_time_limit => 0), 'green', 'no one-timer is no more than none');
SELECT is(pg_temp.light(1, 0, one_time_limit => 1), 'green', 'all are no more than all');
SELECT is(pg_temp.light(5, 5), 'mixed', 'as many regulars as one-timers');
SELECT is(pg_temp.light(6, 5), 'yellow', '... one more one-timer');
SELECT is(pg_temp.light(3, 1, light_by => 'sales'), 'mixed', 'three one-timers bring as much as a regular');
SELECT is(pg_temp.light(4, 1, light_by => 'sales'), 'yellow', '... four bring more');
SELECT is(pg_temp.light(3, 1), 'yellow', '... by customers three are more');
SELECT is(pg_temp.light(3, 32, light_by => 'sales', one_time_limit => 0.0303), 'mixed', '30 of 990 are more than 3.03 %');
SELECT is(pg_temp.light(3, 32, light_by => 'sales', one_time_limit => 0.03030303030303030304), 'green', '... to the last digit');
SELECT is(pg_temp.light(3, 97, unassigned => 2940), 'green', 'half of the sales without a customer');
SELECT is(pg_temp.light(3, 97, unassigned => 2940.0001), 'red', '... a bit more');
SELECT is(pg_temp.light(3, 97, unassigned => 2940.00005), 'red', '... rounded to four decimals');
SELECT is(pg_temp.light(3, 97, unassigned => 2940.00004), 'green', '... down');
SELECT is(pg_temp.light(3, 97, unassigned => 2945.01, y => 2), 'green', 'sales of young customers have one');
SELECT is(pg_temp.light(3, 97, unassigned => NULL), 'green', 'unknown sales are not judged');
SELECT is(pg_temp.light(0, 0, y => 3), 'red', 'young customers only');
SELECT is(pg_temp.light(0, 0, y => 3, unassigned => 20), 'red', '... and sales without');
SELECT is((express_test(h, '2025-07-01', 30)).unassigned_share, 0.25::float8, 'a quarter without a customer') FROM pg_temp.shop(3, 1, 1, 2) h;
SELECT is(row((t).customers, (t).young_customers, (t).sales, (t).young_sales, (t).one_time_share), row(5::bigint, 2::bigint, 80.00, 10.00, 0.6::float8), 'young ones are apart')
FROM (SELECT express_test(h, '2025-07-01', 30) AS t FROM pg_temp.shop(3, 1, 1, 2) h) s;

-- What to do, and how sure it is
SELECT is((express_test(h, '2025-07-01', unassigned)).advice, expected, label) FROM (VALUES
    ('nothing to judge', 0, 0, NULL, 'There is nothing to judge yet: collect orders together with their customers, until the first ones have had time to come back.'),
    ('anonymous sales', 1, 1, 1000, 'Most sales have no customer: get the data first, by asking every buyer for a phone number or a customer card at the till.'),
    ('anonymous sales only', 0, 0, 1000, 'Most sales have no customer: get the data first, by asking every buyer for a phone number or a customer card at the till.'),
    ('green', 0, 5, NULL, 'Few customers come only once: keep doing what brings them back, and invest in new customers.'),
    ('yellow', 5, 0, 0, 'More customers come once than regularly: find out why they do not come back, by asking them (NPS), before you spend on new ones.'),
    ('mixed', 5, 5, NULL, 'Regulars carry the shop, but too many customers come only once: win their second order.')) v(label, o, r, unassigned, expected),
    LATERAL (SELECT h FROM pg_temp.shop(o, r) h UNION ALL SELECT NULL) s(h) GROUP BY label, expected;
SELECT is((express_test(h, '2025-07-01', NULL)).certain, expected, format('%s one-timers, %s regulars: %s', o, r, expected))
FROM (VALUES (0, 10, false), (0, 200, true), (6, 5, false), (60, 5, true), (5, 6, false), (30, 100, true), (3, 97, false), (4, 96, false)) v(o, r, expected),
    LATERAL pg_temp.shop(o, r) h GROUP BY o, r, expected;

-- Edges
SELECT is(express_test(NULL, '2025-07-01', NULL)::text, '(red,customers,,"There is nothing to judge yet: collect orders together with their customers, until the first ones have had time to come back.",'
    || '0,0,0,0,,,,,,,,,,0.00,0.00,0.00,0.00,,,,,,,,,,,)', 'a customer without a history');
SELECT is(express_test('{2024-01-01:5,2025-07-01:5,2025-05-01:-1/0/1}', '2025-07-01', 7)::text, express_test(NULL, '2025-07-01', 7)::text, 'nothing bought in the window');
SELECT is(row((t).light, (t).light_by, (t).certain, (t).customers, (t).sales, (t).unassigned_sales, (t).one_time_share), row('red'::text, NULL::text, NULL::boolean, 0::bigint, 0.00, NULL::numeric, NULL::float8), 'no row')
FROM (SELECT express_test(history, '2025-07-01', 5) AS t FROM histories WHERE false) s;
SELECT is(row((t).one_time_share, (t).one_time_share_upper, (t).one_time_sales_share, (t).one_time_sales_share_lower, (t).sales_difference, (t).sales_difference_upper),
    row(1::float8, 1::float8, 1::float8, NULL::float8, (-100)::float8, NULL::float8), 'a single customer') FROM (SELECT express_test('{2025-02-01:10}', '2025-07-01', NULL) AS t) s;
SELECT is((express_test(h::purchase_history, '2025-07-01', NULL, '6 months', '3 months', 3, 'days', 0.03, light_by, 0.95)).light, expected, h || ' by ' || light_by) FROM (VALUES
    ('{2025-01-01:1}', 'customers', 'yellow'), ('{2024-12-31:1}', 'customers', 'red'), ('{2025-03-31:1}', 'customers', 'yellow'), ('{2025-04-01:1}', 'customers', 'red'),
    ('{2025-06-01:9/3}', 'customers', 'red'), ('{2025-02-01:9/3}', 'customers', 'yellow'), ('{2025-02-01:9,2025-02-02:-9/0/1}', 'sales', 'red'),
    ('{2025-02-01:9,2025-02-02:-9/0/1}', 'customers', 'yellow'), ('{2025-02-01:9,2025-02-02:-8/0/1}', 'sales', 'yellow'), ('{2024-02-01:1,2025-02-01:1}', 'customers', 'green')) v(h, light_by, expected)
GROUP BY h, light_by, expected;
SELECT is((express_test('{2025-06-01:9/3}', '2025-07-01', NULL, '6 months', '3 months', 3, 'orders', 0.03, 'customers', 0.95)).regular_customers, 1::bigint, 'three receipts of a day, by orders');
SELECT is(row((t).sales, (t).one_time_sales_share, (t).sales_difference_lower <= (t).sales_difference), row(h::numeric * 3, 1 / 3::float8, true), 'amounts of ' || h)
FROM unnest(ARRAY['0.0001', '922337203685477.5807', '126765060022822940149670320']) h, LATERAL (
    SELECT express_test(v::purchase_history, '2025-07-01', NULL) AS t
    FROM unnest(ARRAY[format('{2025-02-01:%s}', h), format('{2025-02-01:0,2025-03-01:0,2025-04-01:%s}', h), format('{2025-02-01:0,2025-04-01:%s}', h)]) v) s;

-- Rows in any order, as parts, in windows, by groups, in parallel
SELECT is((SELECT express_test(history, '2025-07-01', 5)::text FROM (SELECT history FROM histories ORDER BY md5(customer::text)) s),
    (SELECT express_test(history, '2025-07-01', 5)::text FROM (SELECT history FROM histories ORDER BY customer) s), 'the order of rows does not matter');
SELECT results_eq($$ SELECT customer, express_test(history, '2025-07-01', 5) OVER (ORDER BY customer)::text FROM histories WHERE customer <= 1040 $$,
    $$ SELECT customer, (SELECT express_test(g.history, '2025-07-01', 5)::text FROM histories g WHERE g.customer <= h.customer) FROM histories h WHERE customer <= 1040 ORDER BY customer $$, 'a running window');
SELECT results_eq($$ SELECT d, express_test(history, d, 5)::text FROM histories, unnest(ARRAY['2025-01-01', '2025-07-01']::date[]) d GROUP BY d ORDER BY d $$,
    $$ SELECT d, (SELECT express_test(history, d, 5)::text FROM histories) FROM unnest(ARRAY['2025-01-01', '2025-07-01']::date[]) d ORDER BY d $$, 'another date in each group');
CREATE AGGREGATE express_state(purchase_history, date, numeric) (SFUNC = _clientele.express_test_accum, STYPE = bytea);
CREATE AGGREGATE express_merge(bytea) (SFUNC = _clientele.express_test_combine, STYPE = bytea, FINALFUNC = _clientele.express_test_final);
SELECT is((SELECT express_merge(state::text::bytea)::text FROM (SELECT express_state(history, '2025-07-01', 5) AS state FROM histories GROUP BY customer % parts) s),
    (SELECT express_test(history, '2025-07-01', 5)::text FROM histories), 'states merged through text: ' || parts) FROM unnest(ARRAY[1, 2, 7, 1000, 10000]) parts;
SELECT is(express_merge(NULL)::text, express_test(NULL::purchase_history, '2025-07-01', 5)::text, 'no states') FROM histories WHERE false;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT matches(string_agg(line, E'\n'), 'Partial Aggregate', 'a parallel plan') FROM pg_temp.plan_of($$ SELECT express_test(history, '2025-07-01', 5) FROM histories $$) line;
CREATE TEMP TABLE in_parallel AS SELECT express_test(history, '2025-07-01', 5)::text FROM histories;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT results_eq('SELECT * FROM in_parallel', $$ SELECT express_test(history, '2025-07-01', 5)::text FROM histories $$, '... gives the same');

-- Refused
SELECT throws_ok(format('SELECT express_test(history, %s) FROM histories', parameters), '22023', message, parameters) FROM (VALUES
    ('NULL, 5', 'invalid value for parameter "as_of": NULL'),
    ($$'2025-07-01', 'NaN'$$, 'invalid value for parameter "unassigned_sales": NaN'),
    ($$'2025-07-01', '-Infinity'$$, 'invalid value for parameter "unassigned_sales": -Infinity'),
    ($$'2025-07-01', customer$$, 'invalid value for parameter "unassigned_sales": not the same in all rows'),
    ($$'2025-07-01', nullif(customer, 2001)::numeric * 0$$, 'invalid value for parameter "unassigned_sales": not the same in all rows'),
    ($$date '2025-07-01' + customer, 5$$, 'invalid value for parameter "as_of": not the same in all rows')) v(parameters, message);
SELECT throws_ok(format($$ SELECT express_test(history, '2025-07-01', 5, %s) FROM histories $$, parameters), '22023', message, parameters) FROM (VALUES
    ($$NULL, '3 months', 3, 'days', 0.03, 'customers', 0.95$$, 'invalid value for parameter "within": NULL'),
    ($$'6 months', NULL, 3, 'days', 0.03, 'customers', 0.95$$, 'invalid value for parameter "settle": NULL'),
    ($$'6 months', '3 months', NULL, 'days', 0.03, 'customers', 0.95$$, 'invalid value for parameter "regular_purchases": NULL'),
    ($$'6 months', '3 months', 3, NULL, 0.03, 'customers', 0.95$$, 'invalid value for parameter "count_by": NULL'),
    ($$'6 months', '3 months', 3, 'days', NULL, 'customers', 0.95$$, 'invalid value for parameter "one_time_limit": NULL'),
    ($$'6 months', '3 months', 3, 'days', 0.03, NULL, 0.95$$, 'invalid value for parameter "light_by": NULL'),
    ($$'6 months', '3 months', 3, 'days', 0.03, 'customers', NULL$$, 'invalid value for parameter "level": NULL'),
    ($$'0', '3 months', 3, 'days', 0.03, 'customers', 0.95$$, 'invalid value for parameter "within": 00:00:00'),
    ($$'6 months', '-1 day', 3, 'days', 0.03, 'customers', 0.95$$, 'invalid value for parameter "settle": -1 days'),
    ($$'6 months', '3 months', 1, 'days', 0.03, 'customers', 0.95$$, 'invalid value for parameter "regular_purchases": 1'),
    ($$'6 months', '3 months', 3, 'weeks', 0.03, 'customers', 0.95$$, 'invalid value for parameter "count_by": "weeks"'),
    ($$'6 months', '3 months', 3, 'days', -0.01, 'customers', 0.95$$, 'invalid value for parameter "one_time_limit": -0.01'),
    ($$'6 months', '3 months', 3, 'days', 3, 'customers', 0.95$$, 'invalid value for parameter "one_time_limit": 3'),
    ($$'6 months', '3 months', 3, 'days', 1e-21, 'customers', 0.95$$, 'invalid value for parameter "one_time_limit": 0.000000000000000000001'),
    ($$'6 months', '3 months', 3, 'days', 'NaN', 'customers', 0.95$$, 'invalid value for parameter "one_time_limit": NaN'),
    ($$'6 months', '3 months', 3, 'days', 0.03, 'Sales', 0.95$$, 'invalid value for parameter "light_by": "Sales"'),
    ($$'6 months', '3 months', 3, 'days', 0.03, 'customers', 1$$, 'invalid value for parameter "level": 1'),
    ($$'6 months', '3 months', 3, 'days', 0.03, 'customers', 'NaN'$$, 'invalid value for parameter "level": NaN'),
    ($$make_interval(months => 6, days => customer), '3 months', 3, 'days', 0.03, 'customers', 0.95$$, 'invalid value for parameter "within": not the same in all rows'),
    ($$'6 months', make_interval(months => 6, days => customer), 3, 'days', 0.03, 'customers', 0.95$$, 'invalid value for parameter "settle": not the same in all rows'),
    ($$'6 months', '3 months', customer, 'days', 0.03, 'customers', 0.95$$, 'invalid value for parameter "regular_purchases": not the same in all rows'),
    ($$'6 months', '3 months', 3, CASE shop WHEN 1 THEN 'days' ELSE 'orders' END, 0.03, 'customers', 0.95$$, 'invalid value for parameter "count_by": not the same in all rows'),
    ($$'6 months', '3 months', 3, 'days', shop / 100.0, 'customers', 0.95$$, 'invalid value for parameter "one_time_limit": not the same in all rows'),
    ($$'6 months', '3 months', 3, 'days', 0.03, CASE shop WHEN 1 THEN 'sales' ELSE 'customers' END, 0.95$$, 'invalid value for parameter "light_by": not the same in all rows'),
    ($$'6 months', '3 months', 3, 'days', 0.03, 'customers', 0.9 + shop / 1000.0$$, 'invalid value for parameter "level": not the same in all rows')) v(parameters, message);
SELECT throws_ok($$ SELECT express_test(NULL, '2025-07-01', 'NaN') $$, '22023', NULL, 'parameters are checked without a history too');
SELECT throws_ok($$ SELECT express_test('{}', 'infinity', 5) $$, '22008', NULL, 'an infinite date');
SELECT throws_ok($$ SELECT express_test('{}', '2025-07-01', 1e40) $$, '22003', NULL, 'unassigned sales past anything');
SELECT throws_ok($$ SELECT express_merge(s) FROM (SELECT express_state('{}', d, 5) AS s FROM unnest(ARRAY['2025-07-01', '2025-07-02']::date[]) d GROUP BY d) v $$, '22023',
    'invalid value for parameter "as_of": not the same in all rows', 'states of two dates');
SELECT throws_ok(format('SELECT express_merge(s) FROM (VALUES (%L::bytea), (%1$L)) v(s)', state), 'XX001', NULL, 'a state that is none: ' || left(state, 30))
FROM (SELECT express_state('{2025-02-01:10}', '2025-07-01', 5) AS good) g,
    LATERAL unnest(ARRAY['\x', '\x00', left(good::text, -2), good::text || '00', overlay(good::text PLACING '02' FROM 3), overlay(good::text PLACING 'ffff' FROM 3 + 2 * 16)]) state;
SELECT throws_ok(format('SELECT express_merge(s) FROM (VALUES (%L::bytea), (%L)) v(s)', good, overlay(good PLACING customers FROM 109 + 64 * g)), 'XX001', NULL, format('%s customers in a group', customers))
FROM (SELECT express_state('{2025-02-01:10}', '2025-07-01', 5) AS good) s, generate_series(0, 3) g,
    unnest(ARRAY['\xffffffffffffff7f', '\xffffffffffffffff', '\x0000000000000020']::bytea[]) customers;

SELECT * FROM finish();
ROLLBACK;
