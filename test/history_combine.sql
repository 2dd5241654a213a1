-- However the rows are split, ordered or handed on, the history is the same value.
BEGIN;
SELECT no_plan();
SELECT setseed(0.625);

-- ok where the statement fails with this SQLSTATE, a message that contains in_message, and a hint like hint.
CREATE FUNCTION pg_temp.refuses(statement text, state text, in_message text, hint text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    message text;
    got text;
    as_said boolean;
BEGIN
    EXECUTE statement;
    RETURN fail(statement || ' is refused');
EXCEPTION WHEN others THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, got = PG_EXCEPTION_HINT;
    as_said := sqlstate = state AND strpos(message, in_message) > 0 AND got LIKE hint;
    RETURN concat_ws(E'\n', ok(as_said, left(statement, 150) || ' is refused'),
        CASE WHEN NOT as_said THEN diag(format('got %s: %s / %s', sqlstate, message, got)) END);
END
$$;

-- Ordinary tables: no parallel worker sees a temporary one.
CREATE TABLE orders AS
SELECT n, customer, timestamptz '2023-01-01 00:00+00' + random() * (CASE WHEN customer < 10 THEN 1000
    ELSE 60 END) * interval '1 day' AS at,
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
    SELECT customer FROM whole FULL JOIN (SELECT customer, history_agg(at, amount, 'Europe/Berlin' ORDER BY %s) AS permuted
        FROM orders GROUP BY customer) AS p USING (customer)
    WHERE h IS DISTINCT FROM permuted OR h::text <> permuted::text OR purchase_history_send(h) <> purchase_history_send(permuted)
        OR purchase_history_hash(h) <> purchase_history_hash(permuted)
$$, permuted_by), 'rows in order of ' || permuted_by)
FROM unnest(ARRAY['random()', 'at', 'at DESC', 'amount', 'n % 100, at']) AS permuted_by;
SELECT ok(h = (TABLE shop), 'a whole shop in order of time') FROM (SELECT history_agg(at, amount,
    'Europe/Berlin' ORDER BY at) AS h FROM orders) AS s;

-- parallel workers

SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SET LOCAL parallel_leader_participation = off;

PREPARE by_customer AS SELECT customer, history_agg(at, amount, 'Europe/Berlin') FROM orders GROUP BY customer;
SELECT matches(pg_temp.plan_of('EXECUTE by_customer'), 'Finalize.*Partial (Hash|Group)?Aggregate', 'parallel by customer');
SELECT set_eq('EXECUTE by_customer', 'TABLE whole', 'and the same histories');
SET LOCAL enable_hashagg = off;
DEALLOCATE by_customer;
PREPARE by_customer AS SELECT customer, history_agg(at, amount, 'Europe/Berlin') FROM orders GROUP BY customer;
SELECT matches(pg_temp.plan_of('EXECUTE by_customer'), 'Finalize GroupAggregate.*Partial GroupAggregate',
    'parallel by customer over a sort');
SELECT set_eq('EXECUTE by_customer', 'TABLE whole', 'and the same histories');
SET LOCAL enable_hashagg = on;

CREATE FUNCTION pg_temp.parallel_shop(aggregate text, source text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN NEXT matches(pg_temp.plan_of(format('SELECT %s FROM %s', aggregate, source)),
        'Finalize Aggregate.*Partial Aggregate', 'parallel: ' || aggregate);
    RETURN NEXT results_eq(format('SELECT %s FROM %s', aggregate, source), 'TABLE shop', 'and the same history');
END
$$;
SELECT pg_temp.parallel_shop(aggregate, source)
FROM (VALUES ('history_agg(at, amount, ''Europe/Berlin'')', 'orders'),
    ('history_agg((at AT TIME ZONE ''Europe/Berlin'')::date, amount)', 'orders'),
    ('history_agg(at AT TIME ZONE ''Europe/Berlin'', amount::double precision)', 'orders'), ('rollup(h)',
    'whole')) AS t(aggregate, source);
SELECT results_eq('SELECT history_agg(at, amount, ''UTC'') FROM orders WHERE customer = 5000', $$ VALUES (purchase_history '{}') $$, 'workers that find nothing');
SELECT results_eq('SELECT history_agg(at, amount, ''UTC'') FROM orders WHERE n = 17', $$ SELECT history_agg(at, amount)
    FROM (SELECT (at AT TIME ZONE 'UTC')::date AS at, amount FROM orders WHERE n = 17) AS o $$,
    'all workers but one find nothing');
SELECT is_empty($$
    SELECT p.oid::regprocedure FROM pg_proc AS p JOIN pg_depend AS d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass
        AND d.deptype = 'e'
    WHERE 'purchase_history'::regtype IN (SELECT unnest(p.proargtypes) UNION SELECT p.prorettype) AND (proparallel <> 's'
        OR provolatile <> 'i')
$$, 'every function of histories is immutable and parallel safe');
SET LOCAL max_parallel_workers_per_gather = 0;

-- partitions, and groups spilled to disk

CREATE TABLE by_year (LIKE orders) PARTITION BY RANGE (at);
CREATE TABLE by_year_2023 PARTITION OF by_year FOR VALUES FROM ('2023-01-01 00:00+00') TO ('2024-01-01 00:00+00');
CREATE TABLE by_year_rest PARTITION OF by_year DEFAULT;
INSERT INTO by_year TABLE orders;
ANALYZE by_year;
SET LOCAL enable_partitionwise_aggregate = on;
SELECT matches(pg_temp.plan_of('SELECT history_agg(at, amount, ''Europe/Berlin'') FROM by_year'), 'Finalize.*Partial',
    'aggregated by partition');
SELECT results_eq('SELECT history_agg(at, amount, ''Europe/Berlin'') FROM by_year', 'TABLE shop', 'and the same history');
SELECT set_eq('SELECT customer, history_agg(at, amount, ''Europe/Berlin'') FROM by_year GROUP BY customer', 'TABLE whole',
    'and by customer');
SET LOCAL work_mem = '64kB';
SELECT set_eq('SELECT customer, history_agg(at, amount, ''Europe/Berlin'') FROM orders GROUP BY customer', 'TABLE whole',
    'with little memory');
RESET work_mem;

-- rollup of random parts

CREATE TABLE parts AS SELECT customer, part, history_agg(at, amount, 'Europe/Berlin') AS h FROM orders GROUP BY customer, part;
SELECT set_eq('SELECT customer, rollup(h) FROM parts GROUP BY customer', 'TABLE whole', 'rollup of random parts');
SELECT set_eq('SELECT customer, rollup(h::text::purchase_history) FROM parts GROUP BY customer', 'TABLE whole',
    'rollup of parts that went through text');
SELECT set_eq('SELECT customer, rollup(h ORDER BY random()) FROM parts GROUP BY customer', 'TABLE whole', 'rollup in any order');
SELECT results_eq('SELECT rollup(h) FROM parts', 'TABLE shop', 'rollup of everybody''s parts');
SELECT results_eq('SELECT rollup(h) FROM (SELECT rollup(h) AS h FROM parts GROUP BY part) AS p', 'TABLE shop',
    'rollup of rollups');
SELECT results_eq('SELECT customer, history_agg(at, amount, ''Europe/Berlin'') FILTER (WHERE amount >= 0) + history_agg(at, amount, ''Europe/Berlin'') FILTER (WHERE amount < 0)
    FROM orders GROUP BY customer ORDER BY customer', 'TABLE whole ORDER BY customer', 'orders plus returns');
SELECT is(rollup(h)::text, '{}', 'rollup of nothing') FROM whole WHERE false;
SELECT is(rollup(h)::text, '{}', 'rollup of NULL') FROM (VALUES (NULL::purchase_history)) AS n(h);
SELECT is(rollup(h)::text, '{2025-01-01:3/2}', 'rollup skips NULL') FROM unnest(ARRAY[NULL, '{2025-01-01:1}',
    '{}', NULL, '{2025-01-01:2}']::purchase_history[]) AS h;

-- + and -

CREATE TEMP TABLE triples AS
SELECT (SELECT h FROM parts OFFSET floor(random() * 5000 + n * 0) LIMIT 1) AS a, (SELECT h
    FROM parts OFFSET floor(random() * 5000 + n * 0) LIMIT 1) AS b,
    (SELECT h FROM parts OFFSET floor(random() * 5000 + n * 0) LIMIT 1) AS c FROM generate_series(1, 1000) AS n;
SELECT cmp_ok((SELECT count(DISTINCT a::text) FROM triples), '>', 500::bigint, 'random histories');
SELECT is_empty('SELECT a, b FROM triples WHERE ' || wrong, law)
FROM (VALUES ('a + b <> b + a', 'a + b = b + a'), ('(a + b) + c <> a + (b + c)', '(a + b) + c = a + (b + c)'),
    ('a + b - b <> a', '(a + b) - b = a'),
    ('a - a <> ''{}''', 'a - a is empty'), ('a + ''{}'' <> a OR ''{}'' + a <> a OR a - ''{}'' <> a',
    'the empty history changes nothing'),
    ('a + b <> (SELECT rollup(h) FROM unnest(ARRAY[a, b]) AS h)', '+ is rollup of two'),
    ('revenue(a + b) <> revenue(a) + revenue(b) OR order_count(a + b) <> order_count(a) + order_count(b)', 'measures add up'),
    ('a - as_of(a, ''2023-02-01'') + as_of(a, ''2023-02-01'') <> a', 'a later part and an earlier one')) AS l(wrong, law);
SELECT is((a::purchase_history - b::purchase_history)::text, difference, a || ' - ' || b)
FROM (VALUES ('{2025-01-01:5/2}', '{2025-01-01:2}', '{2025-01-01:3}'), ('{2025-01-01:5/2,2025-01-02:1}', '{2025-01-01:5/2}',
    '{2025-01-02:1}'),
    ('{2025-01-01:0/1/1}', '{2025-01-01:-5/0/1}', '{2025-01-01:5}'), ('{2025-01-01:0/1/1}', '{2025-01-01:5}',
    '{2025-01-01:-5/0/1}'),
    ('{2025-01-01:1,2025-01-02:2,2025-01-03:3}', '{2025-01-02:2}', '{2025-01-01:1,2025-01-03:3}')) AS d(a, b, difference);
SELECT pg_temp.refuses(format('SELECT %L::purchase_history - %L', a, b), '22023',
    'purchases of 2025-01-01 are not there to remove', 'Subtract only what was added%')
FROM (VALUES ('{}', '{2025-01-01:1}'), ('{2025-01-02:1}', '{2025-01-01:1}'), ('{2024-12-31:1}', '{2025-01-01:1}'),
    ('{2025-01-01:1}', '{2025-01-01:1/2}'), ('{2025-01-01:1}', '{2025-01-01:2}'),
    ('{2025-01-01:1}', '{2025-01-01:0.5}'), ('{2025-01-01:5/2}', '{2025-01-01:6}'), ('{2025-01-01:1}', '{2025-01-01:-1/0/1}'),
    ('{2025-01-01:5/2/1}', '{2025-01-01:-7/0/2}'),
    ('{2025-01-01:-5/0/2}', '{2025-01-01:-5/0/1}'), ('{2025-01-01:-5/0/2}', '{2025-01-01:-6/0/1}'), ('{2025-01-01:0/1/1}',
    '{2025-01-01:0}'), ('{2025-01-01:1/1/1}', '{2025-01-01:0}'),
    ('{2025-01-01:1/9223372036854775807}', '{2025-01-01:1/1/9223372036854775807}')) AS d(a, b);
SELECT ok(a + NULL IS NULL AND NULL + a IS NULL AND a - NULL IS NULL AND NULL - a IS NULL AND (a = NULL) IS NULL,
    'NULL gives NULL') FROM triples LIMIT 1;

-- too much for a day, for a count, for 64 bits

SELECT pg_temp.refuses(format(statement, a, b), '22003', 'purchase_history holds too much on one day',
    'A day holds up to 2^63 orders%')
FROM (VALUES ('{2025-01-01:1/9223372036854775807}', '{2025-01-01:1}'), ('{2025-01-01:-1/0/9223372036854775807}',
    '{2025-01-01:-1/0/1}'),
        ('{2025-01-01:126765060022822940149670320.5375}', '{2025-01-01:0.0001}'),
        ('{2025-01-01:-126765060022822940149670320.5375/0/1}', '{2025-01-01:-0.0001/0/1}')) AS t(a, b),
    unnest(ARRAY['SELECT %L::purchase_history + %L',
        'SELECT rollup(h) FROM unnest(ARRAY[%L, %L]::purchase_history[]) AS h']) AS statement;
SELECT pg_temp.refuses('SELECT ' || measure, '22003', 'number of orders out of range for bigint', 'Count fewer days at a time.')
FROM unnest(ARRAY['order_count(''{2025-01-01:1/9223372036854775807,2025-01-02:1}'')',
    'return_count(''{2025-01-01:-1/0/9223372036854775807,2025-01-02:-1/0/1}'')',
    'average_order(''{2025-01-01:1/9223372036854775807,2025-01-02:1}'')',
    'period_values(''{2025-01-01:1/9223372036854775807,2025-01-02:1}'', ''month'', ''2025-01-01'', ''2025-02-01'')',
    'period_values(''{2025-01-01:-1/0/9223372036854775807,2025-01-02:-1/0/1}'', ''month'', ''2025-01-01'', ''2025-02-01'')']) AS measure;
SELECT is(order_count('{2025-01-01:1/9223372036854775806,2025-01-02:1}'), 9223372036854775807, 'the largest count');
SELECT is(revenue(rollup(h)), sum(revenue(h)), 'totals past 64 bits are exact')
FROM (SELECT format('{2025-01-%s:%s.%s,2024-01-%s:-%s/0/1}', 1 + n % 28, n * 1234567890123456789::numeric, n, 1 + n % 28, n * 7000000000000000000::numeric)::purchase_history AS h
      FROM generate_series(1, 999) AS n) AS t;
SELECT is(average_order(h), revenue(h) / order_count(h), 'their average is the division of numerics')
FROM (VALUES (purchase_history '{2025-01-01:126765060022822940149670320.5375/2,2025-01-02:126765060022822940149670320.5375}')) AS t(h);
SELECT is(amount, 253530120045645880299340641.0750, 'and their periods')
FROM period_values('{2025-01-01:126765060022822940149670320.5375,2025-01-02:126765060022822940149670320.5375}', 'month',
    '2025-01-01', '2025-02-01');

-- An aggregate without final function gives its state. Whoever sees one must take it for the value.

CREATE AGGREGATE log_agg(date, numeric) (SFUNC = history_agg_transition, STYPE = purchase_history, COMBINEFUNC = purchase_history_combine, PARALLEL = SAFE);
CREATE AGGREGATE log_rollup(purchase_history) (SFUNC = purchase_history_combine, STYPE = purchase_history);
CREATE AGGREGATE later_agg(date, numeric) (SFUNC = history_agg_transition, STYPE = purchase_history, INITCOND = '{2020-01-01:1,2030-01-01:2}', FINALFUNC = purchase_history_final);
CREATE TABLE logs AS
SELECT customer, log_agg(day, amount) AS log, history_agg(day, amount) AS h
FROM (SELECT customer, (at AT TIME ZONE 'Europe/Berlin')::date AS day, amount FROM orders WHERE at IS NOT NULL) AS o
    GROUP BY customer;
INSERT INTO logs SELECT -1, log_agg(day, 1 ORDER BY day), history_agg(day, 1) FROM (SELECT date '2000-01-01' + n AS day
    FROM generate_series(1, 5000) AS n) AS d;
INSERT INTO logs SELECT -2, log_agg(day, 1), history_agg(day, 1)
    FROM (SELECT DISTINCT date '2000-01-01' + (random() * 9000)::integer AS day FROM generate_series(1, 3000)) AS d;
INSERT INTO logs SELECT -3, log_agg(date '2024-02-29', 1), history_agg(date '2024-02-29', 1);
INSERT INTO logs SELECT -4, log_rollup(log), rollup(h) FROM logs WHERE customer < 5;
INSERT INTO logs SELECT -5, log_agg(NULL, 1), NULL;
INSERT INTO logs SELECT -6, log_rollup('{}'), '{}';
SELECT cmp_ok(count(*) FILTER (WHERE pg_column_size(log) > pg_column_size(h)), '>', count(*) / 2,
    'the state is another form') FROM logs;
SELECT is((SELECT count(*) FROM logs WHERE log IS NULL), 1::bigint, 'without rows there is none');
SELECT is_empty(format('SELECT customer FROM logs WHERE (%s) IS DISTINCT FROM (%s)', replace(seen, '@',
    'log'), replace(seen, '@', 'h')), 'of a state: ' || replace(seen, '@', 'h'))
FROM unnest(ARRAY['@', '@::text', '@::jsonb', 'purchase_history_send(@)', 'purchase_history_hash(@)',
    'purchase_history_hash_extended(@, 7)', '@ = h', 'h = @', '@ <> h', '@ = log', '@ + @', '@ + h', 'h + @',
    '@ - h', 'h - @', '@ + h - @', '(SELECT rollup(x) FROM unnest(ARRAY[@, h]) AS x)',
    '(SELECT array_agg(d) FROM history_days(@) AS d)',
    '(SELECT array_agg(v) FROM period_values(@, ''month'', ''2023-01-15'', ''2024-01-15'') AS v)',
    '(SELECT array_agg(v) FROM period_values(@, ''year'', ''-infinity'', ''2030-01-15'') AS v)']
    || ARRAY(SELECT measure || arguments FROM unnest(ARRAY['order_count', 'return_count', 'purchase_days', 'revenue',
        'first_order', 'last_order', 'average_order', 'gap_days', 'as_of']) AS measure,
        unnest(ARRAY['(@)', '(@, ''2023-02-01'')',
            '(@, ''2023-01-15'', ''2023-02-01'')']) AS arguments WHERE measure <> 'as_of'
                OR arguments = '(@, ''2023-02-01'')')) AS seen;
SELECT is((SELECT count(*) FROM (SELECT log FROM logs UNION SELECT h FROM logs) AS u), (SELECT count(DISTINCT h::text) + 1
    FROM logs), 'a state and its value are one to UNION');
SELECT is((SELECT count(*) FROM logs AS a JOIN logs AS b ON a.log = b.h), (SELECT count(*) FROM logs AS a
    JOIN logs AS b ON a.h = b.h), 'and to a join');
SELECT results_eq('SELECT rollup(log::text::purchase_history) FROM logs', 'SELECT rollup(h) FROM logs',
    'a state that went through text');
SELECT results_eq('SELECT purchase_history_send(log_agg(day, amount)), log_agg(day, amount)::text, history_agg(day, amount)::text FROM (SELECT at::date AS day, amount FROM orders) AS o',
    'SELECT purchase_history_send(history_agg(day, amount)), history_agg(day, amount)::text, log_agg(day, amount)::text FROM (SELECT at::date AS day, amount FROM orders) AS o',
    'one state with and without final function');
SELECT is(later_agg(day, 5)::text, '{2020-01-01:1,2025-01-01:5,2030-01-01:2}',
    'a state that began as a value') FROM (VALUES (date '2025-01-01')) AS t(day);
SELECT is(later_agg(day, 5)::text, '{2020-01-01:1,2030-01-01:2}',
    'and stays one') FROM (SELECT date '2025-01-01' AS day WHERE false) AS t;

-- running windows: the final function must leave the state as it was

CREATE TEMP TABLE rows AS SELECT n, (at AT TIME ZONE 'UTC')::date AS day, amount FROM orders
    WHERE customer = 3 ORDER BY n LIMIT 400;
SELECT is_empty(format($$
    SELECT a.n FROM (SELECT n, history_agg(day, amount) OVER (%1$s) AS h, array_agg(n) OVER (%1$s) AS frame FROM rows) AS a
    WHERE h IS DISTINCT FROM (SELECT history_agg(day, amount) FROM rows WHERE n = ANY (frame))
        OR revenue(h) IS DISTINCT FROM (SELECT coalesce(sum(amount), 0) FROM rows WHERE n = ANY (frame))
        OR order_count(h) IS DISTINCT FROM (SELECT count(*) FROM rows WHERE n = ANY (frame) AND amount >= 0)
$$, definition), format('OVER (%s)', definition))
FROM unnest(ARRAY['', 'ORDER BY n', 'ORDER BY day', 'ORDER BY day DESC, n', 'PARTITION BY n % 7 ORDER BY n',
    'ORDER BY n ROWS BETWEEN 30 PRECEDING AND 2 FOLLOWING',
    'ORDER BY n ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING', 'ORDER BY n ROWS BETWEEN 9 PRECEDING AND 3 PRECEDING',
    'ORDER BY day RANGE BETWEEN ''30 days'' PRECEDING AND CURRENT ROW',
    'ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW']) AS definition;
SELECT is_empty($$
    SELECT n FROM (SELECT n, log_agg(day, amount) OVER (ORDER BY n) AS log, history_agg(day, amount) OVER (ORDER BY n) AS h
        FROM rows) AS w WHERE log <> h
$$, 'OVER () of the state itself');
SELECT is_empty($$ SELECT part FROM (SELECT part, rollup(h) OVER (ORDER BY part) AS running FROM parts WHERE customer = 3) AS w
    WHERE running <> (SELECT rollup(h) FROM parts AS p WHERE customer = 3 AND p.part <= w.part) $$, 'rollup() OVER (ORDER BY ...)');

-- forms of aggregation

SELECT results_eq('SELECT history_agg(DISTINCT day, amount) FROM (TABLE rows UNION ALL TABLE rows) AS r',
    'SELECT history_agg(day, amount) FROM (SELECT DISTINCT day, amount FROM rows) AS r', 'DISTINCT');
SELECT is((SELECT rollup(h) FROM (SELECT n % 3 AS g, history_agg(day, amount) AS h FROM rows GROUP BY ROLLUP (n % 3)) AS s
    WHERE g IS NOT NULL), (SELECT h FROM (SELECT n % 3 AS g, history_agg(day, amount) AS h FROM rows
    GROUP BY ROLLUP (n % 3)) AS s WHERE g IS NULL),
    'GROUP BY ROLLUP');

SELECT * FROM finish();
ROLLBACK;
