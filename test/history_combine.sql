-- However the rows are split, ordered or handed on, the history is the same value.
BEGIN;
SELECT no_plan();
SELECT setseed(0.625);

\ir include/refuses.sql

-- Ordinary tables: no parallel worker sees a temporary one.
CREATE TABLE orders AS
SELECT n, customer,
    timestamptz '2023-01-01 00:00+00' + random() * CASE WHEN customer < 10 THEN 1000 ELSE 60 END * interval '1 day' AS at,
    round((random() * 220 - 20)::numeric, 2 + (n % 3)) AS amount, floor(random() * 7)::integer AS part
FROM (SELECT n, floor(1000 * random() ^ 3)::integer AS customer FROM generate_series(1, 60000) AS n) AS o;
INSERT INTO orders VALUES (0, 5000, NULL, NULL, 0); -- a customer of whom no row counts
ANALYZE orders;
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TABLE whole AS SELECT customer, history_agg(at, amount, 'Europe/Berlin') AS h FROM orders GROUP BY customer;
CREATE TABLE shop AS SELECT history_agg(at, amount, 'Europe/Berlin') AS h FROM orders;
ANALYZE whole;

CREATE FUNCTION pg_temp.plan_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    lines text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS off) ' || statement LOOP
        lines := lines || line || E'\n';
    END LOOP;
    RETURN lines;
END
$$;

-- the order of the rows

SELECT is_empty(format($$
    SELECT customer
    FROM whole FULL JOIN (
        SELECT customer, history_agg(at, amount, 'Europe/Berlin' ORDER BY %s) AS permuted
        FROM orders GROUP BY customer) AS p USING (customer)
    WHERE h IS DISTINCT FROM permuted OR h::text <> permuted::text
        OR _clientele.purchase_history_send(h) <> _clientele.purchase_history_send(permuted)
        OR _clientele.purchase_history_hash(h) <> _clientele.purchase_history_hash(permuted)
$$, permuted_by), 'rows in order of ' || permuted_by)
FROM unnest(ARRAY['random()', 'at', 'at DESC', 'amount', 'n % 100, at']) AS permuted_by;
SELECT results_eq($$ SELECT history_agg(at, amount, 'Europe/Berlin' ORDER BY at) FROM orders $$, 'TABLE shop',
    'a whole shop in order of time');

-- parallel workers

SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SET LOCAL parallel_leader_participation = off;

CREATE FUNCTION pg_temp.parallel(statement text, plan text, expected text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN NEXT matches(pg_temp.plan_of(statement), plan, plan || ': ' || statement);
    RETURN NEXT set_eq(statement, expected, 'and the same result');
END
$$;
SELECT pg_temp.parallel('SELECT customer, history_agg(at, amount, ''Europe/Berlin'') FROM orders GROUP BY customer',
    'Finalize.*Partial', 'TABLE whole');
SET LOCAL enable_hashagg = off;
SELECT pg_temp.parallel('SELECT customer, history_agg(at, amount, ''Europe/Berlin'') FROM orders GROUP BY customer',
    'Finalize GroupAggregate.*Partial GroupAggregate', 'TABLE whole');
SET LOCAL enable_hashagg = on;
SELECT pg_temp.parallel(statement, 'Finalize Aggregate.*Partial Aggregate', 'TABLE shop')
FROM unnest(ARRAY[
    'SELECT history_agg(at, amount, ''Europe/Berlin'') FROM orders',
    'SELECT history_agg((at AT TIME ZONE ''Europe/Berlin'')::date, amount) FROM orders',
    'SELECT history_agg(at AT TIME ZONE ''Europe/Berlin'', amount::double precision) FROM orders',
    'SELECT rollup(h) FROM whole']) AS statement;
SELECT pg_temp.parallel(format('SELECT history_agg(at, 5, ''UTC'') FILTER (WHERE %s) FROM orders', found),
    'Finalize Aggregate.*Partial Aggregate', expected)
FROM (VALUES
    ('amount > 1000', 'SELECT purchase_history ''{}'''), -- no worker finds any
    ('n = 17', 'SELECT history_agg(at, 5, ''UTC'') FROM orders WHERE n = 17')) AS f(found, expected); -- one does
SET LOCAL max_parallel_workers_per_gather = 0;

SELECT is_empty($$
    SELECT p.oid::regprocedure
    FROM pg_proc AS p JOIN pg_depend AS d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
    WHERE 'purchase_history'::regtype IN (SELECT unnest(proargtypes) UNION SELECT prorettype)
        AND (proparallel <> 's' OR provolatile <> 'i')
$$, 'every function of histories is immutable and parallel safe');

-- partitions, and groups spilled to disk

CREATE TABLE by_year (LIKE orders) PARTITION BY RANGE (at);
CREATE TABLE by_year_2023 PARTITION OF by_year FOR VALUES FROM ('2023-01-01 00:00+00') TO ('2024-01-01 00:00+00');
CREATE TABLE by_year_rest PARTITION OF by_year DEFAULT;
INSERT INTO by_year TABLE orders;
ANALYZE by_year;
SET LOCAL enable_partitionwise_aggregate = on;
SELECT pg_temp.parallel('SELECT history_agg(at, amount, ''Europe/Berlin'') FROM by_year',
    'Finalize Aggregate.*Append.*Partial Aggregate', 'TABLE shop');
SELECT set_eq('SELECT customer, history_agg(at, amount, ''Europe/Berlin'') FROM by_year GROUP BY customer', 'TABLE whole',
    'partitions by customer');
SET LOCAL work_mem = '64kB';
SELECT set_eq('SELECT customer, history_agg(at, amount, ''Europe/Berlin'') FROM orders GROUP BY customer', 'TABLE whole',
    'with little memory');
RESET work_mem;

-- rollup of random parts

CREATE TABLE parts AS
SELECT customer, part, history_agg(at, amount, 'Europe/Berlin') AS h FROM orders GROUP BY customer, part;
SELECT set_eq(format('SELECT customer, rollup(%s) FROM parts GROUP BY customer', part), 'TABLE whole', 'rollup of ' || part)
FROM unnest(ARRAY['h', 'h::text::purchase_history', 'h ORDER BY random()']) AS part;
SELECT results_eq('SELECT rollup(h) FROM parts', 'TABLE shop', 'rollup of everybody''s parts');
SELECT results_eq('SELECT rollup(h) FROM (SELECT rollup(h) AS h FROM parts GROUP BY part) AS p', 'TABLE shop',
    'rollup of rollups');
SELECT set_eq($$
    SELECT customer, history_agg(at, amount, 'Europe/Berlin') FILTER (WHERE amount >= 0)
        + history_agg(at, amount, 'Europe/Berlin') FILTER (WHERE amount < 0)
    FROM orders GROUP BY customer
$$, 'TABLE whole', 'orders plus returns');
SELECT is(rollup(h)::text, '{}', 'rollup of nothing') FROM whole WHERE false;
SELECT is(rollup(h)::text, '{}', 'rollup of NULL') FROM (VALUES (NULL::purchase_history)) AS n(h);
SELECT is(rollup(h)::text, '{2025-01-01:3/2}', 'rollup skips NULL')
FROM unnest(ARRAY[NULL, '{2025-01-01:1}', '{}', NULL, '{2025-01-01:2}']::purchase_history[]) AS h;

-- + and -

CREATE TEMP TABLE numbered AS SELECT row_number() OVER (ORDER BY random()) AS n, h FROM parts;
CREATE TEMP TABLE triples AS
SELECT a.h AS a, b.h AS b, c.h AS c
FROM numbered AS a JOIN numbered AS b ON b.n = a.n + 1000 JOIN numbered AS c ON c.n = a.n + 2000 WHERE a.n <= 1000;
SELECT is((SELECT count(*) FROM triples), 1000::bigint, 'a thousand random histories, three times');
SELECT is_empty(format('SELECT a, b, c FROM triples WHERE (%s) IS NOT TRUE', law), law)
FROM unnest(ARRAY['a + b = b + a', '(a + b) + c = a + (b + c)', '(a + b) - b = a', 'a - a = ''{}''', 'a + ''{}'' = a',
    '''{}'' + a = a', 'a - ''{}'' = a', 'a + b = (SELECT rollup(h) FROM unnest(ARRAY[a, b]) AS h)',
    'revenue(a + b) = revenue(a) + revenue(b)', 'order_count(a + b) = order_count(a) + order_count(b)',
    'a - as_of(a, ''2023-02-01'') + as_of(a, ''2023-02-01'') = a']) AS law;
SELECT is((a::purchase_history - b::purchase_history)::text, difference, a || ' - ' || b)
FROM (VALUES
    ('{2025-01-01:5/2}', '{2025-01-01:2}', '{2025-01-01:3}'),
    ('{2025-01-01:5/2,2025-01-02:1}', '{2025-01-01:5/2}', '{2025-01-02:1}'),
    ('{2025-01-01:0/1/1}', '{2025-01-01:-5/0/1}', '{2025-01-01:5}'),
    ('{2025-01-01:0/1/1}', '{2025-01-01:5}', '{2025-01-01:-5/0/1}'),
    ('{2025-01-01:1,2025-01-02:2,2025-01-03:3}', '{2025-01-02:2}', '{2025-01-01:1,2025-01-03:3}')) AS d(a, b, difference);
SELECT pg_temp.refuses(format('SELECT %L::purchase_history - %L', a, b), '22023',
    'purchases of 2025-01-01 are not there to remove', 'Subtract only what was added%')
FROM (VALUES
    ('{}', '{2025-01-01:1}'), ('{2025-01-02:1}', '{2025-01-01:1}'), ('{2024-12-31:1}', '{2025-01-01:1}'), -- no such day
    ('{2025-01-01:1}', '{2025-01-01:1/2}'), ('{2025-01-01:5/2/1}', '{2025-01-01:-7/0/2}'), -- not as many
    ('{2025-01-01:1}', '{2025-01-01:-1/0/1}'), ('{2025-01-01:1/9223372036854775807}', '{2025-01-01:1/1/9223372036854775807}'),
    ('{2025-01-01:1}', '{2025-01-01:2}'), ('{2025-01-01:1}', '{2025-01-01:0.5}'), ('{2025-01-01:5/2}', '{2025-01-01:6}'),
    ('{2025-01-01:-5/0/2}', '{2025-01-01:-5/0/1}'), ('{2025-01-01:-5/0/2}', '{2025-01-01:-6/0/1}'), -- not as much
    ('{2025-01-01:0/1/1}', '{2025-01-01:0}'), ('{2025-01-01:1/1/1}', '{2025-01-01:0}')) AS d(a, b);
SELECT ok(a + n IS NULL AND n + a IS NULL AND a - n IS NULL AND n - a IS NULL AND (a = n) IS NULL, 'NULL gives NULL')
FROM (VALUES (purchase_history '{}', NULL::purchase_history)) AS t(a, n);

-- too much for a day, for a count, for 64 bits

SELECT pg_temp.refuses(format(statement, a, b), '22003', 'purchase_history holds too much on one day',
    'A day holds up to 2^63 orders%')
FROM (VALUES
        ('{2025-01-01:1/9223372036854775807}', '{2025-01-01:1}'),
        ('{2025-01-01:-1/0/9223372036854775807}', '{2025-01-01:-1/0/1}'),
        ('{2025-01-01:126765060022822940149670320.5375}', '{2025-01-01:0.0001}'),
        ('{2025-01-01:-126765060022822940149670320.5375/0/1}', '{2025-01-01:-0.0001/0/1}')) AS t(a, b),
    unnest(ARRAY[
        'SELECT %L::purchase_history + %L',
        'SELECT rollup(h) FROM unnest(ARRAY[%L, %L]::purchase_history[]) AS h']) AS statement;

CREATE TEMP TABLE full_counts AS
SELECT purchase_history '{2025-01-01:1/9223372036854775807,2025-01-02:1}' AS orders,
    purchase_history '{2025-01-01:-1/0/9223372036854775807,2025-01-02:-1/0/1}' AS returns;
SELECT pg_temp.refuses(format('SELECT %s FROM full_counts', measure), '22003', 'number of orders out of range for bigint',
    'Count fewer days at a time.')
FROM unnest(ARRAY['order_count(orders)', 'average_order(orders)', 'return_count(returns)',
    'period_values(orders, ''month'', ''2025-01-01'', ''2025-02-01'')',
    'period_values(returns, ''month'', ''2025-01-01'', ''2025-02-01'')']) AS measure;
SELECT is(order_count(orders, '2025-01-02'), 9223372036854775807, 'the largest count') FROM full_counts;

SELECT is(revenue(rollup(h)), sum(revenue(h)), 'totals past 64 bits are exact')
FROM (SELECT format('{2025-01-%s:%s.%s,2024-01-%s:-%s/0/1}', 1 + n % 28, n * 1234567890123456789::numeric, n,
        1 + n % 28, n * 7000000000000000000::numeric)::purchase_history AS h
    FROM generate_series(1, 999) AS n) AS t;
CREATE TEMP TABLE full_amounts AS
SELECT purchase_history '{2025-01-01:126765060022822940149670320.5375/2,2025-01-02:126765060022822940149670320.5375}' AS h;
SELECT is(average_order(h), revenue(h) / order_count(h), 'their average is a division of numerics') FROM full_amounts;
SELECT is(amount, 253530120045645880299340641.0750, 'and their periods')
FROM full_amounts, period_values(h, 'month', '2025-01-01', '2025-02-01');

-- An aggregate without final function gives its state. Whoever sees one must take it for the value.

CREATE AGGREGATE log_agg(date, numeric) (
    SFUNC = _clientele.history_agg_transition, STYPE = purchase_history, COMBINEFUNC = _clientele.purchase_history_combine, PARALLEL = SAFE);
CREATE AGGREGATE log_rollup(purchase_history) (SFUNC = _clientele.purchase_history_combine, STYPE = purchase_history);
CREATE AGGREGATE later_agg(date, numeric) (
    SFUNC = _clientele.history_agg_transition, STYPE = purchase_history, FINALFUNC = _clientele.purchase_history_final,
    INITCOND = '{2020-01-01:1,2030-01-01:2}');

CREATE TABLE days AS
SELECT customer, (at AT TIME ZONE 'Europe/Berlin')::date AS day, amount FROM orders WHERE at IS NOT NULL;
INSERT INTO days SELECT -1, date '2000-01-01' + n, 1 FROM generate_series(1, 5000) AS n;
INSERT INTO days SELECT DISTINCT -2, date '2000-01-01' + (random() * 9000)::integer, 1 FROM generate_series(1, 3000);
INSERT INTO days VALUES (-3, '2024-02-29', 1);
CREATE TABLE logs AS SELECT customer, log_agg(day, amount) AS log, history_agg(day, amount) AS h FROM days GROUP BY customer;
INSERT INTO logs SELECT -4, log_rollup(log), rollup(h) FROM logs WHERE customer < 5;
INSERT INTO logs SELECT -5, log_agg(NULL, 1), NULL;
INSERT INTO logs SELECT -6, log_rollup('{}'), '{}';
SELECT cmp_ok(count(*) FILTER (WHERE pg_column_size(log) > pg_column_size(h)), '>', count(*) / 2, 'the state is another form')
FROM logs;
SELECT is((SELECT count(*) FROM logs WHERE log IS NULL), 1::bigint, 'without rows there is none');

CREATE FUNCTION pg_temp.same_of(seen text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN is_empty(format('SELECT customer FROM logs WHERE (%s) IS DISTINCT FROM (%s)',
        replace(seen, '@', 'log'), replace(seen, '@', 'h')), 'of a state: ' || replace(seen, '@', 'h'));
END
$$;
SELECT pg_temp.same_of(seen)
FROM unnest(ARRAY[
    '@', '@::text', '@::jsonb', '_clientele.purchase_history_send(@)', '_clientele.purchase_history_hash(@)', '_clientele.purchase_history_hash_extended(@, 7)',
    '@ = h', 'h = @', '@ <> h', '@ = log', '@ + @', '@ + h', 'h + @', '@ - h', 'h - @', '@ + h - @', 'as_of(@, ''2023-02-01'')',
    '(SELECT rollup(x) FROM unnest(ARRAY[@, h]) AS x)',
    '(SELECT array_agg(d) FROM history_days(@) AS d)',
    '(SELECT array_agg(v) FROM period_values(@, ''month'', ''2023-01-15'', ''2024-01-15'') AS v)',
    '(SELECT array_agg(v) FROM period_values(@, ''year'', ''-infinity'', ''2030-01-15'') AS v)']) AS seen;
SELECT pg_temp.same_of(measure || arguments)
FROM unnest(ARRAY['order_count', 'return_count', 'purchase_days', 'revenue', 'first_order', 'last_order', 'average_order',
        'gap_days']) AS measure,
    unnest(ARRAY['(@)', '(@, ''2023-02-01'')', '(@, ''2023-01-15'', ''2023-02-01'')']) AS arguments;

SELECT set_eq('SELECT log FROM logs UNION SELECT h FROM logs', 'SELECT h FROM logs', 'a state and its value are one to UNION');
SELECT set_eq('SELECT a.customer, b.customer AS other FROM logs AS a JOIN logs AS b ON a.log = b.h',
    'SELECT a.customer, b.customer AS other FROM logs AS a JOIN logs AS b ON a.h = b.h', 'and to a join');
SELECT results_eq('SELECT rollup(log::text::purchase_history) FROM logs', 'SELECT rollup(h) FROM logs',
    'a state that went through text');
SELECT results_eq('SELECT log_agg(day, amount)::text, history_agg(day, amount)::text, log_agg(day, amount) FROM days',
    'SELECT history_agg(day, amount)::text, history_agg(day, amount)::text, history_agg(day, amount) FROM days',
    'one state with and without final function');
SELECT is(later_agg(day, 5)::text, '{2020-01-01:1,2025-01-01:5,2030-01-01:2}', 'a state that began as a value')
FROM (VALUES (date '2025-01-01')) AS t(day);
SELECT is(later_agg(day, 5)::text, '{2020-01-01:1,2030-01-01:2}', 'and stays one') FROM days WHERE false;

-- running windows: the final function must leave the state as it was

CREATE TEMP TABLE rows AS
SELECT n, (at AT TIME ZONE 'UTC')::date AS day, amount FROM orders WHERE customer = 3 ORDER BY n LIMIT 400;
SELECT is_empty(format($$
    SELECT a.n
    FROM (SELECT n, history_agg(day, amount) OVER (%1$s) AS h, array_agg(n) OVER (%1$s) AS frame FROM rows) AS a
    WHERE h IS DISTINCT FROM (SELECT history_agg(day, amount) FROM rows WHERE n = ANY (frame))
        OR revenue(h) IS DISTINCT FROM (SELECT coalesce(sum(amount), 0) FROM rows WHERE n = ANY (frame))
        OR order_count(h) IS DISTINCT FROM (SELECT count(*) FROM rows WHERE n = ANY (frame) AND amount >= 0)
$$, definition), format('OVER (%s)', definition))
FROM unnest(ARRAY['', 'ORDER BY n', 'ORDER BY day', 'ORDER BY day DESC, n', 'PARTITION BY n % 7 ORDER BY n',
    'ORDER BY n ROWS BETWEEN 30 PRECEDING AND 2 FOLLOWING', 'ORDER BY n ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING',
    'ORDER BY n ROWS BETWEEN 9 PRECEDING AND 3 PRECEDING', 'ORDER BY day RANGE BETWEEN ''30 days'' PRECEDING AND CURRENT ROW',
    'ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW']) AS definition;
SELECT is_empty($$
    SELECT n FROM (SELECT n, log_agg(day, amount) OVER w AS log, history_agg(day, amount) OVER w AS h
        FROM rows WINDOW w AS (ORDER BY n)) AS running
    WHERE log <> h
$$, 'OVER (ORDER BY ...) of the state itself');
SELECT is_empty($$
    SELECT part FROM (SELECT part, rollup(h) OVER (ORDER BY part) AS running FROM parts WHERE customer = 3) AS w
    WHERE running <> (SELECT rollup(h) FROM parts AS p WHERE customer = 3 AND p.part <= w.part)
$$, 'rollup() OVER (ORDER BY ...)');

-- what is there taken off, and what is not left out

SELECT is_empty($$ SELECT 1 FROM parts a JOIN parts b USING (customer) WHERE history_less(a.h + b.h, b.h) <> a.h $$, 'history_less() takes off what is there, like -');
SELECT is_empty($$
    SELECT customer, ours, plain FROM (
        SELECT customer, history_less(a.h, b.h) AS ours, (
            SELECT coalesce('{' || string_agg(format('%s:%s/%s/%s', d.day, CASE WHEN d.returns = 0 THEN greatest(d.amount, 0) WHEN d.orders = 0 THEN least(d.amount, -0.0001) ELSE d.amount END, d.orders, d.returns), ',' ORDER BY d.day) || '}', '{}')::purchase_history
            FROM (SELECT x.day, greatest(x.orders - coalesce(y.orders, 0), 0) AS orders, greatest(x.returns - coalesce(y.returns, 0), 0) AS returns, x.amount - coalesce(y.amount, 0) AS amount
                FROM history_days(a.h) x LEFT JOIN history_days(b.h) y USING (day)) d
            WHERE d.orders + d.returns > 0) AS plain
        FROM parts a JOIN parts b USING (customer) WHERE a.part <> b.part) c
    WHERE ours <> plain
$$, '... and leaves out what is not');
SELECT is(history_less(h, removed), expected, format('%s less %s', h, removed)) FROM (VALUES
    ('{2025-01-01:5}'::purchase_history, '{2025-01-01:5}'::purchase_history, '{}'::purchase_history), ('{2025-01-01:5}', '{2025-01-01:9/3}', '{}'), ('{2025-01-01:5/2}', '{2025-01-01:9}', '{2025-01-01:0}'),
    ('{2025-01-01:5/1/1}', '{2025-01-01:3}', '{2025-01-01:-0.0001/0/1}'), ('{}', '{2025-01-01:3}', '{}'), ('{2025-01-01:-99999999999999999999999999/0/2}', '{2025-01-01:99999999999999999999999999}', '{2025-01-01:-126765060022822940149670320.5375/0/2}')) v(h, removed, expected);

-- forms of aggregation

SELECT results_eq('SELECT history_agg(DISTINCT day, amount) FROM (TABLE rows UNION ALL TABLE rows) AS r',
    'SELECT history_agg(day, amount) FROM (SELECT DISTINCT day, amount FROM rows) AS r', 'DISTINCT');
CREATE TEMP TABLE levels AS SELECT n % 3 AS g, history_agg(day, amount) AS h FROM rows GROUP BY ROLLUP (n % 3);
SELECT is((SELECT rollup(h) FROM levels WHERE g IS NOT NULL), (SELECT h FROM levels WHERE g IS NULL), 'GROUP BY ROLLUP');

SELECT throws_ok('SELECT history_agg(at, amount) FROM (SELECT now() AS at, 1 AS amount WHERE false) s', '22023', NULL,
    'a missing time zone is refused without rows too');
SELECT throws_ok($$ SELECT history_agg(at, amount, 'UTC') FROM (SELECT date '2025-01-01' AS at, 1 AS amount WHERE false) s $$, '22023', NULL,
    '... and so is one too many');

SELECT * FROM finish();
ROLLBACK;
