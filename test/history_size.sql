-- Large histories, many histories, and how much room they take.
BEGIN;
SELECT no_plan();
SELECT setseed(0.875);
CREATE AGGREGATE log_agg(date, numeric) (SFUNC = history_agg_transition, STYPE = purchase_history); -- the state as it is

-- ten thousand purchase days in one history, in random order

CREATE TEMP TABLE long_life AS
SELECT day, round((random() * 500)::numeric, 2) - 50 AS amount
    FROM generate_series(date '1995-01-01', date '1995-01-01' + 9999, interval '1 day') AS t(day), generate_series(1, 2);
CREATE TEMP TABLE plain AS
SELECT day::date, count(*) FILTER (WHERE amount >= 0) AS orders, count(*) FILTER (WHERE amount < 0) AS returns,
    sum(amount) AS amount FROM long_life GROUP BY 1;
CREATE TEMP TABLE stored (storage text, h purchase_history);
INSERT INTO stored SELECT 'compressed', history_agg(day::date, amount ORDER BY random()) FROM long_life;
ALTER TABLE stored ALTER h SET STORAGE EXTERNAL;
INSERT INTO stored SELECT 'out of line', history_agg(day::date, amount ORDER BY day DESC) FROM long_life;

SELECT is_empty($$ SELECT storage FROM stored WHERE (pg_column_compression(h) IS NULL) <> (storage = 'out of line')
    OR pg_column_size(h) < 10000 $$, 'one is compressed, one out of line');
SELECT is(a.h, b.h, 'they are equal') FROM stored AS a, stored AS b WHERE a.storage < b.storage;
SELECT is_empty($$ SELECT storage, d.* FROM stored, history_days(h) AS d EXCEPT ALL SELECT storage, plain.*
    FROM stored, plain $$, 'ten thousand days are all there');
SELECT is((SELECT count(*) FROM stored, history_days(h)), 20000::bigint, 'each of them once');
CREATE TEMP TABLE dates AS SELECT date '1995-01-01' + (random() * 10100)::integer - 50 AS as_of FROM generate_series(1, 50);
SELECT is_empty($$
    SELECT storage, w.as_of FROM stored, dates AS w, LATERAL (
        SELECT coalesce(sum(orders), 0)::bigint AS orders, coalesce(sum(returns), 0)::bigint AS returns, coalesce(sum(amount), 0) AS amount,
            count(*) FILTER (WHERE orders > 0) AS days, max(day) FILTER (WHERE orders > 0) AS last FROM plain
                WHERE day < w.as_of) AS p
    WHERE (order_count(h, w.as_of), return_count(h, w.as_of), revenue(h, w.as_of),
        purchase_days(h, w.as_of), last_order(h, w.as_of))
            IS DISTINCT FROM (p.orders, p.returns, p.amount, p.days, p.last)
        OR as_of(h, w.as_of) IS DISTINCT FROM (SELECT history_agg(day::date, long_life.amount) FROM long_life WHERE day < w.as_of)
$$, 'as of 50 days');
SELECT is_empty('SELECT storage FROM stored WHERE h + h - h <> h OR h::text::purchase_history <> h OR h - as_of(h, ''2010-01-01'') + as_of(h, ''2010-01-01'') <> h', '+, - and text');
SELECT is(rollup(h), (SELECT h + h FROM stored LIMIT 1), 'rollup') FROM stored;
SELECT is((SELECT sum(amount) FROM stored, period_values(h, 'month', '1995-01-01',
    '2030-01-01')), (SELECT 2 * sum(amount) FROM plain), 'period_values');

-- a whole shop in few days: the state holds days, not rows

CREATE TEMP TABLE shop AS SELECT date '2025-01-01' + floor(random() * 30)::integer AS day,
    round((random() * 100)::numeric, 2) AS amount FROM generate_series(1, 200000);
SELECT is_empty($$
    SELECT d.* FROM (SELECT history_agg(day, amount) AS h FROM shop) AS s, history_days(h) AS d
    EXCEPT SELECT day, count(*), 0, sum(amount) FROM shop GROUP BY day
$$, '200,000 orders of 30 days');
SELECT cmp_ok(pg_column_size(log_agg(day, amount)), '<=', 2048, 'their state stays small') FROM shop;
SELECT cmp_ok(pg_column_size(log_agg(day, amount ORDER BY day)), '<=', 2048, 'in order of time too') FROM shop;
SELECT cmp_ok(pg_column_size(history_agg(day, amount)), '<=', 30 * 16, 'their history takes up to 16 bytes a day') FROM shop;
SELECT cmp_ok(pg_column_size(log_agg(date '2020-01-01' + (n * 7919) % 2000, 1)), '<=', 32768, 'a state of 2,000 days')
    FROM generate_series(1, 100000) AS n;

CREATE FUNCTION pg_temp.seconds(statement text) RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
    start CONSTANT timestamptz := clock_timestamp();
BEGIN
    EXECUTE statement;
    RETURN extract(epoch FROM clock_timestamp() - start);
END
$$;
-- Against plain SQL, so that the machine does not matter; the fastest of three, so that its other work does not.
SELECT cmp_ok(min(pg_temp.seconds('SELECT history_agg(day, amount) FROM shop')),
    '<=', 10 * min(pg_temp.seconds('SELECT min(day), max(day), sum(amount), count(*) FROM shop')),
    'folding rows of few days is no slower than ten plain aggregations')
FROM generate_series(1, 3);

-- many customers with one order each

CREATE TEMP TABLE once AS
SELECT customer, date '2020-01-01' + (random() * 2000)::integer AS day, round((exp(random() * 7))::numeric, 2) AS amount
    FROM generate_series(1, 200000) AS customer;
CREATE TEMP TABLE customers AS SELECT customer, history_agg(day, amount) AS h FROM once GROUP BY customer;
SELECT results_eq('SELECT count(*), sum(order_count(h)), sum(revenue(h)), min(first_order(h)), max(last_order(h)) FROM customers',
    'SELECT count(*), count(*)::numeric, sum(amount), min(day), max(day) FROM once', '200,000 customers with one order each');
SELECT ok((SELECT rollup(h) FROM customers) = (SELECT history_agg(day, amount) FROM once), 'their rollup is the history of all');
SELECT cmp_ok(max(pg_column_size(h)), '<=', 16, 'one order takes up to 16 bytes') FROM customers;

-- bytes for each purchase day of a customer

CREATE TEMP TABLE realistic AS
SELECT customer, date '2018-01-01' + (random() * 2500)::integer AS day,
    CASE WHEN random() < 0.06 THEN -1 ELSE 1 END * round((exp(2 + 1.2 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())))::numeric, 2) AS amount
FROM (SELECT customer, 1 + (60 * random() ^ 4)::integer AS rows FROM generate_series(1, 5000) AS customer) AS c,
    generate_series(1, rows);
CREATE TEMP TABLE kept AS SELECT customer, history_agg(day, amount) AS h, count(DISTINCT day) AS days FROM realistic
    GROUP BY customer;
SELECT cmp_ok(max(pg_column_size(h)::float8 / days), '<=', 16::float8, 'a stored history takes up to 16 bytes a day') FROM kept;
SELECT diag(format('%s customers with %s days: %s bytes a day, %s where a customer has ten or more', count(*), sum(days),
    round(sum(pg_column_size(h)) / sum(days), 2),
    round(sum(pg_column_size(h)) FILTER (WHERE days >= 10) / sum(days) FILTER (WHERE days >= 10), 2))) FROM kept;

-- long work can be cancelled

CREATE FUNCTION pg_temp.cancelled(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    start CONSTANT timestamptz := clock_timestamp();
BEGIN
    EXECUTE statement;
    RETURN fail(statement || ' is cancelled');
EXCEPTION WHEN query_canceled THEN
    RETURN cmp_ok(clock_timestamp() - start, '<', interval '3 seconds', left(statement, 100) || ' is cancelled in time');
END
$$;
SET LOCAL statement_timeout = '200ms';
SELECT pg_temp.cancelled('SELECT count(*) FROM period_values(''{2025-01-01:1}'', ''day'', ''4000-01-01 BC'', ''100000-01-01'')');
SELECT pg_temp.cancelled('SELECT rollup(h) FROM stored, generate_series(1, 1000000)');
SELECT pg_temp.cancelled('SELECT history_agg(date ''2025-01-01'' + n % 1000, n) FROM generate_series(1, 100000000) AS n');
SELECT pg_temp.cancelled('SELECT count(*) FROM generate_series(1, 1000000), stored, history_days(h)');
RESET statement_timeout;

-- a real shop: 69,659 purchases of 23,570 customers

SELECT :'data' <> '' AS has_data, '' AS nothing \gset
\if :has_data
CREATE TEMP TABLE cdnow (customer integer, day date, cds integer, sales numeric);
SELECT format('COPY cdnow FROM PROGRAM %L (FORMAT csv, HEADER)',
    'gzip -dc ' || :'data' || '/cdnow/cdnow_master_transactions.csv.gz') AS load \gset
:load;
CREATE TEMP TABLE cdnow_histories AS SELECT customer, history_agg(day, sales) AS h FROM cdnow GROUP BY customer;
SELECT is_empty($$
    SELECT customer FROM cdnow_histories JOIN (SELECT customer, count(*) AS orders, sum(sales) AS revenue,
        count(DISTINCT day) AS days, max(day) AS last FROM cdnow GROUP BY customer) AS p USING (customer)
    WHERE (order_count(h), revenue(h), purchase_days(h), last_order(h)) IS DISTINCT FROM (orders, p.revenue, days, last)
$$, 'CDNOW by customer');
SELECT is(revenue(rollup(h)), (SELECT sum(sales) FROM cdnow), 'CDNOW in total') FROM cdnow_histories;
SELECT cmp_ok(max(pg_column_size(h)::float8 / purchase_days(h)), '<=', 16::float8, 'CDNOW takes up to 16 bytes a day')
    FROM cdnow_histories;
SELECT diag(format('CDNOW: %s bytes a day', round(sum(pg_column_size(h))::numeric / sum(purchase_days(h)), 2)))
    FROM cdnow_histories;
\else
SELECT skip('no real data', 3);
\endif

SELECT * FROM finish();
ROLLBACK;
