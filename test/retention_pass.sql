-- retention_curve(customer, at, ...) against the composed form and plain SQL
BEGIN;
SELECT no_plan();
SELECT setseed(0.375);

\ir include/refuses.sql
\ir include/under.sql
\ir include/plan_of.sql
\ir include/result_of.sql

-- Ordinary tables: no parallel worker sees a temporary one. at is a whole hour, so that many fall on midnight.
CREATE TABLE orders AS
SELECT n, floor(400 * random() ^ 2)::integer - 50 AS customer,
    timestamptz '2021-10-01 00:00+00' + floor(random() * 24 * 900) * interval '1 hour' AS at, random() < 0.1 AS is_return
FROM generate_series(1, 4000) AS n;
INSERT INTO orders VALUES (0, NULL, '2022-01-01', false), (0, 7, NULL, false), (0, NULL, NULL, false), (0, 999, NULL, false);
-- what the clocks do on these days is known for trouble
INSERT INTO orders SELECT -n, n, at, false
FROM generate_series(1, 30) AS n, unnest(ARRAY['2022-03-27 00:59:59.999999+00', '2022-10-30 00:30+00', '2022-10-30 22:59+00',
    '2021-12-31 23:30+00', '2022-02-28 22:59:59+00', '2022-01-01 00:00+00']::timestamptz[]) AS at
WHERE random() < 0.3;
ANALYZE orders;
CREATE FUNCTION pg_temp.composed(customer text, at text, period text, as_of date, condition text DEFAULT 'true') RETURNS retention LANGUAGE plpgsql AS $$
DECLARE
    result retention;
BEGIN
    EXECUTE format('SELECT retention_curve(h, %L, %L) FROM (SELECT history_agg(%s, 1) AS h FROM orders
        WHERE customer IS NOT NULL AND %s GROUP BY %s) s', period, as_of, at, condition, customer) INTO result;
    RETURN result;
END
$$;
CREATE FUNCTION pg_temp.pass(customer text, at text, period text, as_of date, more text DEFAULT '') RETURNS retention LANGUAGE plpgsql AS $$
DECLARE
    result retention;
BEGIN
    EXECUTE format('SELECT retention_curve(%s, %s, %L, date %L %s) FROM orders', customer, at, period, as_of, more) INTO result;
    RETURN result;
END
$$;

-- every type of customer and of time, every period, as-of dates on and off the border of a period, before and after all

CREATE TEMP TABLE customers (type text, expression text);
INSERT INTO customers VALUES
    ('smallint', 'customer::smallint'), ('integer', 'customer'), ('bigint', 'customer * 20000000000'),
    ('numeric', 'customer * 1000.5'), ('uuid', 'lpad((customer + 50)::text, 32, ''7'')::uuid'), ('text', '''no. '' || customer');
CREATE TEMP TABLE dates AS SELECT unnest(ARRAY['2022-01-01', '2022-03-15', '2022-10-31', '2023-05-01', '2023-12-29', '2024-04-01', '2099-01-01', '2010-06-01']::date[]) AS as_of;
SELECT is(pg_temp.pass(expression, '(at AT TIME ZONE ''UTC'')::date', period, as_of),
    pg_temp.composed(expression, '(at AT TIME ZONE ''UTC'')::date', period, as_of), concat_ws(' ', type, period, as_of))
FROM customers, unnest(ARRAY['day', 'week', 'month', 'quarter', 'year']) AS period, dates
WHERE type IN ('integer', 'text') AND (as_of < '2099-01-01' OR period <> 'day') OR as_of = '2023-05-01';
SELECT is(pg_temp.pass(expression, 'at AT TIME ZONE ''UTC''', 'month', as_of),
    pg_temp.composed(expression, 'at AT TIME ZONE ''UTC''', 'month', as_of), concat_ws(' ', type, 'timestamp', as_of))
FROM customers, dates;
SELECT is(pg_temp.pass(expression, 'at', period, as_of, format(', %L', zone)),
    pg_temp.composed(expression, format('at AT TIME ZONE %L', zone), period, as_of), concat_ws(' ', type, zone, period, as_of))
FROM customers, unnest(ARRAY['Europe/Berlin', 'America/Sao_Paulo', 'Pacific/Apia', 'UTC']) AS zone, unnest(ARRAY['week', 'month']) AS period, dates
WHERE as_of IN ('2022-01-01', '2022-10-31', '2023-05-01');
SELECT isnt(pg_temp.pass('customer', 'at', 'month', '2022-10-31', ', ''Pacific/Apia'''), pg_temp.pass('customer', 'at', 'month', '2022-10-31', ', ''UTC'''),
    'the zone matters');
SELECT is(retention_curve(customer, at, 'day', date '2012-01-02', 'Pacific/Apia'), '[day 2011-12-29 2012-01-02 +0]{2/1,0/0,1/1,0/0;0/0,0/0,0/0;0/0,0/0;0/0}',
    'Samoa had no 30 December 2011')
FROM (VALUES (1, timestamptz '2011-12-30 09:59+00'), (1, '2011-12-30 10:00+00'), (2, '2011-12-29 11:00+00')) AS t(customer, at);
SELECT is(retention_curve(customer, at, 'month', '2023-05-01', 'UTC') FILTER (WHERE NOT is_return),
    (SELECT retention_curve(h, 'month', '2023-05-01')
     FROM (SELECT history_agg(at, CASE WHEN is_return THEN -1 ELSE 1 END, 'UTC') AS h FROM orders WHERE customer IS NOT NULL GROUP BY customer) s),
    'without returns, as from histories') FROM orders;

-- plain SQL

CREATE FUNCTION pg_temp.plain(period text, as_of date) RETURNS TABLE (cohort date, period_start date, customers bigint) LANGUAGE sql AS $$
    WITH periods AS (
        SELECT DISTINCT customer, date_trunc(period, at AT TIME ZONE 'Europe/Berlin')::date AS period_start
        FROM orders WHERE customer IS NOT NULL AND (at AT TIME ZONE 'Europe/Berlin')::date < as_of),
    cohorts AS (SELECT customer, min(period_start) AS cohort FROM periods GROUP BY customer)
    SELECT cohort, period_start, count(*) FROM periods JOIN cohorts USING (customer)
    WHERE period_start < date_trunc(period, as_of::timestamp) GROUP BY cohort, period_start
$$;
SELECT set_eq(format('SELECT cohort_start, period_start, retained FROM retention_cohorts(pg_temp.pass(''customer'', ''at'', %L, %L, '', ''''Europe/Berlin''''''))
        WHERE retained > 0', period, as_of),
    format('SELECT * FROM pg_temp.plain(%L, %L)', period, as_of), concat_ws(' ', 'plain SQL:', period, as_of))
FROM unnest(ARRAY['week', 'month', 'quarter', 'year']) AS period, dates WHERE as_of BETWEEN '2022-01-01' AND '2024-04-01';
SELECT is((pg_temp.pass('customer', 'at', period, as_of, ', ''Europe/Berlin''')::jsonb ->> 'young')::bigint,
    (SELECT count(*) FROM (SELECT FROM orders WHERE (at AT TIME ZONE 'Europe/Berlin')::date < as_of GROUP BY customer
        HAVING customer IS NOT NULL AND min(at AT TIME ZONE 'Europe/Berlin') >= date_trunc(period, as_of::timestamp)) s),
    concat_ws(' ', 'young:', period, as_of))
FROM unnest(ARRAY['month', 'year']) AS period, dates WHERE as_of BETWEEN '2022-01-01' AND '2024-04-01';

-- how the rows come

SELECT is(pg_temp.pass('customer', '(at AT TIME ZONE ''UTC'')::date', period, '2023-12-29', ' ORDER BY ' || permuted_by),
    pg_temp.composed('customer', '(at AT TIME ZONE ''UTC'')::date', period, '2023-12-29'), concat_ws(' ', period, 'rows in order of', permuted_by))
FROM unnest(ARRAY['day', 'month']) AS period, unnest(ARRAY['at', 'at DESC', 'customer', 'customer DESC, at DESC', 'random()']) AS permuted_by;
SELECT is(pg_temp.pass('customer', '(at AT TIME ZONE ''UTC'')::date', 'month', '2023-12-29', ') FILTER (WHERE n % 2 = 0'),
    pg_temp.composed('customer', '(at AT TIME ZONE ''UTC'')::date', 'month', '2023-12-29', 'n % 2 = 0'), 'FILTER');
SELECT is(retention_curve(DISTINCT customer, at::date, 'month', date '2023-12-29'), retention_curve(customer, at::date, 'month', date '2023-12-29'), 'DISTINCT')
FROM orders;
SELECT is((SELECT rollup(r) FROM (SELECT retention_curve(customer, at, 'month', '2023-12-29', 'UTC') AS r FROM orders GROUP BY customer % 3) s),
    pg_temp.pass('customer', 'at', 'month', '2023-12-29', ', ''UTC'''), 'segments add up');

-- special customers

CREATE TEMP TABLE extremes AS
SELECT customer, date '2023-01-01' - (n * n * 37) % age AS day
FROM unnest(ARRAY[-9223372036854775808, 9223372036854775807, 0, -1, 1, 4294967296, -4294967296]) AS customer, generate_series(1, 5) AS n,
    unnest(ARRAY[20, 400, 6000]) AS age
WHERE customer <> 0 OR age > 20;
SELECT is((SELECT retention_curve(customer, day, period, date '2023-01-01') FROM extremes),
    (SELECT retention_curve(h, period, '2023-01-01') FROM (SELECT history_agg(day, 1) AS h FROM extremes GROUP BY customer) s), 'extreme numbers by ' || period)
FROM unnest(ARRAY['week', 'month', 'year']) AS period;
SELECT is((retention_curve(customer, day, 'year', date '2023-06-01')::jsonb -> 'cohorts' -> 0 -> 'returned' ->> 0)::integer, 1, 'the customer 0 alone')
FROM (VALUES (0, date '2022-05-01'), (0, '2022-06-01')) AS t(customer, day);
SELECT is(retention_rates(retention_curve(customer::smallint, day, 'year', date '2023-01-01')), retention_rates(retention_curve(customer, day, 'year', date '2023-01-01')), 'smallint')
FROM (SELECT customer, date '2022-05-01' - 100 * n AS day FROM unnest(ARRAY[-32768, 32767, 0]) AS customer, generate_series(0, 3) AS n) AS t;

CREATE FUNCTION pg_temp.customers(r retention) RETURNS bigint LANGUAGE sql AS $$ SELECT eligible FROM retention_points(r) WHERE period_number = 0 $$;
SELECT is(pg_temp.customers(retention_curve(customer, date '2022-05-01', 'month', date '2023-01-01')), 11::bigint, 'numerics that are equal are one customer')
FROM unnest(ARRAY[1, 1.0, 1.00, 1.0000000, 10000, 1e4, 1e8, -1, -1.000, 0, 0.000, -0.0, 'NaN', 'NaN', 'Infinity', '-Infinity', 'Infinity', 0.0001, 1e-4, 1e200,
    1e200 + 0.000, 12345678901234567890.12]::numeric[]) AS customer;
SELECT is(pg_temp.customers(retention_curve(customer, date '2022-05-01', 'month', date '2023-01-01')), 6::bigint, 'texts are told apart by their bytes')
FROM unnest(ARRAY[U&'\00e9', U&'e\0301', 'e', 'E', '', ' ', '', 'e']) AS customer;
SELECT is(retention_curve(customer, day, 'month', date '2023-01-01'), retention_curve(number, day, 'month', date '2023-01-01'), 'long texts')
FROM (SELECT n % 50 AS number, repeat('long', CASE WHEN n % 50 < 45 THEN n % 5 ELSE 5000 END) || n % 50 AS customer, date '2022-12-01' - n AS day FROM generate_series(1, 900) AS n) AS t;

-- nothing

SELECT ok(retention_curve(1, day, 'month', date '2023-01-01') IS NULL, 'no rows') FROM (SELECT date '2022-01-01' AS day WHERE false) AS t;
SELECT ok(retention_curve(1, now(), 'month', date '2023-01-01', 'UTC') IS NULL, 'no rows with a time zone') FROM (SELECT WHERE false) AS t;
SELECT is(retention_curve(customer, day, 'month', date '2023-01-15'), retention_curve(purchase_history '{}', 'month', '2023-01-15'), 'only rows to skip: ' || concat_ws(' ', customer, day))
FROM (VALUES (NULL, date '2022-01-01'), (5, NULL), (NULL, NULL), (5, '2023-01-15'), (5, '2024-01-01')) AS t(customer, day) GROUP BY customer, day;
SELECT is(retention_curve(NULL::text, day, 'month', date '2023-01-15'), retention_curve(purchase_history '{}', 'month', '2023-01-15'), 'a customer of no type known')
FROM (VALUES (date '2022-01-01')) AS t(day);

-- more customers than memory

CREATE TABLE crowd AS
SELECT n % 60000 AS customer, date '2020-01-01' + floor(random() * 1400)::integer AS day, n FROM generate_series(1, 100000) AS n;
ANALYZE crowd;
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE FUNCTION pg_temp.spills(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    SET LOCAL work_mem = '64kB';
    FOR line IN EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || query LOOP
        IF line LIKE '%temp read=%written=%' THEN
            RETURN true;
        END IF;
    END LOOP;
    RETURN false;
END
$$;
CREATE TEMP TABLE crowded (query text);
INSERT INTO crowded SELECT format('SELECT md5(retention_curve(%s, day, %L, date ''2023-11-15'')::text) FROM crowd', customer, period)
FROM unnest(ARRAY['customer', 'customer::text', '(customer % 3000)::numeric']) AS customer, unnest(ARRAY['month', 'week', 'day']) AS period
WHERE period <> 'day' OR customer <> 'customer';
SELECT is(pg_temp.under('SET LOCAL work_mem = ''64kB''; SET LOCAL hash_mem_multiplier = 1', query), pg_temp.under('SET LOCAL work_mem = ''1GB''', query), 'in files: ' || query) FROM crowded;
SELECT is(pg_temp.under('SET LOCAL work_mem = ''64kB''', query), pg_temp.under('SET LOCAL work_mem = ''1GB''', query), 'in fewer files: ' || query) FROM crowded;
SELECT ok(pg_temp.spills(query), '... indeed: ' || query) FROM crowded WHERE query NOT LIKE '%3000%month%';
SELECT ok(NOT pg_temp.spills('SELECT retention_curve(customer % 500, day, ''month'', date ''2023-11-15'') FROM crowd'), 'few customers need none');
SELECT is(pg_temp.under('SET LOCAL work_mem = ''64kB''; SET LOCAL hash_mem_multiplier = 1', query), pg_temp.under('SET LOCAL work_mem = ''1GB''', query), 'files in files')
FROM (VALUES ('SELECT md5(retention_curve(customer, day, ''month'', date ''2023-11-15'')::text)
    FROM (SELECT n % 170001 * 7 AS customer, date ''2020-01-01'' + n % 1301 AS day FROM generate_series(1, 250000) AS n) AS t')) AS t(query);
SELECT is((SELECT retention_curve(customer, day, 'month', date '2023-11-15') FROM crowd),
    (SELECT retention_curve(h, 'month', date '2023-11-15') FROM (SELECT history_agg(day, 1) AS h FROM crowd GROUP BY customer) s), 'and as from histories');

-- in parallel

SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
SELECT matches(string_agg(line, E'\n'), 'Partial Aggregate', 'a parallel plan')
FROM pg_temp.plan_of('SELECT retention_curve(customer, day, ''month'', date ''2023-11-15'') FROM crowd') AS line;
CREATE TABLE in_parallel AS
SELECT retention_curve(customer, day, 'month', date '2023-11-15') AS number, retention_curve(customer::text, day, 'week', date '2023-11-15') AS letters,
    retention_curve(customer % 100, day, 'day', date '2023-11-15') AS days, retention_curve(customer, NULL::date, 'day', date '2023-11-15') AS nothing
FROM crowd;
SET LOCAL work_mem = '64kB';
CREATE TABLE in_parallel_files AS
SELECT retention_curve(customer, day, 'month', date '2023-11-15') AS number, retention_curve(customer::text, day, 'week', date '2023-11-15') AS letters,
    retention_curve(customer % 100, day, 'day', date '2023-11-15') AS days, retention_curve(customer, NULL::date, 'day', date '2023-11-15') AS nothing
FROM crowd;
CREATE TABLE groups_in_parallel AS
SELECT customer % 4000 AS g, retention_curve(customer, day, 'month', date '2023-11-15') AS r FROM crowd WHERE n < 20000 GROUP BY 1;
SET LOCAL parallel_leader_participation = off;
CREATE TABLE by_workers AS SELECT retention_curve(customer, day, 'month', date '2023-11-15') AS number FROM crowd;
RESET work_mem;
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TABLE in_one AS
SELECT retention_curve(customer, day, 'month', date '2023-11-15') AS number, retention_curve(customer::text, day, 'week', date '2023-11-15') AS letters,
    retention_curve(customer % 100, day, 'day', date '2023-11-15') AS days, retention_curve(customer, NULL::date, 'day', date '2023-11-15') AS nothing
FROM crowd;
SELECT ok(p = i, 'parallel as serial') FROM in_parallel AS p, in_one AS i;
SELECT ok(p = i, '... in files') FROM in_parallel_files AS p, in_one AS i;
SELECT ok(p.number = i.number, '... by workers alone') FROM by_workers AS p, in_one AS i;

-- groups

CREATE TABLE groups AS
SELECT customer % 4000 AS g, retention_curve(h, 'month', '2023-11-15') AS r
FROM (SELECT customer, history_agg(day, 1) AS h FROM crowd WHERE n < 20000 GROUP BY customer) AS s GROUP BY 1;
SELECT set_eq('SELECT * FROM groups_in_parallel', 'SELECT * FROM groups', 'groups in parallel');
SELECT is(pg_temp.under(setting, 'SELECT count(*) FROM (SELECT customer % 4000 AS g, retention_curve(customer, day, ''month'', date ''2023-11-15'') AS r
    FROM crowd WHERE n < 20000 GROUP BY 1) AS s JOIN groups USING (g, r)'), '4000', 'groups: ' || setting)
FROM unnest(ARRAY['SET LOCAL enable_hashagg = off', 'SET LOCAL enable_sort = off', 'SET LOCAL enable_sort = off; SET LOCAL work_mem = ''64kB''']) AS setting;
SELECT is(pg_temp.under(setting, query), (SELECT string_agg(pg_temp.under('SET LOCAL work_mem = ''1GB''', format('SELECT md5(retention_curve(customer::text, day, ''month'', date ''2023-11-15'')::text)
    FROM crowd WHERE customer %% 3 = %s', g)), ' ' ORDER BY g) FROM generate_series(0, 2) AS g), 'large groups: ' || setting)
FROM unnest(ARRAY['SET LOCAL enable_hashagg = off; SET LOCAL work_mem = ''64kB''', 'SET LOCAL enable_sort = off; SET LOCAL work_mem = ''64kB''']) AS setting,
    (VALUES ('SELECT string_agg(r, '' '' ORDER BY g) FROM (SELECT customer % 3 AS g, md5(retention_curve(customer::text, day, ''month'', date ''2023-11-15'')::text) AS r
        FROM crowd GROUP BY 1) AS s')) AS t(query);
SELECT is((SELECT rollup(r) FROM (SELECT retention_curve(customer, day, 'month', date '2023-11-15') AS r FROM crowd GROUP BY ROLLUP (customer % 5)
        HAVING customer % 5 IS NOT NULL) AS s),
    (SELECT number FROM in_one), 'GROUP BY ROLLUP');
SELECT is_empty($$
    SELECT period, as_of FROM (SELECT period, as_of, retention_curve(customer, at, period, as_of, 'UTC') AS r
        FROM orders, (VALUES ('month'), ('year')) AS p(period), dates GROUP BY period, as_of) AS s
    WHERE r IS DISTINCT FROM pg_temp.pass('customer', 'at', period, as_of, ', ''UTC''')
$$, 'a period and as-of date for each group');

-- windows: the final function must leave the state as it was

CREATE TEMP TABLE rows AS SELECT n, customer, (at AT TIME ZONE 'UTC')::date AS day FROM orders WHERE n BETWEEN 1 AND 300;
SELECT is_empty(format($$
    SELECT n FROM (SELECT n, retention_curve(%2$s, day, %3$L, date '2023-12-29') OVER (%1$s) AS r, array_agg(n) OVER (%1$s) AS frame FROM rows) AS w
    WHERE r IS DISTINCT FROM (SELECT retention_curve(%2$s, day, %3$L, date '2023-12-29') FROM rows WHERE n = ANY (frame))
$$, definition, customer, period), format('%s OVER (%s)', customer, definition))
FROM unnest(ARRAY['', 'ORDER BY n', 'PARTITION BY n % 7 ORDER BY day', 'ORDER BY n ROWS BETWEEN 30 PRECEDING AND 2 FOLLOWING',
    'ORDER BY n ROWS BETWEEN 9 PRECEDING AND 3 PRECEDING']) AS definition,
    (VALUES ('customer', 'month'), ('customer::text', 'week')) AS t(customer, period);
SET LOCAL work_mem = '64kB';
SELECT is_empty($$
    SELECT n FROM (SELECT n, retention_curve(customer::text, day, 'month', date '2023-11-15') OVER (ORDER BY n / 20000) AS r FROM crowd) AS w
    WHERE n % 20000 = 5 AND r <> (SELECT retention_curve(customer::text, day, 'month', date '2023-11-15') FROM crowd AS c WHERE c.n / 20000 <= w.n / 20000)
$$, 'a running window in files');
SELECT is_empty($$
    SELECT n FROM (SELECT n, retention_curve(customer, day, 'month', date '2023-11-15') OVER (PARTITION BY n % 3) AS r FROM crowd) AS w
    WHERE n <= 3 AND r <> (SELECT retention_curve(customer, day, 'month', date '2023-11-15') FROM crowd AS c WHERE c.n % 3 = w.n % 3)
$$, 'partitions in files');

-- an error while there are files

SELECT throws_ok(format('SELECT retention_curve(%s, day + 1 / (n - 99999), ''month'', date ''2023-11-15'') %s FROM crowd', customer, form), '22012', NULL,
    concat_ws(' ', 'an error:', customer, form))
FROM unnest(ARRAY['customer', 'customer::text']) AS customer, unnest(ARRAY['', 'OVER ()', 'OVER (ORDER BY n / 20000)']) AS form;
SELECT is(pg_temp.under('SET LOCAL work_mem = ''64kB''', query), pg_temp.under('SET LOCAL work_mem = ''1GB''', query), 'and then: ' || query)
FROM crowded WHERE query LIKE '%month%';
RESET work_mem;

-- bad input

CREATE TEMP TABLE two AS
SELECT * FROM (VALUES (1, date '2022-01-01', 'month', date '2023-01-01'), (NULL, '2022-01-01', 'year', '2023-02-01')) AS t(customer, day, period, as_of);
SELECT pg_temp.refuses(format('SELECT retention_curve(customer, day, %s) FROM two', arguments), '22023', message, hint)
FROM (VALUES
    ('''fortnight'', date ''2023-01-01''', 'invalid value for parameter "period": "fortnight"', 'Use one of ''day''%'),
    ('''Month'', date ''2023-01-01''', '"Month"', 'Use one of%'),
    ('''quarterly'', date ''2023-01-01''', '"quarterly"', 'Use one of%'),
    ('NULL::text, date ''2023-01-01''', 'invalid value for parameter "period": NULL', 'Give%'),
    ('''month'', NULL::date', 'invalid value for parameter "as_of": NULL', 'Give%'),
    ('period, date ''2023-01-01''', 'invalid value for parameter "period": not the same', 'Give the same%'),
    ('''month'', as_of', 'invalid value for parameter "as_of": not the same', 'Give the same%'),
    ('CASE WHEN customer = 1 THEN period ELSE ''never'' END, date ''2023-01-01''', '"never"', 'Use one of%')) AS t(arguments, message, hint);
SELECT pg_temp.refuses(format('SELECT retention_curve(%s, now(), ''month'', date ''2023-01-01'', %s)', customer, zone), '22023', message, 'Give %')
FROM (VALUES ('1'), ('''a''::text')) AS c(customer),
    (VALUES ('NULL::text', '"time_zone": NULL'), ('''CET''', '"CET"'), ('''Mars/Phobos''', '"Mars/Phobos"')) AS t(zone, message);
SELECT pg_temp.refuses(format('SELECT retention_curve(1, %s, ''month'', date ''2023-01-01'' %s)', at, zone), '22008', 'infinite', '%')
FROM (VALUES ('date ''infinity''', ''), ('date ''-infinity''', ''), ('timestamp ''infinity''', ''), ('timestamp ''-infinity''', ''),
    ('timestamptz ''infinity''', ', ''UTC'''), ('timestamptz ''-infinity''', ', ''UTC''')) AS t(at, zone);
SELECT pg_temp.refuses(format('SELECT retention_curve(1, date ''2022-01-01'', ''month'', date %L)', as_of), '22008', 'infinite', '%')
FROM unnest(ARRAY['infinity', '-infinity']) AS as_of;
SELECT pg_temp.refuses(format('SELECT retention_curve(%s, %s, ''month'', date ''2023-01-01'', ''UTC'') %s', customer, at, source), '22023', 'time_zone applies', 'Leave%')
FROM unnest(ARRAY['1::smallint', '1', '1::bigint', '1.5', '''00000000-0000-0000-0000-000000000000''::uuid', '''a''::text']) AS customer,
    unnest(ARRAY['date ''2022-01-01''', 'timestamp ''2022-01-01''']) AS at, unnest(ARRAY['', 'FROM (SELECT WHERE false) AS t']) AS source;
SELECT pg_temp.refuses(format('SELECT retention_curve(%s, timestamptz ''2022-01-01'', ''month'', date ''2023-01-01'') %s', customer, source), '22023', 'needs a time_zone', 'Name%')
FROM unnest(ARRAY['1::smallint', '1', '1::bigint', '1.5', '''00000000-0000-0000-0000-000000000000''::uuid', '''a''::text']) AS customer,
    unnest(ARRAY['', 'FROM (SELECT WHERE false) AS t']) AS source;
SELECT pg_temp.refuses(format('SELECT %s', curve), '54000', 'too many periods for a retention', 'Choose a longer period%')
FROM unnest(ARRAY['retention_curve(1, date ''2022-01-01'' - 5001, ''day'', date ''2022-01-01'')', 'retention_curve(1, date ''4714-11-24 BC'', ''week'', date ''2022-01-01'')',
    'retention_curve(history_agg(date ''2022-01-01'' - 5001, 1), ''day'', date ''2022-01-01'') OVER ()']) AS curve;
SELECT is(octet_length(_clientele.retention_send(retention_curve(1, date '2022-01-01' - 5000, 'day', date '2022-01-01'))), 18 + 16 * 5000 * 5001 / 2, 'as many cohorts as there may be');
SELECT is((retention_curve(1, day, 'year', as_of)::jsonb -> 'cohorts' -> 0 ->> 'cohort_start'), started, 'days of which no table knows: ' || day)
FROM (VALUES (date '0044-03-15 BC', date '1022-01-01', '0044-01-01 BC'), ('1979-12-31', '1980-01-01', '1979-01-01'), ('2080-01-01', '2081-01-01', '2080-01-01'),
    ('5874897-05-01', '5874897-12-31', NULL)) AS t(day, as_of, started) GROUP BY day, as_of, started;

-- files of a cursor that failed in a part of the transaction are closed with it, and nobody else's
SET LOCAL work_mem = '64kB';
SET LOCAL hash_mem_multiplier = 1;
CREATE TABLE bad_orders AS SELECT n AS customer, date '2024-01-01' + n % 300 AS day FROM generate_series(1, 30000) n;
CREATE TABLE good_orders AS TABLE bad_orders;
INSERT INTO bad_orders VALUES (1, 'infinity');
CREATE FUNCTION pg_temp.fails_beside_another() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    failing refcursor;
    other refcursor;
    first text;
    second text;
BEGIN
    OPEN failing FOR EXECUTE $q$ SELECT retention_curve(customer, day, 'month', '2025-01-01') FROM bad_orders $q$;
    BEGIN
        FETCH failing INTO first;
    EXCEPTION WHEN datetime_field_overflow THEN
        NULL;
    END;
    OPEN other FOR EXECUTE $q$ SELECT retention_curve(customer, day, 'month', '2025-01-01') FROM good_orders GROUP BY customer % 2 $q$;
    FETCH other INTO first;
    CLOSE failing;
    FETCH other INTO second;
    CLOSE other;
    RETURN (SELECT rollup(part::retention) FROM unnest(ARRAY[first, second]) part)
        = (SELECT retention_curve(customer, day, 'month', '2025-01-01') FROM good_orders);
END
$$;
SELECT ok(pg_temp.fails_beside_another(), 'a cursor that fails in a part of the transaction harms no other');

-- States that no process of ours made: bytes, handed over as if they were those of a worker. As of 2025-03-15, by month.
CREATE AGGREGATE retention_of_bytes(bytea, bytea) (SFUNC = bytea_string_agg_transfn, STYPE = internal, SERIALFUNC = bytea_string_agg_finalfn,
    DESERIALFUNC = _clientele.retention_curve_deserialize, COMBINEFUNC = _clientele.retention_curve_combine, FINALFUNC = _clientele.retention_curve_final, PARALLEL = SAFE);
CREATE FUNCTION pg_temp.machine(number bigint, size integer) RETURNS bytea LANGUAGE sql AS $$
    SELECT string_agg(substr(int8send(number), 9 - i, 1), '' ORDER BY i) FROM generate_series(1, size) AS i
$$;
CREATE FUNCTION pg_temp.header(oldest integer, by_bytes integer DEFAULT 0, as_of bigint DEFAULT date '2025-03-15' - '2000-01-01', period integer DEFAULT 2, version integer DEFAULT 1)
RETURNS bytea LANGUAGE sql AS $$
    SELECT string_agg(pg_temp.machine(n, 4), '' ORDER BY i) FROM unnest(ARRAY[version, period, as_of, oldest, by_bytes]) WITH ORDINALITY AS u(n, i)
$$;
CREATE FUNCTION pg_temp.customer(number bigint, periods bigint, block bigint DEFAULT 0) RETURNS bytea LANGUAGE sql AS $$
    SELECT pg_temp.machine(number, 8) || pg_temp.machine(periods, 8) || pg_temp.machine(block, 1)
$$;
CREATE TABLE forged AS
SELECT row_number() OVER () AS n, * FROM (VALUES
    ('as made by a process', pg_temp.header(2) || pg_temp.customer(7, 6) || pg_temp.customer(0, 2), '[month 2025-01-01 2025-03-15 +0]{1/0,1/1;1/1}'),
    ('... of texts', pg_temp.header(1, 1) || pg_temp.customer(1, 3) || '\x0300000061c3a4', '[month 2025-02-01 2025-03-15 +0]{1/1}'),
    ('a period before the oldest', pg_temp.header(1) || pg_temp.customer(7, 6), NULL),
    ('... many of them', pg_temp.header(0) || pg_temp.customer(7, -1), NULL),
    ('... in a later block', pg_temp.header(64) || pg_temp.customer(7, -1, 1), NULL),
    ('... far behind', pg_temp.header(64) || pg_temp.customer(7, 1, 255), NULL),
    ('no period', pg_temp.header(2) || pg_temp.customer(7, 0), NULL),
    ('the hash of a free slot', pg_temp.header(1, 1) || pg_temp.customer(0, 3) || '\x00000000', NULL),
    ('a text that ends early', pg_temp.header(1, 1) || pg_temp.customer(1, 3) || '\x0400000061c3a4', NULL),
    ('half a customer', pg_temp.header(2) || substr(pg_temp.customer(7, 1), 1, 16), NULL),
    ('too many periods', pg_temp.header(5001), NULL), ('fewer than none', pg_temp.header(-1), NULL),
    ('neither numbers nor texts', pg_temp.header(1, 2), NULL), ('another version', pg_temp.header(1, 0, 0, 2, 2), NULL),
    ('another period', pg_temp.header(1, 0, 0, 5), NULL), ('no date', pg_temp.header(1, 0, 2147483646), NULL),
    ('an infinite one', pg_temp.header(1, 0, 2147483647), NULL), ('no header', '\x01', NULL)) AS f(what, bytes, result);
ANALYZE forged;
SET LOCAL max_parallel_workers_per_gather = 1;
SET LOCAL parallel_leader_participation = on;
SET LOCAL cpu_operator_cost = 10; -- worth a worker
SELECT matches(string_agg(line, E'\n'), 'Partial Aggregate', 'bytes are read as a state') FROM pg_temp.plan_of('SELECT retention_of_bytes(bytes, '''') FILTER (WHERE n = 1) FROM forged') AS line;
SELECT CASE WHEN result IS NOT NULL THEN is(pg_temp.result_of(query), format('("%s")', result), what) ELSE throws_ok(query, 'XX001', 'invalid state of an aggregate', what || ' is refused') END
FROM forged, format('SELECT (retention_of_bytes(bytes, '''') FILTER (WHERE n = %s))::text FROM forged', n) AS query;
CREATE FUNCTION pg_temp.fuzz(tries integer) RETURNS TABLE (outcome text) LANGUAGE plpgsql AS $$
DECLARE
    good CONSTANT bytea[] := (SELECT array_agg(bytes ORDER BY n) FROM forged WHERE result IS NOT NULL);
    bad bytea;
BEGIN
    FOR i IN 1..tries LOOP
        bad := good[1 + i % cardinality(good)];
        FOR n IN 0..floor(random() * 3)::integer LOOP
            bad := set_byte(bad, floor(length(bad) * random())::integer, floor(random() * 256)::integer);
        END LOOP;
        UPDATE forged SET bytes = bad WHERE n = 1;
        BEGIN
            EXECUTE $q$ SELECT (retention_of_bytes(bytes, '') FILTER (WHERE n = 1))::text::retention::text FROM forged $q$ INTO outcome;
            outcome := 'meaning';
        EXCEPTION
            WHEN data_corrupted THEN outcome := 'refused';
            WHEN datetime_field_overflow THEN outcome := 'before all dates';
        END;
        RETURN NEXT;
    END LOOP;
END
$$;
SELECT set_has('SELECT DISTINCT outcome FROM pg_temp.fuzz(300)', $$ VALUES ('meaning'), ('refused') $$, 'random bytes');
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT throws_ok($$ SELECT retention_of_bytes(bytes, '') FROM forged $$, 'XX001', 'invalid state of an aggregate', 'a state that is none of ours at all');

SELECT * FROM finish();
ROLLBACK;
