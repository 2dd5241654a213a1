-- survival, its aggregates and what is read from it; repeat_time and churn_time.
BEGIN;
SELECT no_plan();
SELECT setseed(0.375);

\ir include/failure.sql

\ir include/receive.sql

\ir include/near.sql

\ir include/refuses.sql

\ir include/plan_has.sql

-- Whether two numbers agree but for their last digits, or are both NULL.
CREATE FUNCTION pg_temp.agree(a float8, b float8) RETURNS boolean LANGUAGE sql AS $$
    SELECT CASE WHEN a IS NULL OR b IS NULL THEN a IS NULL AND b IS NULL
        ELSE abs(a - b) <= 1e-9 * greatest(1, abs(b)) END
$$;

-- Text
SELECT is(form::survival::text, form, 'text form: ' || left(form, 60))
FROM unnest(ARRAY['{}', '{0:1}', '{0:0/1}', '{1:1,2:1/1,3:0/1}', '{2147483647:5/6}', '{7:9223372036854775807}',
    '{1:9223372036854775806,2:0/1}', (SELECT '{' || string_agg(n || ':1', ',') || '}' FROM generate_series(0, 1000) n)]) AS form;
SELECT is(given::survival::text, meant, format('%s is %s', btrim(given, E' \n\t'), meant))
FROM (VALUES (E' \n{ 1:1 , 2:1/1 }\t', '{1:1,2:1/1}'), ('{ }', '{}'), ('{2:1,1:1}', '{1:1,2:1}'), ('{1:1/0}', '{1:1}'),
    ('{1:1,1:2/3,1:0/4}', '{1:3/7}'), ('{3:1,1:1,3:0/1,2:1}', '{1:1,2:1,3:1/1}'), ('{007:01/02}', '{7:1/2}')) AS f (given, meant);
SELECT is(pg_temp.failure(format('SELECT %L::survival', bad)), format('22P02 invalid input syntax for type survival: "%s"', left(bad, 100)),
    format('bad text: "%s"', left(bad, 40)))
FROM unnest(ARRAY['', ' ', '{', '}', '{}}', '{} x', '1:1', '{1}', '{1:}', '{:1}', '{1:1,}', '{,1:1}', '{1:1 2:1}', '{1:1;2:1}',
    '{1 :1}', '{1: 1}', '{1:1/}', '{1:/1}', '{1:1/1/1}', '{1:0}', '{1:0/0}', '{-1:1}', '{1:-1}', '{1:1/-1}', '{1.5:1}', '{1:1.0}',
    '{2147483648:1}', '{1:9223372036854775808}', '{1:9223372036854775807/1}', '{1:9223372036854775807,2:1}',
    '{1:9223372036854775807,1:1}', '{99999999999999999999:1}', '{1e1:1}', '{+1:1}', 'null', '{NULL}', '[1:1]',
    '{1:1' || repeat(',1:1', 40) || ',}']) AS bad;
SELECT current_setting('server_version_num')::integer >= 160000 AS has_soft_errors \gset
\if :has_soft_errors
SELECT ok(pg_input_is_valid('{1:1}', 'survival') AND NOT pg_input_is_valid('{1:0}', 'survival')
    AND NOT pg_input_is_valid('{1:9223372036854775807,2:1}', 'survival') AND NOT pg_input_is_valid('{', 'survival'), 'soft errors');
SELECT ok(NOT pg_input_is_valid(repeat(':', 45000000), 'survival'), '... of 45 MB');
\else
SELECT skip('soft input errors came with PostgreSQL 16', 2);
\endif
SELECT is(pg_temp.failure($$SELECT repeat(':', 45000000)::survival$$), format('22P02 invalid input syntax for type survival: "%s"', repeat(':', 100)), 'bad text of 45 MB');

-- Binary
CREATE FUNCTION pg_temp.message(VARIADIC numbers bigint[]) RETURNS bytea LANGUAGE sql AS $$ -- days, ended, censored, days, ...
    SELECT '\x01' || coalesce(string_agg(CASE i % 3 WHEN 1 THEN int4send(n::integer) ELSE int8send(n) END, '' ORDER BY i), '')
    FROM unnest(numbers) WITH ORDINALITY AS u (n, i)
$$;
SELECT is(_clientele.survival_send('{}'), '\x01'::bytea, 'nothing in binary');
SELECT is(_clientele.survival_send('{1:2,7:0/3}'), pg_temp.message(1, 2, 0, 7, 0, 3), 'binary form');
SELECT is(pg_temp.receive('survival', _clientele.survival_send(form::survival)), form, 'binary round trip: ' || form)
FROM unnest(ARRAY['{}', '{0:1}', '{1:1,2:1/1,3:0/1}', '{2147483647:9223372036854775806/1}']) AS form;
SELECT ok(pg_temp.failure(format('SELECT pg_temp.receive(''survival'', %L)', bad)) ~ '^22P03 .*survival, of \d+ bytes$', 'bad binary: ' || left(bad::text, 80))
FROM unnest(ARRAY['\x', '\x00', '\x02', '\x0101', pg_temp.message(1, 2, 0) || '\x00', substr(pg_temp.message(1, 2, 0), 1, 20),
    '\x02' || substr(pg_temp.message(1, 2, 0), 2), pg_temp.message(1, 0, 0), pg_temp.message(-1, 1, 0), pg_temp.message(1, -1, 2),
    pg_temp.message(1, 2, -1), pg_temp.message(2, 1, 0, 1, 1, 0), pg_temp.message(1, 1, 0, 1, 1, 0), pg_temp.message(2, 1, 0, 3, 1, 0, 2, 1, 0),
    pg_temp.message(1, 9223372036854775807, 1), pg_temp.message(1, 9223372036854775807, 0, 2, 0, 1)]) AS bad;
CREATE FUNCTION pg_temp.fuzz(tries integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    bytes bytea;
BEGIN
    FOR i IN 1..tries LOOP
        bytes := _clientele.survival_send('{1:2,300:0/3,70000:5/6}');
        bytes := set_byte(bytes, floor(random() * length(bytes))::integer, floor(random() * 256)::integer);
        BEGIN
            IF _clientele.survival_send(pg_temp.receive('survival', bytes)::survival) <> bytes THEN
                RETURN NEXT bytes::text;
            END IF;
        EXCEPTION WHEN invalid_binary_representation THEN
            NULL;
        END;
    END LOOP;
END
$$;
SELECT is_empty('SELECT * FROM pg_temp.fuzz(150)', 'changed bytes are refused or kept');

-- Durations in groups: from one to thousands, none to all of them censored, short and long, one length only
CREATE TABLE seen AS
SELECT g, row_number() OVER () AS n, CASE WHEN g % 11 = 0 THEN g ELSE floor(-ln(1 - random()) * (ARRAY[2, 30, 400, 5000])[1 + g % 4])::integer END AS duration,
    random() < (ARRAY[0.6, 0.9, 0.3, 1, 0, 0.5, 0.97])[1 + g % 7] AS ended, floor(random() * 5)::integer AS part
FROM generate_series(1, 60) AS g, generate_series(1, CASE WHEN g <= 12 THEN g ELSE (g - 10) * (g - 10) END);
INSERT INTO seen SELECT g, -1, CASE WHEN g % 2 = 0 THEN 5 END, CASE WHEN g % 2 = 1 THEN true END, 0 FROM generate_series(1, 61) AS g;
ANALYZE seen;
CREATE TABLE counted AS SELECT g, survival_agg(duration, ended) AS s FROM seen GROUP BY g;
SELECT is((SELECT s::text FROM counted WHERE g = 61), '{}', 'only rows with a NULL argument: nothing');
SELECT is((SELECT survival_agg(duration, ended)::text FROM seen WHERE false), '{}', 'no rows: nothing');
SELECT is((SELECT survival_agg(d, e)::text FROM (VALUES (NULL::integer, NULL::boolean), (-5, NULL), (0, true), (0, false), (3, true)) AS v (d, e)),
    '{0:1/1,3:1}', 'rows with a NULL argument are skipped');
CREATE TABLE plain AS
SELECT g, duration, count(*) FILTER (WHERE ended) AS ended, count(*) FILTER (WHERE NOT ended) AS censored
FROM seen WHERE duration IS NOT NULL AND ended IS NOT NULL GROUP BY g, duration;
CREATE INDEX ON plain (g, duration);
ANALYZE plain;
SELECT is_empty($$
    SELECT g FROM counted LEFT JOIN (
        SELECT g, string_agg(duration || ':' || ended || CASE WHEN censored > 0 THEN '/' || censored ELSE '' END, ',' ORDER BY duration) AS form
        FROM plain GROUP BY g) AS p USING (g)
    WHERE s::text <> '{' || coalesce(form, '') || '}'
$$, 'survival_agg counts as GROUP BY does');
SELECT is((SELECT count(*) FROM counted, survival_points(s)), (SELECT count(*) FROM plain), 'one point per duration');
SELECT is('{1:1,2:1/1}'::survival::jsonb, '[{"duration": 1, "ended": 1, "censored": 0}, {"duration": 2, "ended": 1, "censored": 1}]'::jsonb, 'as jsonb');
SELECT is(jsonb_array_length(format('{%s}', string_agg(n || ':1', ',' ORDER BY n))::survival::jsonb), 666666, 'as many durations as jsonb holds') FROM generate_series(1, 666666) n;
SELECT throws_ok($$ SELECT format('{%s}', string_agg(n || ':1', ',' ORDER BY n))::survival::jsonb FROM generate_series(1, 666667) n $$, '54000', 'survival value too large for jsonb', 'more durations than jsonb holds');
SELECT is('{}'::survival::jsonb, '[]'::jsonb, 'nothing as jsonb');

-- However the rows are split, ordered or handed on, the value is the same.
CREATE AGGREGATE state_agg(integer, boolean) (SFUNC = _clientele.survival_accum, STYPE = survival); -- the state itself
SELECT is_empty(format($$
    SELECT g FROM counted JOIN (SELECT g, survival_agg(duration, ended ORDER BY %s) AS permuted FROM seen GROUP BY g) AS p USING (g)
    WHERE s <> permuted OR s::text <> permuted::text OR _clientele.survival_send(s) <> _clientele.survival_send(permuted)
$$, o), 'rows in order of ' || o)
FROM unnest(ARRAY['random()', 'duration', 'duration DESC', 'ended, duration % 7, n']) AS o;
SELECT is_empty($$
    SELECT g FROM counted JOIN (SELECT g, state_agg(duration, ended) AS state FROM seen WHERE g < 61 GROUP BY g) AS p USING (g)
    WHERE (s = state) IS NOT TRUE OR s::text <> state::text OR _clientele.survival_send(s) <> _clientele.survival_send(state) OR _clientele.survival_hash(s) <> _clientele.survival_hash(state)
        OR s::jsonb <> state::jsonb OR median_survival(s) IS DISTINCT FROM median_survival(state) OR s + s <> state + state
        OR log_rank(s, '{5:9}') IS DISTINCT FROM log_rank(state, '{5:9}')
$$, 'a state is a value');
SELECT ok(state::text = '{1:2,2:1}' AND pg_column_size(state) > pg_column_size('{1:2,2:1}'::survival) AND state = '{1:2,2:1}', 'also unordered, with room to grow')
FROM (SELECT state_agg(d, true) AS state FROM unnest('{2,1,1}'::integer[]) AS d) AS s;
CREATE TABLE parts AS SELECT g, part, survival_agg(duration, ended) AS s FROM seen GROUP BY g, part;
SELECT is_empty(format($$
    SELECT g FROM counted JOIN (SELECT g, rollup(%s) AS total FROM parts GROUP BY g) AS p USING (g) WHERE s <> total OR s::text <> total::text
$$, part), 'rollup of ' || part)
FROM unnest(ARRAY['s', 's::text::survival', 's ORDER BY random()']) AS part;
SELECT is_empty($$
    SELECT g FROM counted JOIN (SELECT g, rollup(state) AS total FROM (
        SELECT g, part, state_agg(duration, ended) AS state FROM seen GROUP BY g, part) AS p GROUP BY g) AS p USING (g) WHERE s <> total
$$, 'rollup of states');
SELECT is((SELECT rollup(s) FROM parts), (SELECT survival_agg(duration, ended) FROM seen), 'rollup of all');
SELECT ok(rollup(s)::text = '{}' AND (SELECT rollup(s) FROM counted WHERE false)::text = '{}', 'rollup of nothing')
FROM (VALUES (NULL::survival), (NULL)) AS n (s);
SELECT is(rollup(s)::text, '{1:3/1}', 'rollup skips NULLs') FROM unnest('{NULL,"{1:1}","{}",NULL,"{1:2/1}"}'::survival[]) AS s;
SELECT is_empty(format('SELECT a.g, b.g FROM counted a JOIN counted b ON b.g = a.g %% 60 + 1 WHERE (%s) IS NOT TRUE', law), law)
FROM unnest(ARRAY['a.s + b.s = b.s + a.s', 'a.s + ''{}'' = a.s', '''{}'' + a.s = a.s', '(a.s + b.s) + b.s = a.s + (b.s + b.s)',
    'a.s + b.s = (SELECT rollup(r) FROM unnest(ARRAY[a.s, b.s]) AS r)',
    'a.s + b.s = (SELECT survival_agg(r.duration, r.ended) FROM seen r WHERE r.g IN (a.g, b.g))']) AS law;
SELECT is_empty(format($$
    SELECT n FROM (SELECT n, survival_agg(duration, ended) OVER w AS s, array_agg(n) OVER w AS frame FROM seen WHERE g IN (8, 9, 13) WINDOW w AS (%s)) AS r
    WHERE s <> (SELECT survival_agg(duration, ended) FROM seen AS i WHERE g IN (8, 9, 13) AND i.n = ANY (frame))
$$, definition), format('OVER (%s)', definition))
FROM unnest(ARRAY['', 'ORDER BY g, n', 'ORDER BY duration', 'PARTITION BY part ORDER BY n DESC', 'ORDER BY g, n ROWS BETWEEN 5 PRECEDING AND 1 FOLLOWING']) AS definition;
SELECT is_empty($$
    SELECT part FROM (SELECT part, rollup(s) OVER (ORDER BY part) AS running FROM parts WHERE g = 50) AS w
    WHERE running <> (SELECT rollup(s) FROM parts AS p WHERE g = 50 AND p.part <= w.part)
$$, 'rollup() OVER (ORDER BY ...)');

-- Parallel workers
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SET LOCAL parallel_leader_participation = off;
SELECT ok(pg_temp.plan_has(statement, 'Partial'), 'in parallel: ' || statement)
FROM unnest(ARRAY['SELECT g, survival_agg(duration, ended) FROM seen GROUP BY g', 'SELECT survival_agg(duration, ended) FROM seen']) AS statement;
SELECT set_eq('SELECT g, survival_agg(duration, ended) FROM seen GROUP BY g', 'TABLE counted', 'parallel is serial');
CREATE TEMPORARY TABLE in_parallel AS SELECT 'all' AS what, survival_agg(duration, ended) AS s FROM seen UNION ALL SELECT 'parts', rollup(s) FROM parts
UNION ALL SELECT 'none', survival_agg(duration, ended) FROM seen WHERE g > 70 UNION ALL SELECT 'one', survival_agg(duration, ended) FROM seen WHERE g = 1;
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TEMPORARY TABLE in_one AS SELECT 'all' AS what, survival_agg(duration, ended) AS s FROM seen UNION ALL SELECT 'parts', rollup(s) FROM parts
UNION ALL SELECT 'none', survival_agg(duration, ended) FROM seen WHERE g > 70 UNION ALL SELECT 'one', survival_agg(duration, ended) FROM seen WHERE g = 1;
SELECT is_empty('SELECT what FROM in_parallel p FULL JOIN in_one o USING (what) WHERE (p.s = o.s AND p.s::text = o.s::text) IS NOT TRUE', 'also of all rows, of parts, of none and of one');
SET LOCAL work_mem = '64kB';
SELECT set_eq('SELECT g, survival_agg(duration, ended) FROM seen GROUP BY g', 'TABLE counted', 'with little memory');
RESET work_mem;

-- Stored: short and long headers, compressed, and out of line
CREATE TABLE kept (g integer, beside survival, apart survival) WITH (toast_tuple_target = 128);
ALTER TABLE kept ALTER apart SET STORAGE external;
INSERT INTO kept SELECT g, s, s FROM counted;
SELECT ok((SELECT count(*) FROM kept WHERE pg_column_compression(beside) IS NOT NULL) > 10
    AND (SELECT count(*) FROM kept WHERE pg_column_size(beside) < 127 AND beside <> '{}') > 5
    AND pg_relation_size((SELECT reltoastrelid FROM pg_class WHERE oid = 'kept'::regclass)) > 100000, 'stored in many ways');
SELECT is_empty($$
    SELECT g FROM counted JOIN kept USING (g) WHERE s <> beside OR s <> apart OR s::text <> beside::text OR _clientele.survival_hash(s) <> _clientele.survival_hash(apart)
        OR median_survival(s) IS DISTINCT FROM median_survival(apart) OR beside + apart <> s + s
$$, 'they read the same from wherever they lie');
SELECT is((SELECT rollup(beside) FROM kept), (SELECT rollup(s) FROM counted), 'rollup of stored values');
CREATE TABLE copied (LIKE kept);
COPY kept TO PROGRAM 'cat > retention_survival_copy' WITH (FORMAT binary);
COPY copied FROM PROGRAM 'cat retention_survival_copy && rm retention_survival_copy' WITH (FORMAT binary);
SELECT set_eq('TABLE copied', 'TABLE kept', 'COPY BINARY');

-- Equality, order, hash
CREATE TEMPORARY TABLE mixed AS
SELECT ('{' || string_agg(format('%s:%s/%s', floor(random() * 3), 1 + floor(random() * 2), floor(random() * 2)), ',') || '}')::survival AS s
FROM generate_series(1, 2000) AS n GROUP BY n / 2;
SELECT set_eq(format('SELECT %s, count(*) FROM mixed GROUP BY 1', s), 'SELECT s::text::survival, count(*) FROM mixed GROUP BY s::text', 'GROUP BY ' || s)
FROM unnest(ARRAY['s', 's + ''{}''']) AS s;
SET LOCAL enable_hashagg = off;
SELECT is((SELECT count(*) FROM (SELECT DISTINCT s FROM mixed) AS d), (SELECT count(DISTINCT s::text) FROM mixed), 'DISTINCT by sorting');
SET LOCAL enable_hashagg = on;
SELECT is_empty($$
    SELECT a.s, b.s FROM mixed a, (SELECT s FROM mixed LIMIT 50) b
    WHERE (a.s = b.s) IS DISTINCT FROM (a.s::text = b.s::text) OR (a.s <> b.s) = (a.s = b.s) OR (a.s < b.s) = (a.s >= b.s) OR (a.s > b.s) = (a.s <= b.s)
        OR (a.s < b.s) <> (b.s > a.s) OR (a.s <= b.s) <> (a.s < b.s OR a.s = b.s) OR sign(_clientele.survival_cmp(a.s, b.s)) <> (a.s > b.s)::integer - (a.s < b.s)::integer
        OR a.s = b.s AND (_clientele.survival_hash(a.s) <> _clientele.survival_hash(b.s) OR _clientele.survival_hash_extended(a.s, 7) <> _clientele.survival_hash_extended(b.s, 7))
$$, 'operators agree with each other and with the text');
SELECT ok(_clientele.survival_hash('{1:1}') <> _clientele.survival_hash('{1:0/1}') AND _clientele.survival_hash('{1:1}') <> _clientele.survival_hash('{2:1}')
    AND _clientele.survival_hash_extended('{1:1}', 1) <> _clientele.survival_hash_extended('{1:1}', 2), 'what differs has another hash');
SELECT ok(survival '{1:1}' < '{1:1,2:1}' AND survival '{}' < '{0:0/1}' AND survival '{1:1}' < '{1:2}' AND survival '{1:2}' < '{2:1}' AND survival '{1:1/1}' > '{1:1}', 'the order');

-- Published curves, to four digits: ten durations; remission with 6-mercaptopurine (Freireich 1963), as Stata lists it
SELECT set_eq(format($$
    SELECT duration, round(survival::numeric, 4) AS s, round(std_error::numeric, 4) AS se, round(lower::numeric, 4) AS lower, round(upper::numeric, 4) AS upper
    FROM survival_points(%L) WHERE duration = ANY (%L::integer[])$$, s, days), want, what)
FROM (VALUES
    ('a curve with confidence limits', '{1,4,7}', '{1:1,2:1/1,3:1,4:1/1,5:1,6:0/1,7:1,8:0/1}',
     'VALUES (1, .9, .0949, .4730, .9853), (4, .5714, .1638, .2172, .8146), (7, .2143, .1748, .0129, .5795)'),
    ('6-MP', '{6,7,10,13,16,22,23}', '{6:3/1,7:1,9:0/1,10:1/1,11:0/1,13:1,16:1,17:0/1,19:0/1,20:0/1,22:1,23:1,25:0/1,32:0/2,34:0/1,35:0/1}',
     'VALUES (6, .8571, .0764, .6197, .9516), (7, .8067, .0869, .5631, .9228), (10, .7529, .0963, .5032, .8894), (13, .6902, .1068, .4316, .8491),
        (16, .6275, .1141, .3675, .8049), (22, .5378, .1282, .2678, .7468), (23, .4482, .1346, .1881, .6801)')) AS p (what, days, s, want);
CREATE TEMPORARY TABLE published AS
SELECT '{6:3/1,7:1,9:0/1,10:1/1,11:0/1,13:1,16:1,17:0/1,19:0/1,20:0/1,22:1,23:1,25:0/1,32:0/2,34:0/1,35:0/1}'::survival AS drug,
    '{1:2,2:2,3:1,4:2,5:2,8:4,11:2,12:2,15:1,17:1,22:1,23:1}'::survival AS placebo,
    '{9:1,13:1/1,18:1,23:1,28:0/1,31:1,34:1,45:0/1,48:1,161:0/1}'::survival AS maintained, -- Miller 1997, as R's survival has it
    '{5:2,8:2,12:1,16:0/1,23:1,27:1,30:1,33:1,43:1,45:1}'::survival AS nonmaintained;
SELECT ok(median_survival(drug) = 23 AND median_survival(placebo) = 8 AND median_survival(maintained) = 31 AND median_survival(nonmaintained) = 23, 'published medians')
FROM published;
SELECT is(row(observed_a, round(expected_a::numeric, 2), observed_b, round(expected_b::numeric, 2), round(chi_square::numeric, 2))::text, '(9,19.25,21,10.75,16.79)',
    'log-rank test of 6-MP and placebo') FROM published, log_rank(drug, placebo);
SELECT is(row(observed_a, round(expected_a::numeric, 2), observed_b, round(expected_b::numeric, 2), round(chi_square::numeric, 1), round(p_value::numeric, 4))::text,
    '(7,10.69,11,7.31,3.4,0.0653)', 'and of maintained chemotherapy') FROM published, log_rank(maintained, nonmaintained);
SELECT is(row(round(estimate::numeric, 1), round(((upper - estimate) / 1.959963985)::numeric, 2))::text, want, 'published restricted mean and its standard error')
FROM published, (VALUES (1, '(52.6,19.83)'), (2, '(22.7,4.18)')) AS v (i, want), restricted_mean(CASE i WHEN 1 THEN maintained ELSE nonmaintained END, 161);

-- The curve by plain SQL
CREATE TABLE plain_points AS
WITH risk AS (
    SELECT p.*, sum(ended + censored) OVER (PARTITION BY g ORDER BY duration DESC)::float8 AS at_risk FROM plain p
), curve AS (
    SELECT r.*, CASE WHEN bool_or(ended = at_risk) OVER up THEN 0 ELSE exp(sum(ln(1 - nullif(ended / at_risk, 1))) OVER up) END AS survival,
        sum(ended / (at_risk * nullif(at_risk - ended, 0))) OVER up AS greenwood
    FROM risk r WINDOW up AS (PARTITION BY g ORDER BY duration)
)
SELECT c.*, level, CASE WHEN survival > 0 THEN survival * sqrt(greenwood) END AS std_error,
    CASE WHEN survival = 0 THEN 0 WHEN survival = 1 THEN 1 ELSE survival ^ exp(-z * sqrt(greenwood) / ln(survival)) END AS lower,
    CASE WHEN survival = 1 THEN 1 WHEN survival > 0 THEN survival ^ exp(z * sqrt(greenwood) / ln(survival)) END AS upper
FROM curve c, (VALUES (0.8, 1.2815515655446004), (0.95, 1.959963984540054), (0.999, 3.2905267314918945)) AS z (level, z);
CREATE INDEX ON plain_points (g, level, duration);
ANALYZE plain_points;
SELECT is_empty($$
    SELECT g, level, duration FROM (SELECT g, level, p.* FROM counted, unnest('{0.8,0.95,0.999}'::numeric[]) AS level, survival_points(s, level::float8) p) AS ours
    FULL JOIN plain_points AS p USING (g, level, duration)
    WHERE (ours.at_risk = p.at_risk AND ours.ended = p.ended AND ours.censored = p.censored AND pg_temp.agree(ours.survival, p.survival)
        AND pg_temp.agree(ours.std_error, p.std_error) AND pg_temp.agree(ours.lower, p.lower) AND pg_temp.agree(ours.upper, p.upper)) IS NOT TRUE
$$, 'survival_points by plain SQL');
SELECT set_eq('SELECT g, p FROM counted, survival_points(s) p', 'SELECT g, p FROM counted, survival_points(s, 0.95) p', 'at level 0.95 unless told otherwise');
SELECT results_eq('SELECT g, p.duration FROM (SELECT * FROM counted ORDER BY g) c, survival_points(s) p', 'SELECT g, duration FROM plain ORDER BY g, duration',
    'the shortest first');
SELECT is_empty($$
    SELECT g, p.* FROM counted, survival_points(s, 0.9) p
    WHERE 'NaN' IN (survival, coalesce(std_error, 0), lower, coalesce(upper, 1)) OR NOT lower BETWEEN 0 AND survival OR NOT coalesce(upper, 1) BETWEEN survival AND 1
        OR (survival = 0) IS DISTINCT FROM (std_error IS NULL) OR (survival = 0) IS DISTINCT FROM (upper IS NULL) OR survival = 0 AND lower <> 0
$$, 'bounds enclose the estimate; where it is 0 there is no error and no upper bound');

-- survival_at, between the durations and beyond them
CREATE FUNCTION plain_at(of integer, day integer) RETURNS TABLE (estimate float8, lower float8, upper float8) LANGUAGE sql AS $$
    SELECT p.survival, p.lower, p.upper FROM (
        SELECT duration, survival, lower, upper FROM plain_points WHERE g = of AND level = 0.95 AND duration <= day
        UNION ALL SELECT -1, 1, 1, 1 FROM plain WHERE g = of HAVING count(*) > 0) AS p
    WHERE (p.survival = 0 OR day <= (SELECT max(duration) FROM plain WHERE g = of))
    ORDER BY p.duration DESC LIMIT 1
$$;
CREATE TEMPORARY TABLE days AS
SELECT g, d.day FROM counted c, LATERAL (
    SELECT 0 UNION SELECT 1 UNION SELECT 2147483647 UNION (SELECT duration + step FROM plain p, generate_series(-1, 1) step WHERE p.g = c.g AND duration + step >= 0 ORDER BY duration DESC LIMIT 4)
    UNION (SELECT duration + step FROM plain p, generate_series(-1, 1) step WHERE p.g = c.g AND duration + step >= 0 ORDER BY random() LIMIT 4)) AS d (day);
SELECT is_empty($$
    SELECT g, day, ours, p FROM days JOIN counted USING (g) CROSS JOIN LATERAL survival_at(s, day) ours LEFT JOIN LATERAL plain_at(g, day) p ON true
    WHERE NOT (pg_temp.agree(ours.estimate, p.estimate) AND pg_temp.agree(ours.lower, p.lower) AND pg_temp.agree(ours.upper, p.upper))
$$, 'survival_at by plain SQL');
SELECT ok(count(*) FILTER (WHERE estimate IS NULL) > 20 AND count(*) FILTER (WHERE estimate = 0) > 20 AND count(*) FILTER (WHERE estimate = 1) > 20
    AND count(*) FILTER (WHERE estimate < 1 AND estimate > 0) > 100, 'all cases were tried') FROM days JOIN counted USING (g), survival_at(s, day);
SELECT is(survival_at(s::survival, day)::text, want, format('%s at %s', s, day))
FROM (VALUES ('{}', 0, '(,,)'), ('{}', 5, '(,,)'), ('{3:1}', 0, '(1,1,1)'), ('{3:1}', 2, '(1,1,1)'), ('{3:1}', 3, '(0,0,)'), ('{3:1}', 2147483647, '(0,0,)'),
    ('{3:0/1}', 3, '(1,1,1)'), ('{3:0/1}', 4, '(,,)'), ('{0:7}', 0, '(0,0,)'), ('{0:7}', 9, '(0,0,)'), ('{0:0/7}', 0, '(1,1,1)'), ('{0:0/7}', 1, '(,,)'),
    ('{3:1,5:0/9}', 6, '(,,)'), ('{3:1,5:9}', 6, '(0,0,)'), ('{3:1/1}', 4, '(,,)')) AS v (s, day, want);
SELECT is(survival_at(s, 4, 0.8), row(survival, lower, upper)::confidence_interval, 'at another level') FROM counted, survival_points(s, 0.8) WHERE g = 13 AND duration = 4;
SELECT results_eq($$SELECT duration::bigint, at_risk, ended, censored, survival::numeric, std_error, lower::numeric, upper FROM survival_points('{0:7}')$$,
    $$VALUES (0::bigint, 7::bigint, 7::bigint, 0::bigint, 0::numeric, NULL::float8, 0::numeric, NULL::float8)$$, 'all ended at once');
SELECT is_empty($$SELECT * FROM survival_points('{}')$$, 'no points of nothing');

-- The median and other quantiles
SELECT is_empty($$
    SELECT g, share FROM counted, unnest('{0.5,0.01,0.1,0.25,0.75,0.9,0.99}'::float8[]) AS share
    WHERE survival_quantile(s, share) IS DISTINCT FROM (SELECT min(duration) FROM plain_points p WHERE p.g = counted.g AND survival <= 1 - share + 1e-10)
        OR median_survival(s) IS DISTINCT FROM survival_quantile(s, 0.5)
$$, 'quantiles by plain SQL');
SELECT is(median_survival(s::survival), want::float8, 'median of ' || s)
FROM (VALUES ('{}', NULL), ('{5:1}', 5), ('{5:0/1}', NULL), ('{1:1,2:1,3:1,4:1}', 2), ('{1:1,2:1,3:1}', 2), ('{0:1,2:1}', 0), ('{1:1/1,2:0/9}', NULL), ('{0:9}', 0),
    ('{1:49,2:1,3:50}', 2), ('{1:2/9,2:4,3:0/5}', 2), ('{1:499999999,2:500000001}', 2), ('{2147483647:1}', 2147483647)) AS v (s, want);
-- after one censoring the curve is (n - d)(m - e) / nm: where exactly one half or one third, decided in whole numbers
CREATE TEMPORARY TABLE fractions AS
SELECT n, d, c, e, n - d - c AS m, format('{1:%s/%s,2:%s/%s}', d, c, e, n - d - c - e)::survival AS s
FROM generate_series(2, 26) n, generate_series(1, n - 2) d, generate_series(1, n - d - 1) c, generate_series(1, n - d - c) e;
SELECT ok(count(*) FILTER (WHERE 2 * (n - d) * (m - e) = n * m AND 2 * (n - d) > n) > 50 AND count(*) FILTER (WHERE 3 * (n - d) * (m - e) = n * m AND 3 * (n - d) > n) > 50,
    'there are curves through the shares') FROM fractions;
SELECT is_empty($$
    SELECT n, d, c, e FROM fractions
    WHERE median_survival(s) IS DISTINCT FROM CASE WHEN 2 * (n - d) <= n THEN 1 WHEN 2 * (n - d) * (m - e) <= n * m THEN 2 END
        OR survival_quantile(s, 2 / 3.0) IS DISTINCT FROM CASE WHEN 3 * (n - d) <= n THEN 1 WHEN 3 * (n - d) * (m - e) <= n * m THEN 2 END
        OR survival_quantile(s, 0.1) IS DISTINCT FROM CASE WHEN 10 * (n - d) <= 9 * n THEN 1 WHEN 10 * (n - d) * (m - e) <= 9 * n * m THEN 2 END
        OR survival_quantile(s, 1) IS DISTINCT FROM CASE WHEN m = e THEN 2 END
$$, 'exactly at a share is there');

-- The restricted mean, day by day
CREATE FUNCTION plain_mean(of integer, horizon integer) RETURNS TABLE (mean float8, variance float8) LANGUAGE sql AS $$
    WITH day AS (SELECT t, (SELECT estimate FROM plain_at(of, t)) AS survival FROM generate_series(0, horizon - 1) t),
        area AS (SELECT t, sum(survival) OVER (ORDER BY t DESC) AS area FROM day)
    SELECT (SELECT sum(survival) FROM day),
        (SELECT coalesce(sum(area ^ 2 * ended / (at_risk * nullif(at_risk - ended, 0))), 0) FROM area JOIN plain_points ON g = of AND level = 0.95 AND duration = t)
$$;
CREATE TEMPORARY TABLE means AS
SELECT g, s, h.horizon, p.* FROM counted c, LATERAL (
    SELECT 1 UNION SELECT 2 UNION SELECT 30 UNION SELECT 1 + floor(random() * 400)::integer UNION SELECT max(duration) + step FROM plain, generate_series(0, 1) step WHERE plain.g = c.g GROUP BY step) AS h (horizon),
    LATERAL plain_mean(g, horizon) p
WHERE horizon BETWEEN 1 AND 400 AND g < 61;
SELECT is_empty($$
    SELECT g, horizon, ours, mean, variance FROM means CROSS JOIN LATERAL restricted_mean(s, horizon, 0.9) ours
    WHERE CASE WHEN (survival_at(s, horizon)).estimate IS NULL THEN num_nonnulls(ours.estimate, ours.lower, ours.upper) <> 0
        ELSE NOT (pg_temp.agree(estimate, mean) AND pg_temp.agree(lower, greatest(0, mean - 1.6448536269514722 * sqrt(variance)))
            AND pg_temp.agree(upper, least(horizon, mean + 1.6448536269514722 * sqrt(variance)))) END
$$, 'restricted_mean by plain SQL');
SELECT ok(count(*) FILTER (WHERE estimate IS NULL) > 10 AND count(*) FILTER (WHERE lower > 0 AND upper < horizon) > 50 AND count(*) FILTER (WHERE estimate = horizon) > 10,
    'all cases were tried') FROM means, restricted_mean(s, horizon);
SELECT is_empty($$
    SELECT g FROM (SELECT g, avg(duration) AS mean, max(duration) AS longest, stddev_pop(duration) / sqrt(count(*)) AS error FROM seen WHERE n > 0 GROUP BY g HAVING bool_and(ended)) AS p
    JOIN counted USING (g), restricted_mean(s, longest + 5) WHERE NOT pg_temp.agree(estimate, mean::float8) OR NOT pg_temp.agree(least(longest + 5, estimate + 1.959963984540054 * error), upper)
$$, 'where all have ended it is the mean, and its error that of the mean');
SELECT is(restricted_mean(s::survival, horizon)::text, want, format('restricted mean of %s to %s', s, horizon))
FROM (VALUES ('{}', 5, '(,,)'), ('{3:0/1}', 3, '(3,3,3)'), ('{3:0/1}', 4, '(,,)'), ('{3:1}', 3, '(3,3,3)'), ('{3:1}', 10, '(3,3,3)'), ('{0:4}', 1, '(0,0,0)'),
    ('{0:4}', 2147483647, '(0,0,0)'), ('{2147483647:0/1}', 2147483647, '(2147483647,2147483647,2147483647)'), ('{1:1,9:0/1}', 1, '(1,1,1)')) AS v (s, horizon, want);

-- The log-rank test from the rows
CREATE TEMPORARY TABLE tests AS
WITH pair AS (SELECT a.g AS a, b.g AS b FROM counted a JOIN counted b ON b.g IN (a.g % 60 + 1, a.g % 7 + 1, (a.g + 4) % 60 + 1) AND a.g <> b.g AND a.g < 61),
either AS (
    SELECT a, b, duration, sum(ended) FILTER (WHERE g = a) AS ended_a, sum(ended) FILTER (WHERE g = b) AS ended_b,
        coalesce(sum(ended + censored) FILTER (WHERE g = a), 0) AS leaving_a, coalesce(sum(ended + censored) FILTER (WHERE g = b), 0) AS leaving_b
    FROM pair JOIN plain ON g IN (a, b) GROUP BY a, b, duration
), risk AS (
    SELECT a, b, coalesce(ended_a, 0)::float8 AS ended_a, coalesce(ended_b, 0)::float8 AS ended_b,
        sum(leaving_a) OVER later::float8 AS at_risk_a, sum(leaving_b) OVER later::float8 AS at_risk_b
    FROM either WINDOW later AS (PARTITION BY a, b ORDER BY duration DESC)
), total AS (
    SELECT a, b, sum(ended_a) AS observed_a, sum((ended_a + ended_b) * at_risk_a / (at_risk_a + at_risk_b)) AS expected_a,
        sum(ended_b) AS observed_b, sum((ended_a + ended_b) * at_risk_b / (at_risk_a + at_risk_b)) AS expected_b,
        sum(CASE WHEN at_risk_a + at_risk_b > 1 THEN (ended_a + ended_b) * at_risk_a * at_risk_b * (at_risk_a + at_risk_b - ended_a - ended_b)
            / ((at_risk_a + at_risk_b) ^ 2 * (at_risk_a + at_risk_b - 1)) ELSE 0 END) AS variance
    FROM risk GROUP BY a, b
)
SELECT a, b, coalesce(observed_a, 0) AS observed_a, coalesce(expected_a, 0) AS expected_a, coalesce(observed_b, 0) AS observed_b, coalesce(expected_b, 0) AS expected_b,
    (observed_a - expected_a) ^ 2 / nullif(variance, 0) AS chi_square FROM pair LEFT JOIN total USING (a, b);
SELECT is_empty($$
    SELECT a, b, ours, p FROM tests p JOIN counted ca ON ca.g = a JOIN counted cb ON cb.g = b CROSS JOIN LATERAL log_rank(ca.s, cb.s) ours
    WHERE ours.observed_a <> p.observed_a OR ours.observed_b <> p.observed_b OR NOT pg_temp.agree(ours.expected_a, p.expected_a)
        OR NOT pg_temp.agree(ours.expected_b, p.expected_b) OR NOT pg_temp.agree(ours.chi_square, p.chi_square)
$$, 'log_rank by plain SQL');
SELECT ok(count(*) > 150 AND count(*) FILTER (WHERE chi_square IS NULL) > 3, 'many pairs were tried, some without anything to compare') FROM tests;
SELECT is_empty($$
    SELECT a.g, b.g FROM counted a, counted b, log_rank(a.s, b.s) x, log_rank(b.s, a.s) y
    WHERE (x.observed_a, x.expected_a, x.chi_square, x.p_value) IS DISTINCT FROM (y.observed_b, y.expected_b, y.chi_square, y.p_value)
        OR (x.p_value IS NULL) <> (x.chi_square IS NULL) OR x.p_value NOT BETWEEN 0 AND 1 OR x.expected_a = 'NaN' OR x.chi_square = 'NaN'
$$, 'the order of the two does not matter');
SELECT is_empty($$SELECT g FROM counted, log_rank(s, s) WHERE chi_square <> 0 OR p_value <> 1 OR abs(observed_a - expected_a) > 1e-9 * observed_a$$, 'nothing differs from itself');
SELECT is(log_rank(a::survival, b::survival)::text, want, format('log_rank %s, %s', a, b))
FROM (VALUES ('{}', '{}', '(0,0,0,0,,)'), ('{1:1}', '{}', '(1,1,0,0,,)'), ('{}', '{1:0/1}', '(0,0,0,0,,)'), ('{1:0/2}', '{3:0/2}', '(0,0,0,0,,)'),
    ('{1:1}', '{1:1}', '(1,1,1,1,,)'), ('{1:0/1}', '{2:2}', '(0,0,2,2,,)')) AS v (a, b, want);

SELECT ok(observed_a = 1 AND expected_a = 0.5 AND expected_b = 1.5 AND chi_square = 1 AND pg_temp.near(p_value, 0.317310507862914), 'one standard deviation') FROM log_rank('{1:1}', '{2:1}');

-- Counts of any size
CREATE FUNCTION pg_temp.times(s survival, factor bigint) RETURNS survival LANGUAGE sql AS $$
    SELECT ('{' || string_agg(format('%s:%s/%s', duration, ended * factor, censored * factor), ',') || '}')::survival FROM survival_points(s)
$$;
CREATE FUNCTION pg_temp.doubled(s survival, times integer) RETURNS survival LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..times LOOP
        s := s + s;
    END LOOP;
    RETURN s;
END
$$;
SELECT is(pg_temp.doubled(drug, 40), pg_temp.times(drug, (2 ^ 40)::bigint), '2^40 copies') FROM published;
SELECT is(rollup(s), (SELECT pg_temp.doubled(drug, 40) FROM published), 'rollup of 1024 copies') FROM (SELECT pg_temp.doubled(drug, 30) AS s FROM published) p, generate_series(1, 1024);
SELECT is_empty($$
    SELECT a.duration FROM published, survival_points(drug) a JOIN LATERAL survival_points(pg_temp.times(drug, (2 ^ 40)::bigint)) b USING (duration)
    WHERE a.survival <> b.survival OR abs(a.std_error / 2 ^ 20 - b.std_error) > 1e-15 OR b.at_risk <> a.at_risk * 2 ^ 40 OR b.upper - b.lower > 1e-6
$$, 'their curve is the same, and 2^20 times as sure');
SELECT ok(abs(chi_square / (16.79294098921653 * 2 ^ 40) - 1) < 0.1 AND p_value = 0, 'and so is their test')
FROM published, log_rank(pg_temp.times(drug, (2 ^ 40)::bigint), pg_temp.times(placebo, (2 ^ 40)::bigint));
SELECT ok(pg_temp.near((1 - lower) * 2 ^ 40, exp(1.959963984540054), 0.01) AND pg_temp.near((1 - upper) * 2 ^ 40, exp(-1.959963984540054), 0.01), 'one of 2^40 has an interval')
FROM survival_at('{1:1,2:0/1099511627775}', 1);
SELECT ok(pg_temp.near((1 - lower) * 178360374174554, exp(1.959963984540054), 0.035), 'also where its share is between two numbers') FROM survival_at('{1:1,2:0/178360374174553}', 1);
SELECT ok(survival = 1 AND lower <= 1 AND upper = 1 AND std_error >= 0, 'and so has one of 2^63') FROM survival_points('{1:1,2:0/9223372036854775806}') WHERE duration = 1;
SELECT is_empty($$
    SELECT a, b FROM unnest('{"{1:1,2:0/9223372036854775806}","{1:9223372036854775806,2:0/1}","{1:0/9223372036854775806,2:1}","{1:4611686018427387903,2147483647:4611686018427387903/1}"}'::survival[]) a,
        unnest('{"{1:1,2:0/9223372036854775806}","{1:9223372036854775806,2:0/1}","{2:9223372036854775807}","{1:1,2:1}"}'::survival[]) b,
        survival_points(a) p, log_rank(a, b) l, restricted_mean(a, 2) m
    WHERE 'NaN' IN (survival, coalesce(std_error, 0), p.lower, coalesce(p.upper, 0), chi_square, p_value, expected_a, m.estimate, m.lower, m.upper)
        OR 'Infinity' IN (chi_square, expected_a) OR NOT p.lower BETWEEN 0 AND survival OR m.lower > m.estimate OR m.upper < m.estimate
$$, 'nothing breaks at the limits');
SELECT is(pg_temp.failure(format('SELECT %L::survival + %L', a, b)), '22003 too many durations in one value', format('%s + %s', a, b))
FROM (VALUES ('{1:9223372036854775807}', '{1:1}'), ('{1:9223372036854775807}', '{2:0/1}'), ('{1:0/5000000000000000000}', '{1:5000000000000000000}')) AS v (a, b);
SELECT is(pg_temp.failure($$SELECT rollup(s::survival) FROM (VALUES ('{1:9223372036854775807}'), ('{2:1}')) v (s)$$), '22003 too many durations in one value', 'rollup past 64 bits');

-- Many durations, in the order that is worst for a sorted list
CREATE TEMPORARY TABLE many AS SELECT survival_agg(d, true) AS down, rollup(format('{%s:1}', d)::survival) AS parts FROM generate_series(100000, 1, -1) d;
SELECT ok(down = parts AND median_survival(down) = 50000 AND pg_temp.near((restricted_mean(down, 100000)).estimate, 50000.5), 'a hundred thousand durations from the longest on') FROM many;

-- Arguments
SELECT pg_temp.refuses('SELECT ' || call, '22023', format('invalid value for parameter "%s": %s', parameter, value), '%')
FROM (VALUES
    ('survival_agg(d, true) FROM unnest(''{1,-1}''::integer[]) d', 'duration', '-1'), ('survival_agg(-2147483648, false)', 'duration', '-2147483648'),
    ('survival_points(''{1:1}'', 1)', 'level', '1'), ('survival_points(''{}'', 0)', 'level', '0'), ('survival_points(''{1:1}'', ''NaN'')', 'level', 'NaN'),
    ('survival_at(''{1:1}'', -1)', 'duration', '-1'), ('survival_at(''{}'', -1)', 'duration', '-1'), ('survival_at(''{1:1}'', 1, 95)', 'level', '95'),
    ('restricted_mean(''{1:1}'', 0)', 'horizon', '0'), ('restricted_mean(''{}'', -7)', 'horizon', '-7'), ('restricted_mean(''{1:1}'', 1, -0.5)', 'level', '-0.5'),
    ('survival_quantile(''{1:1}'', 0)', 'share', '0'), ('survival_quantile(''{}'', 1.5)', 'share', '1.5'), ('survival_quantile(''{1:1}'', ''NaN'')', 'share', 'NaN'),
    ('repeat_time(''{}'', 0, ''2025-01-01'')', 'n', '0'), ('repeat_time(''{}'', -1, ''2025-01-01'')', 'n', '-1'),
    ('repeat_time(''{}'', 1, ''2025-01-01'', ''weeks'')', 'count_by', '"weeks"'), ('churn_time(''{}'', 0, ''2025-01-01'')', 'gap', '0')) AS v (call, parameter, value);
SELECT throws_ok('SELECT ' || call, '22008', NULL, call)
FROM unnest(ARRAY['repeat_time(''{}'', 1, ''infinity'')', 'repeat_time(''{}'', 1, ''-infinity'')', 'churn_time(''{}'', 1, ''infinity'')']) AS call;
SELECT throws_ok('SELECT _clientele.survival_accum(NULL, 1, true)', '42809', NULL, 'transitions are for aggregates');
SELECT is_empty($$
    SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
    WHERE 'survival'::regtype IN (SELECT unnest(proargtypes) UNION SELECT prorettype) AND (proparallel <> 's' OR provolatile <> 'i')
$$, 'every function is immutable and parallel safe');

-- repeat_time and churn_time by plain SQL: random histories, returns and shared days among them
CREATE TABLE purchases AS
SELECT n AS customer, row_number() OVER () AS id, date '2024-01-01' + floor(random() ^ 2 * 300)::integer AS day, CASE WHEN random() < 0.2 THEN -1 ELSE floor(random() * 3) END AS amount
FROM generate_series(1, 600) n, generate_series(1, n % 12);
CREATE TABLE histories AS
SELECT n AS customer, coalesce((SELECT history_agg(day, amount) FROM purchases WHERE customer = n), '{}') AS history FROM generate_series(1, 600) n;
CREATE TEMPORARY TABLE dates AS SELECT d::date AS as_of FROM unnest('{2023-06-01,2024-01-01,2024-01-02,2024-02-10,2024-05-01,2024-10-27,2030-01-01}'::date[]) d;
CREATE TEMPORARY TABLE plain_repeats AS
WITH bought AS (
    SELECT as_of, 'orders' AS count_by, customer, day, id FROM purchases, dates WHERE amount >= 0 AND day < as_of
    UNION ALL SELECT as_of, 'days', customer, day, min(id) FROM purchases, dates WHERE amount >= 0 AND day < as_of GROUP BY as_of, customer, day
)
SELECT as_of, count_by, customer, row_number() OVER w AS n, coalesce(lead(day) OVER w, as_of - 1) - day AS duration, lead(day) OVER w IS NOT NULL AS ended
FROM bought WINDOW w AS (PARTITION BY as_of, count_by, customer ORDER BY day, id);
SELECT is_empty($$
    SELECT customer, as_of, count_by, n, ours FROM histories CROSS JOIN dates CROSS JOIN unnest('{days,orders}'::text[]) AS count_by CROSS JOIN unnest('{1,2,3,7,50,2147483647}'::integer[]) AS n
    CROSS JOIN LATERAL repeat_time(history, n, as_of, count_by) AS ours LEFT JOIN plain_repeats p USING (customer, as_of, count_by, n)
    WHERE (ours.duration, ours.ended) IS DISTINCT FROM (p.duration, p.ended)
$$, 'repeat_time by plain SQL');
SELECT is_empty('SELECT customer FROM histories WHERE repeat_time(history, 1, ''2024-05-01'') IS DISTINCT FROM repeat_time(history, 1, ''2024-05-01'', ''days'')', 'by days unless told otherwise');
SELECT ok(count(*) FILTER (WHERE ended AND duration = 0) > 50 AND count(*) FILTER (WHERE NOT ended) > 50, 'all cases were tried') FROM plain_repeats;
CREATE TEMPORARY TABLE plain_churn AS
WITH bought AS (SELECT DISTINCT as_of, customer, day FROM purchases, dates WHERE amount >= 0 AND day < as_of),
silence AS (SELECT b.*, coalesce(lead(day) OVER w, as_of) - day AS days, min(day) OVER w AS first FROM bought b WINDOW w AS (PARTITION BY as_of, customer ORDER BY day))
SELECT as_of, customer, gap, coalesce(min(day + gap - first) FILTER (WHERE days >= gap), max(as_of - first)) AS duration, bool_or(days >= gap) AS ended
FROM silence, unnest('{1,2,7,30,90,2147483647}'::integer[]) gap GROUP BY as_of, customer, gap;
SELECT is_empty($$
    SELECT customer, as_of, gap, ours FROM histories CROSS JOIN dates CROSS JOIN unnest('{1,2,7,30,90,2147483647}'::integer[]) AS gap
    CROSS JOIN LATERAL churn_time(history, gap, as_of) AS ours LEFT JOIN plain_churn p USING (customer, as_of, gap)
    WHERE (ours.duration, ours.ended) IS DISTINCT FROM (p.duration, p.ended)
$$, 'churn_time by plain SQL');
SELECT is_empty($$
    SELECT customer, gap, a.as_of, b.as_of FROM plain_churn a JOIN plain_churn b USING (customer, gap)
    JOIN histories USING (customer), churn_time(history, gap, a.as_of) earlier, churn_time(history, gap, b.as_of) later
    WHERE a.as_of < b.as_of AND earlier.ended AND earlier IS DISTINCT FROM later
$$, 'who has churned stays so, whatever comes later');
SELECT is(repeat_time(h::purchase_history, n, as_of::date, by)::text, want, format('repeat_time(%s, %s, %s, %s)', h, n, as_of, by))
FROM (VALUES ('{}', 1, '2025-01-01', 'days', '(,)'), ('{2025-01-03:5}', 1, '2025-01-03', 'days', '(,)'), ('{2025-01-03:5}', 1, '2025-01-04', 'days', '(0,f)'),
    ('{2025-01-03:5,2025-01-10:5}', 1, '2025-01-10', 'days', '(6,f)'), ('{2025-01-03:5,2025-01-10:5}', 1, '2025-01-11', 'days', '(7,t)'),
    ('{2025-01-03:5/2}', 1, '2025-02-03', 'days', '(30,f)'), ('{2025-01-03:5/2}', 1, '2025-02-03', 'orders', '(0,t)'), ('{2025-01-03:5/2}', 2, '2025-02-03', 'orders', '(30,f)'),
    ('{2025-01-03:5/2}', 2, '2025-02-03', 'days', '(,)'), ('{2025-01-03:5,2025-01-05:-1/0/1}', 1, '2025-02-03', 'days', '(30,f)'),
    ('{4714-11-24 BC:1}', 1, '5874897-12-31', 'days', '(2147483492,f)')) AS v (h, n, as_of, by, want);
SELECT is(churn_time(h::purchase_history, gap, as_of::date)::text, want, format('churn_time(%s, %s, %s)', h, gap, as_of))
FROM (VALUES ('{}', 30, '2025-01-01', '(,)'), ('{2025-01-01:5}', 30, '2025-01-01', '(,)'), ('{2025-01-01:5}', 30, '2025-01-30', '(29,f)'), ('{2025-01-01:5}', 30, '2025-01-31', '(30,t)'),
    ('{2025-01-01:5,2025-01-30:5}', 30, '2025-02-28', '(58,f)'), ('{2025-01-01:5,2025-01-30:5}', 30, '2025-03-01', '(59,t)'), ('{2025-01-01:5,2025-01-31:5}', 30, '2025-02-01', '(30,t)'),
    ('{2025-01-01:5,2025-03-31:5}', 30, '2025-04-01', '(30,t)'), ('{2025-01-01:5,2025-01-20:-5/0/1}', 30, '2025-02-10', '(30,t)'),
    ('{4714-11-24 BC:1}', 2147483647, '5874897-12-31', '(2147483493,f)')) AS v (h, gap, as_of, want);
SELECT is((SELECT survival_agg(r.duration, r.ended) FROM histories, repeat_time(history, 2, '2024-05-01') r), (SELECT survival_agg(duration, ended) FROM plain_repeats WHERE n = 2 AND as_of = '2024-05-01' AND count_by = 'days'),
    'the survival of customers is that of their durations');

-- Somebody's own aggregate may begin with a value that has no room.
CREATE AGGREGATE counted_from_nothing(integer, boolean) (SFUNC = _clientele.survival_accum, STYPE = survival, INITCOND = '{}');
CREATE AGGREGATE added_to_nothing(survival) (SFUNC = _clientele.survival_combine, STYPE = survival, INITCOND = '{}');
SELECT is(counted_from_nothing(n % size, n % 3 = 0)::text, survival_agg(n % size, n % 3 = 0)::text, size || ' durations from nothing')
FROM unnest(ARRAY[1, 2, 9, 1000]) size, generate_series(1, 3000) n GROUP BY size;
SELECT is(added_to_nothing(s)::text, rollup(s)::text, 'survivals from nothing') FROM unnest(ARRAY['{}', '{1:1,2:1/1,3:0/1}', '{0:5,30:2/3}']::survival[]) s;

SELECT * FROM finish();
ROLLBACK;
