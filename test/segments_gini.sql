-- gini() against the definition in plain SQL, and its edges
BEGIN;
SELECT no_plan();

-- mean difference of all pairs by twice the mean
CREATE FUNCTION plain(numbers numeric[]) RETURNS double precision LANGUAGE sql AS $$
    SELECT (sum(abs(greatest(a, 0) - greatest(b, 0))) / (2 * count(*) * nullif((SELECT sum(greatest(c, 0)) FROM unnest(numbers) c), 0) / cardinality(numbers)))::double precision
    FROM unnest(numbers) a, unnest(numbers) b
$$;
SELECT setseed(0.9);
CREATE TABLE samples AS
SELECT n % 8 AS shop, CASE WHEN n % 8 = 7 THEN 5 WHEN random() < 0.1 THEN -3 ELSE round(exp(random() * 6)::numeric, n % 4) END AS amount FROM generate_series(1, 1200) n;
SELECT is(count(*), 0::bigint, 'groups') FROM (
    SELECT gini(amount) AS ours, plain(array_agg(amount)) AS theirs FROM samples GROUP BY shop) s WHERE abs(ours - theirs) > 1e-12;
SELECT is(count(*), 8::bigint, '... all of them') FROM (SELECT shop FROM samples GROUP BY shop HAVING gini(amount) IS NOT NULL) s;
SELECT results_eq('SELECT shop, gini(amount) FROM (SELECT * FROM samples ORDER BY random()) s GROUP BY shop ORDER BY shop',
    'SELECT shop, gini(amount) FROM samples GROUP BY shop ORDER BY shop', 'the order of rows does not matter');
SELECT is(gini(v), expected::double precision, v_text) FROM (VALUES
    ('{5,5,5,5}', 0), ('{0,0,0,8}', 0.75), ('{7}', 0), ('{0,0}', NULL), ('{-1,-2}', NULL), ('{NULL,NULL}', NULL), ('{}', NULL), ('{-5,5}', 0.5), ('{1,2,3,4,5}', 4 / 15.0))
    t(v_text, expected) LEFT JOIN LATERAL unnest(v_text::integer[]) v ON true GROUP BY v_text, expected;
SELECT is(gini(v::smallint), gini(v), 'smallint') FROM generate_series(1, 50) v;
SELECT is(gini(v::bigint), gini(v), 'bigint') FROM generate_series(1, 50) v;
SELECT is(gini((v / 10.0)::real), gini(v / 10.0), 'real and numeric') FROM generate_series(1, 50) v;
SELECT is(gini((v / 10.0)::double precision), gini(v / 10.0), 'double precision and numeric') FROM generate_series(1, 50) v;
SELECT is(gini(v * 1000), gini(v), 'the unit does not matter') FROM generate_series(1, 50) v;
-- floating point of all magnitudes: cut off at the 28th digit of the largest, losses being 0 before; seen in the states, as no double tells so many digits
CREATE TABLE floats AS SELECT n AS id, n % 7 AS shop, CASE WHEN n % 11 = 0 THEN -1 ELSE 1 END * exp(random() * 150 - 120 + 8 * (n % 7)) AS v FROM generate_series(1, 2000) n;
CREATE AGGREGATE gini_float_state(double precision) (SFUNC = _clientele.gini_accum, STYPE = bytea);
CREATE AGGREGATE gini_merged_state(bytea) (SFUNC = _clientele.gini_combine, STYPE = bytea);
CREATE FUNCTION state_int32(state bytea, at integer) RETURNS integer LANGUAGE sql RETURN get_byte(state, at) + 256 * get_byte(state, at + 1);
CREATE FUNCTION state_numbers(state bytea) RETURNS SETOF numeric LANGUAGE sql AS $$
    SELECT sum(get_byte(state, 20 + 16 * i + b) * 256::numeric ^ b) * 10::numeric ^ -state_int32(state, 4)
    FROM generate_series(0, state_int32(state, 12) - 1) i, generate_series(0, 15) b GROUP BY i
$$;
CREATE VIEW cut_floats AS
SELECT shop, trunc(greatest(v::text::numeric, 0), greatest(0, 27 - floor(log(max(v::text::numeric) OVER (PARTITION BY shop)))::integer)) AS v FROM floats;
SELECT set_eq(format('SELECT shop, v, count(*) FROM (SELECT shop, trim_scale(state_numbers(state)) AS v
        FROM (SELECT shop, gini_float_state(v) AS state FROM (SELECT * FROM floats ORDER BY shop, %s) f GROUP BY shop) s) n GROUP BY 1, 2', rows),
    'SELECT shop, trim_scale(v), count(*) FROM cut_floats GROUP BY 1, 2', 'the values of a state, by ' || rows)
FROM unnest(ARRAY['v', 'v DESC', 'id']) rows;
SELECT set_eq(format('SELECT v, count(*) FROM (SELECT trim_scale(state_numbers(gini_merged_state(state ORDER BY magnitude %s))) AS v
        FROM (SELECT gini_float_state(v) AS state, round(log(abs(v)))::integer AS magnitude FROM floats WHERE shop = 3 GROUP BY 2) s) n GROUP BY 1', rows),
    'SELECT trim_scale(v), count(*) FROM cut_floats WHERE shop = 3 GROUP BY 1', 'states of all magnitudes merged ' || rows) FROM unnest(ARRAY['', 'DESC']) rows;
SELECT results_eq('SELECT shop, gini(v) FROM floats GROUP BY shop ORDER BY shop', 'SELECT shop, gini(v) FROM cut_floats GROUP BY shop ORDER BY shop', 'the coefficient of such');
SELECT is(gini(v), 0.5::double precision, 'a loss has no digits') FROM unnest(ARRAY[-1e20, 1e-9, 3e-9]::double precision[]) v;

SELECT results_eq('SELECT gini(v) OVER (ORDER BY v) FROM generate_series(1, 30) v', 'SELECT (SELECT gini(w) FROM generate_series(1, v) w) FROM generate_series(1, 30) v',
    'a running window');

SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
\ir include/plan_of.sql
SELECT matches(string_agg(line, E'\n'), 'Partial Aggregate', 'a parallel plan') FROM pg_temp.plan_of('SELECT gini(amount) FROM samples') line;
CREATE TEMP TABLE in_parallel AS SELECT gini(amount) FROM samples;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT results_eq('SELECT * FROM in_parallel', 'SELECT gini(amount) FROM samples', '... gives the same');
CREATE AGGREGATE gini_state(numeric) (SFUNC = _clientele.gini_accum, STYPE = bytea);
CREATE AGGREGATE gini_merge(bytea) (SFUNC = _clientele.gini_combine, STYPE = bytea, FINALFUNC = _clientele.gini_final);
SELECT is((SELECT gini_merge(state::text::bytea) FROM (SELECT gini_state(amount) AS state FROM samples GROUP BY shop) s), (SELECT gini(amount) FROM samples),
    'states merged through text');
SELECT throws_ok(format('SELECT gini_merge(s) FROM (VALUES (%L::bytea), (NULL)) v(s)', state), 'XX001', NULL, 'a state that is none: ' || state)
FROM unnest(ARRAY['\x', '\x00', '\x0100000000000000000000000500000000000000']) state;
SELECT throws_ok(format('SELECT gini(v) FROM (VALUES (%L::%s)) s(v)', bad, type), '22003', NULL, bad || ' as ' || type)
FROM unnest(ARRAY['NaN', 'Infinity', '-Infinity']) bad, unnest(ARRAY['real', 'double precision', 'numeric']) type;

SELECT * FROM finish();
ROLLBACK;
