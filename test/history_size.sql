-- Large histories, many histories, and how much room they take.
BEGIN;
SELECT no_plan();
SELECT setseed(0.875);
CREATE AGGREGATE log_agg(date, numeric) (SFUNC = _clientele.history_agg_transition, STYPE = purchase_history); -- the state as it is

-- ten thousand purchase days in one history, in random order

CREATE TEMP TABLE long_life AS
SELECT date '1995-01-01' + n AS day, round((random() * 500)::numeric, 2) - 50 AS amount
FROM generate_series(0, 9999) AS n, generate_series(1, 2);
CREATE TEMP TABLE plain AS
SELECT day, count(*) FILTER (WHERE amount >= 0) AS orders, count(*) FILTER (WHERE amount < 0) AS returns, sum(amount) AS amount
FROM long_life GROUP BY day;
CREATE TEMP TABLE stored (storage text, h purchase_history);
INSERT INTO stored SELECT 'compressed', history_agg(day, amount ORDER BY random()) FROM long_life;
ALTER TABLE stored ALTER h SET STORAGE EXTERNAL;
INSERT INTO stored SELECT 'out of line', history_agg(day, amount ORDER BY day DESC) FROM long_life;

SELECT is(pg_column_compression(h) IS NOT NULL, storage = 'compressed', storage) FROM stored;
SELECT is(a.h, b.h, 'they are equal') FROM stored AS a, stored AS b WHERE a.storage < b.storage;
SELECT set_eq(format('SELECT d.* FROM stored, history_days(h) AS d WHERE storage = %L', storage), 'TABLE plain',
    'ten thousand days are all there, ' || storage)
FROM stored;

CREATE TEMP TABLE dates AS SELECT date '1995-01-01' + (random() * 10100)::integer - 50 AS date FROM generate_series(1, 50);
CREATE FUNCTION pg_temp.same_before(measure text, expected text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN is_empty(format('SELECT storage, date FROM stored, dates WHERE %s IS DISTINCT FROM (%s)', measure, expected), measure);
END
$$;
SELECT pg_temp.same_before(measure || '(h, date)', format('SELECT %s FROM plain WHERE day < date', expected))
FROM (VALUES ('order_count', 'coalesce(sum(orders), 0)'), ('return_count', 'coalesce(sum(returns), 0)'),
    ('revenue', 'coalesce(sum(amount), 0)'), ('purchase_days', 'count(*) FILTER (WHERE orders > 0)'),
    ('last_order', 'max(day) FILTER (WHERE orders > 0)')) AS m(measure, expected);
SELECT pg_temp.same_before('as_of(h, date)', 'SELECT history_agg(day, amount) FROM long_life WHERE day < date');
SELECT is((SELECT sum(amount) FROM period_values(h, 'month', '1995-01-01', '2030-01-01')), (SELECT sum(amount) FROM plain),
    'period_values, ' || storage)
FROM stored;
SELECT is_empty('SELECT storage FROM stored WHERE ' || wrong, wrong || ' is never so')
FROM unnest(ARRAY['h + h - h <> h', 'h::text::purchase_history <> h',
    'h - as_of(h, ''2010-01-01'') + as_of(h, ''2010-01-01'') <> h']) AS wrong;
SELECT is(rollup(h), (SELECT h + h FROM stored LIMIT 1), 'rollup') FROM stored;

-- a whole shop in few days: the state holds days, not rows

CREATE TEMP TABLE shop AS
SELECT date '2025-01-01' + floor(random() * 30)::integer AS day, round((random() * 100)::numeric, 2) AS amount
FROM generate_series(1, 200000);
SELECT set_eq('SELECT d.* FROM (SELECT history_agg(day, amount) AS h FROM shop) AS s, history_days(h) AS d',
    'SELECT day, count(*), 0::bigint, sum(amount) FROM shop GROUP BY day', '200,000 orders of 30 days');
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
SELECT cmp_ok(min(pg_temp.seconds('SELECT history_agg(day, amount) FROM shop')), '<=',
    10 * min(pg_temp.seconds('SELECT min(day), max(day), sum(amount), count(*) FROM shop')),
    'folding rows of few days is no slower than ten plain aggregations')
FROM generate_series(1, 3);

-- many customers with one order each

CREATE TEMP TABLE once AS
SELECT customer, date '2020-01-01' + (random() * 2000)::integer AS day, round((exp(random() * 7))::numeric, 2) AS amount
FROM generate_series(1, 200000) AS customer;
CREATE TEMP TABLE customers AS SELECT customer, history_agg(day, amount) AS h FROM once GROUP BY customer;
SELECT results_eq(
    'SELECT count(*), sum(order_count(h)), sum(revenue(h)), min(first_order(h)), max(last_order(h)) FROM customers',
    'SELECT count(*), count(*)::numeric, sum(amount), min(day), max(day) FROM once', '200,000 customers with one order each');
SELECT is(rollup(h), (SELECT history_agg(day, amount) FROM once), 'their rollup is the history of all') FROM customers;
SELECT cmp_ok(max(pg_column_size(h)), '<=', 16, 'one order takes up to 16 bytes') FROM customers;

-- bytes for each purchase day of a customer

CREATE TEMP TABLE orders AS -- many small amounts, few large ones
SELECT customer, date '2018-01-01' + (random() * 2500)::integer AS day,
    CASE WHEN random() < 0.06 THEN -1 ELSE 1 END * round(exp(12 * random() ^ 2)::numeric, 2) AS amount
FROM (SELECT customer, 1 + (60 * random() ^ 4)::integer AS rows FROM generate_series(1, 5000) AS customer) AS c,
    generate_series(1, rows);
CREATE TEMP TABLE sizes AS
SELECT customer, history_agg(day, amount) AS h, count(DISTINCT day) AS days FROM orders GROUP BY customer;
SELECT cmp_ok(max(pg_column_size(h)::float8 / days), '<=', 16::float8, 'a stored history takes up to 16 bytes a day')
FROM sizes;
SELECT diag(format('%s customers with %s days: %s bytes a day, %s where a customer has ten or more', count(*), sum(days),
    round(sum(pg_column_size(h)) / sum(days), 2),
    round(sum(pg_column_size(h)) FILTER (WHERE days >= 10) / sum(days) FILTER (WHERE days >= 10), 2)))
FROM sizes;

-- long work can be cancelled

CREATE FUNCTION pg_temp.cancelled(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    start CONSTANT timestamptz := clock_timestamp();
BEGIN
    EXECUTE statement;
    RETURN fail(statement || ' is cancelled');
EXCEPTION WHEN query_canceled THEN
    RETURN cmp_ok(clock_timestamp() - start, '<', interval '3 seconds', statement || ' is cancelled in time');
END
$$;
SET LOCAL statement_timeout = '200ms'; -- for each of the statements that follow
SELECT pg_temp.cancelled('SELECT count(*) FROM period_values(''{}'', ''day'', ''4000-01-01 BC'', ''100000-01-01'')');
SELECT pg_temp.cancelled('SELECT rollup(h) FROM stored, generate_series(1, 1000000)');
SELECT pg_temp.cancelled('SELECT history_agg(date ''2025-01-01'' + n % 1000, n) FROM generate_series(1, 100000000) AS n');
SELECT pg_temp.cancelled('SELECT count(*) FROM generate_series(1, 1000000), stored, history_days(h)');
RESET statement_timeout;

-- a real shop: 69,659 purchases of 23,570 customers

SELECT :'data' <> '' AS has_data, 'gzip -dc ' || :'data' || '/cdnow/cdnow_master_transactions.csv.gz' AS read_cdnow \gset
\if :has_data
CREATE TEMP TABLE cdnow (customer integer, day date, cds integer, sales numeric);
COPY cdnow FROM PROGRAM :'read_cdnow' (FORMAT csv, HEADER);
CREATE TEMP TABLE cdnow_histories AS SELECT customer, history_agg(day, sales) AS h FROM cdnow GROUP BY customer;
SELECT set_eq('SELECT customer, order_count(h), revenue(h), purchase_days(h), last_order(h) FROM cdnow_histories',
    'SELECT customer, count(*), sum(sales), count(DISTINCT day) AS days, max(day) FROM cdnow GROUP BY customer',
    'CDNOW by customer');
SELECT is(revenue(rollup(h)), (SELECT sum(sales) FROM cdnow), 'CDNOW in total') FROM cdnow_histories;
SELECT cmp_ok(max(pg_column_size(h)::float8 / purchase_days(h)), '<=', 16::float8, 'CDNOW takes up to 16 bytes a day')
FROM cdnow_histories;
SELECT diag(format('CDNOW: %s bytes a day', round(sum(pg_column_size(h)) / sum(purchase_days(h)), 2))) FROM cdnow_histories;
\else
SELECT skip('no real data', 3);
\endif

SELECT * FROM finish();
ROLLBACK;
