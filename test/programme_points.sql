-- points_account, its aggregates, and points_balance against a queue that is played through day by day.
BEGIN;
SELECT no_plan();
SELECT setseed(0.4);

\ir include/failure.sql

\ir include/receive.sql

\ir include/refuses.sql

\ir include/plan_has.sql

-- By hand: valid for 365 days, the oldest first.
CREATE TABLE booked AS SELECT date '2024-01-01' + d AS at, p AS points FROM (VALUES (0, 100), (100, 50), (200, -60), (300, 80), (380, -30)) v(d, p);
SELECT results_eq(format($$
    SELECT t, b.* FROM (SELECT %s AS a FROM booked) x, unnest('{0,1,365,400,466,700}'::integer[]) t, points_balance(%s) b
$$, made, asked), $$ VALUES (0, 0, 0, 0, 0, 0, 0), (1, 100.0, 0.0, 0.0, 100.0, 0.0, 0.0), (365, 230, 60, 40, 130, 0, 0), (400, 230, 90, 40, 100, 0, 0), (466, 230, 90, 60, 80, 0, 0), (700, 230, 90, 140, 0, 0, 0) $$,
    format('a vector of %s', made))
FROM (VALUES ('points_agg(at, points)', 'a, 365, date ''2024-01-01'' + t'), ('points_agg(at, points, at + 365)', 'a, date ''2024-01-01'' + t')) v(made, asked);
SELECT results_eq($$ SELECT t, (points_balance(points_agg(at, points), 365, date '2024-01-01' + t, w)).expiring FROM booked, (VALUES (330, 34), (330, 35), (365, 100), (365, 0), (364, 1)) v(t, w) GROUP BY t, w ORDER BY t, w $$,
    $$ VALUES (330, 0::numeric), (330, 40), (364, 40), (365, 0), (365, 50) $$, 'what will be gone soon');
SELECT is(points_balance('{2024-01-01:50/70,2024-03-01:30}', NULL::integer, '2024-02-01'), (50, 70, 0, 0, 0, 20)::points_balance_result, 'redeemed without being there');
SELECT is(points_balance('{2024-01-01:50/70,2024-03-01:30}', NULL::integer, '2024-04-01'), (80, 70, 0, 10, 0, 0)::points_balance_result, '... is paid by what is earned later');
SELECT is(points_balance('{2024-01-01@2025-01-01:50,2024-02-01@2024-04-01:20,2024-02-02:10,2024-03-01:0/25}', '2024-04-01'), (80, 25, 0, 55, 0, 0)::points_balance_result, 'the soonest to expire first, not the oldest');
SELECT is(points_balance('{2024-01-01@2024-01-01:50,2024-01-02@2023-01-01:20,2024-01-02:1/4}', '2024-04-01'), (71, 4, 70, 0, 0, 3)::points_balance_result, 'what expires when it is earned cannot be redeemed');
SELECT ok(b IS NOT NULL AND b = ROW(0, 0, 0, 0, 0, 0)::points_balance_result, 'nothing') FROM (VALUES (points_balance('{}', 365, '2024-01-01')), (points_balance('{}', NULL::integer, '2024-01-01')), (points_balance('{}', date '2024-01-01'))) v(b);
SELECT ok(b IS NULL, 'NULL') FROM (VALUES (points_balance(NULL, 365, '2024-01-01')), (points_balance('{}', 365, NULL)), (points_balance('{}', 365, '2024-01-01', NULL)),
    (points_balance(NULL, date '2024-01-01')), (points_balance('{}', NULL::date)), (points_balance('{}', date '2024-01-01', NULL))) v(b);

-- The queue: lots in the order of their expiry, what is redeemed without being there as a debt.
CREATE FUNCTION pg_temp.queue(days integer[], points integer[], expiry integer[], as_of integer, within integer) RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
    lots integer[] := array_fill(0, ARRAY[cardinality(days)]);
    earned integer := 0;
    redeemed integer := 0;
    expired integer := 0;
    expiring integer := 0;
    debt integer := 0;
    taken integer;
    soonest integer;
BEGIN
    FOR day IN 0..as_of LOOP
        FOR i IN 1..cardinality(days) LOOP
            IF day < as_of AND days[i] = day AND points[i] > 0 THEN
                lots[i] := points[i];
                earned := earned + points[i];
            END IF;
            IF expiry[i] <= day THEN
                expired := expired + lots[i];
                lots[i] := 0;
            END IF;
            IF day < as_of AND days[i] = day AND points[i] < 0 THEN
                debt := debt - points[i];
                redeemed := redeemed - points[i];
            END IF;
        END LOOP;
        WHILE debt > 0 LOOP
            soonest := NULL;
            FOR i IN 1..cardinality(days) LOOP
                IF lots[i] > 0 AND (soonest IS NULL OR coalesce(expiry[i], 1000) < coalesce(expiry[soonest], 1000)) THEN
                    soonest := i;
                END IF;
            END LOOP;
            EXIT WHEN soonest IS NULL;
            taken := least(debt, lots[soonest]);
            lots[soonest] := lots[soonest] - taken;
            debt := debt - taken;
        END LOOP;
    END LOOP;
    FOR i IN 1..cardinality(days) LOOP
        IF expiry[i] <= as_of + within THEN
            expiring := expiring + lots[i];
        END IF;
    END LOOP;
    RETURN ARRAY[earned, redeemed, expired, (SELECT sum(l) FROM unnest(lots) l), expiring, debt];
END
$$;

-- 10,000 accounts of up to 12 rows over 18 days, asked on random days, with and without days of expiry of their own.
CREATE TABLE row_of AS
SELECT n AS id, floor(random() * 18)::integer AS day, floor(random() * 21)::integer - CASE WHEN n % 3 = 0 THEN 10 ELSE 6 END AS points,
    CASE WHEN random() < 0.8 THEN floor(random() * 18)::integer - 3 END AS lasts
FROM generate_series(1, 10000) n, generate_series(1, n % 13) m;
CREATE TABLE asked AS SELECT n AS id, floor(random() * 28)::integer AS as_of, 1 + floor(random() ^ 2 * 20)::integer AS valid, floor(random() * 9)::integer AS within FROM generate_series(1, 10000) n;
CREATE TABLE account AS
SELECT id, a.as_of, a.valid, a.within, coalesce(array_agg(r.day) FILTER (WHERE r.day IS NOT NULL), '{}') AS days, coalesce(array_agg(r.points) FILTER (WHERE r.day IS NOT NULL), '{}') AS points,
    coalesce(array_agg(r.day + r.lasts) FILTER (WHERE r.day IS NOT NULL), '{}') AS lasts,
    points_agg(date '2024-02-20' + r.day, r.points ORDER BY random()) AS plain, points_agg(date '2024-02-20' + r.day, r.points, date '2024-02-20' + r.day + r.lasts ORDER BY random()) AS own
FROM asked a LEFT JOIN row_of r USING (id) GROUP BY id, a.as_of, a.valid, a.within;
CREATE FUNCTION pg_temp.figures(b points_balance_result) RETURNS integer[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY[(b).earned, (b).redeemed, (b).expired, (b).balance, (b).expiring, (b).overdrawn]::integer[]
$$;
SELECT is(count(*), 10000::bigint, 'accounts') FROM account;
CREATE TABLE played AS
SELECT a.id, pg_temp.queue(a.days, a.points, (SELECT coalesce(array_agg(d + a.valid), '{}') FROM unnest(a.days) d), a.as_of, a.within) AS plain, pg_temp.queue(a.days, a.points, a.lasts, a.as_of, a.within) AS own FROM account a;
SELECT is_empty($$ SELECT a.*, p.plain FROM account a JOIN played p USING (id), LATERAL (SELECT points_balance(a.plain, a.valid, date '2024-02-20' + a.as_of, a.within) AS b) b
    WHERE pg_temp.figures(b.b) IS DISTINCT FROM CASE WHEN a.id % 13 = 0 THEN '{0,0,0,0,0,0}' ELSE p.plain END $$, 'one validity, in closed form, is the queue');
SELECT is_empty($$ SELECT a.*, p.own FROM account a JOIN played p USING (id), LATERAL (SELECT points_balance(a.own, date '2024-02-20' + a.as_of, a.within) AS b) b
    WHERE pg_temp.figures(b.b) IS DISTINCT FROM CASE WHEN a.id % 13 = 0 THEN '{0,0,0,0,0,0}' ELSE p.own END $$, 'days of expiry of their own are the queue');
SELECT ok(count(*) FILTER (WHERE plain[3] > 0) > 3000 AND count(*) FILTER (WHERE own[5] > 0) > 500 AND count(*) FILTER (WHERE own[6] > 0) > 500 AND count(*) FILTER (WHERE own[3] > 0 AND own[2] > 0 AND own[4] > 0) > 500, 'of all kinds') FROM played;
SELECT is_empty($$ SELECT id FROM account a WHERE points_balance(a.own, a.valid, '2024-03-10') IS DISTINCT FROM points_balance(a.plain, a.valid, '2024-03-10') $$, 'a validity tried on points with days of their own');
SELECT is_empty($$ SELECT id FROM account a WHERE points_balance(a.plain, NULL::integer, '2024-03-10') IS DISTINCT FROM points_balance(a.plain, date '2024-03-10') $$, 'valid for ever');

-- Text
SELECT is(form::points_account::text, form, 'text form: ' || form) FROM unnest(ARRAY['{}', '{2025-01-03:100}', '{2025-01-03:0/100}', '{2025-01-03:100,2025-02-01@2026-02-01:20,2025-02-01:50/30}', '{2025-01-03:0.0001/12.5}',
    '{2025-01-03:922337203685477.5807}', '{4714-11-24 BC@4714-11-24 BC:1}', '{5874897-12-31@5874897-12-31:1}']) AS form;
SELECT is(given::points_account::text, meant, format('%s is %s', btrim(given, E' \n\t'), meant))
FROM (VALUES (E' \n{ 2025-01-03:1 , 2025-01-04:2 }\t', '{2025-01-03:1,2025-01-04:2}'), ('{2025-01-04:2,2025-01-03:1}', '{2025-01-03:1,2025-01-04:2}'), ('{2025-01-03:1/0}', '{2025-01-03:1}'),
    ('{2025-01-03:1,2025-01-03:2/3,2025-01-03@2025-02-01:5,2025-01-03@2025-02-01:6}', '{2025-01-03@2025-02-01:11,2025-01-03:3/3}'), ('{2025-1-3:01.50}', '{2025-01-03:1.5}')) AS f (given, meant);
SELECT is(pg_temp.failure(format('SELECT %L::points_account', bad)), format('22P02 invalid input syntax for type points_account: "%s"', left(bad, 100)), format('bad text: "%s"', left(bad, 40)))
FROM unnest(ARRAY['', ' ', '{', '}', '{}}', '{} x', '2025-01-03:1', '{2025-01-03}', '{2025-01-03:}', '{:1}', '{2025-01-03:1,}', '{,2025-01-03:1}', '{2025-01-03:1 2025-01-04:1}', '{2025-01-03:0}', '{2025-01-03:0/0}',
    '{2025-01-03:-1}', '{2025-01-03:1/-1}', '{2025-01-03:1/}', '{2025-01-03:1/1/1}', '{2025-02-29:1}', '{2025-01-03@:1}', '{2025-01-03@2025-01-32:1}', '{2025-01-03@2026-01-01:1/1}', '{2025-01-03@2026-01-01:0/1}', '{infinity:1}', '{2025-01-03@infinity:1}',
    '{2025-01-03:1.00001}', '{2025-01-03:NaN}', '{2025-01-03:1e1}', '{2025-01-03:922337203685477.5808}', '{2025-01-03:922337203685477.5807/1}', '{2025-01-03:922337203685477.5807,2025-01-04:1}', 'null', '{NULL}',
    '{2025-01-03:1' || repeat(',2025-01-03:1', 20) || ',}']) AS bad;
SELECT current_setting('server_version_num')::integer >= 160000 AS has_soft_errors \gset
\if :has_soft_errors
SELECT ok(pg_input_is_valid('{2025-01-03:1}', 'points_account') AND NOT pg_input_is_valid('{2025-01-03:0}', 'points_account'), 'soft errors');
\else
SELECT skip('soft input errors came with PostgreSQL 16', 1);
\endif

-- Binary
CREATE FUNCTION pg_temp.message(VARIADIC numbers bigint[]) RETURNS bytea LANGUAGE sql AS $$ -- day, expiry, earned, redeemed, day, ...
    SELECT '\x01' || coalesce(string_agg(CASE WHEN i % 4 IN (1, 2) THEN int4send(n::integer) ELSE int8send(n) END, '' ORDER BY i), '') FROM unnest(numbers) WITH ORDINALITY AS u (n, i)
$$;
SELECT is(_clientele.points_account_send('{2000-01-02@2000-01-05:2,2000-01-02:0/1}'), pg_temp.message(1, 4, 20000, 0, 1, 2147483647, 0, 10000), 'binary form');
SELECT is(pg_temp.receive('points_account', _clientele.points_account_send(form::points_account)), form, 'binary round trip: ' || form) FROM unnest(ARRAY['{}', '{2025-01-03:100,2025-02-01@2026-02-01:20,2025-02-01:50/30}', '{5874897-12-31@4714-11-24 BC:1}']) AS form;
SELECT ok(pg_temp.failure(format('SELECT pg_temp.receive(''points_account'', %L)', bad)) ~ '^22P03 .*points_account, of \d+ bytes$', 'bad binary: ' || left(bad::text, 80))
FROM unnest(ARRAY['\x', '\x00', '\x02', '\x0101', pg_temp.message(1, 4, 2, 0) || '\x00', substr(pg_temp.message(1, 4, 2, 0), 1, 24), '\x02' || substr(pg_temp.message(1, 4, 2, 0), 2), pg_temp.message(1, 4, 0, 0), pg_temp.message(1, 4, 2, 1),
    pg_temp.message(1, 2147483647, 0, 0), pg_temp.message(1, 4, -1, 0), pg_temp.message(1, 2147483647, 1, -1), pg_temp.message(2147483647, 4, 1, 0), pg_temp.message(-2147483648, 4, 1, 0), pg_temp.message(1, -2147483648, 1, 0),
    pg_temp.message(2, 4, 1, 0, 1, 4, 1, 0), pg_temp.message(1, 4, 1, 0, 1, 4, 1, 0), pg_temp.message(1, 5, 1, 0, 1, 4, 1, 0), pg_temp.message(1, 4, 9223372036854775807, 0, 2, 4, 1, 0)]) AS bad;
SELECT is('{2025-01-03:100/2.5,2025-02-01@2026-02-01:20}'::points_account::jsonb, '[{"day": "2025-01-03", "earned": 100, "redeemed": 2.5}, {"day": "2025-02-01", "expires_on": "2026-02-01", "earned": 20, "redeemed": 0}]', 'as jsonb');
SELECT is('{}'::points_account::jsonb, '[]', 'nothing as jsonb');

-- However the rows are split, ordered or handed on, the value is the same.
CREATE TABLE spread AS SELECT n, n % 40 AS id, floor(random() * 5)::integer AS part, date '2020-01-01' + floor(random() ^ 2 * 2000)::integer AS at, round((random() * 200 - 70)::numeric, n % 5) AS points,
    CASE WHEN n % 3 > 0 THEN date '2021-01-01' + floor(random() * 30)::integer * 60 END AS expires_on FROM generate_series(1, 12000) n;
INSERT INTO spread SELECT -n, 40, 0, CASE WHEN n = 1 THEN date '2024-01-01' END, CASE WHEN n = 2 THEN 5 WHEN n = 3 THEN 0 END FROM generate_series(1, 3) n;
ANALYZE spread;
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TABLE whole AS SELECT id, points_agg(at, points, expires_on) AS a, points_agg(at, points) AS never FROM spread GROUP BY id;
SELECT ok(a = '{}' AND never = '{}', 'rows with a NULL argument and zeros are skipped') FROM whole WHERE id = 40;
SELECT ok(points_agg(at, points, expires_on) = '{}' AND points_agg(at, points) = '{}' AND rollup(NULL::points_account) = '{}', 'no rows') FROM spread WHERE false;
SELECT is_empty($$
    SELECT id FROM whole LEFT JOIN (
        SELECT id, string_agg(at || coalesce('@' || expires_on, '') || ':' || trim_scale(earned) || CASE WHEN redeemed > 0 THEN '/' || trim_scale(redeemed) ELSE '' END, ',' ORDER BY at, expires_on) AS form
        FROM (SELECT id, at, CASE WHEN points > 0 THEN expires_on END AS expires_on, sum(greatest(points, 0)) AS earned, -sum(least(points, 0)) AS redeemed FROM spread WHERE points <> 0 GROUP BY 1, 2, 3) s GROUP BY id) p USING (id)
    WHERE a::text <> '{' || coalesce(form, '') || '}'
$$, 'points_agg adds up as GROUP BY does');
CREATE AGGREGATE state_agg(date, numeric, date) (SFUNC = _clientele.points_agg_transition, STYPE = points_account); -- the state itself
SELECT is_empty(format($$ SELECT id FROM whole JOIN (SELECT id, points_agg(at, points, expires_on ORDER BY %s) AS permuted FROM spread GROUP BY id) p USING (id)
    WHERE a <> permuted OR a::text <> permuted::text OR _clientele.points_account_send(a) <> _clientele.points_account_send(permuted) $$, o), 'rows in order of ' || o) FROM unnest(ARRAY['random()', 'at', 'at DESC', 'expires_on, n']) AS o;
SELECT is_empty($$ SELECT id FROM whole JOIN (SELECT id, state_agg(at, points, expires_on) AS state FROM spread WHERE id < 40 GROUP BY id) p USING (id)
    WHERE (a = state) IS NOT TRUE OR a::text <> state::text OR _clientele.points_account_send(a) <> _clientele.points_account_send(state) OR _clientele.points_account_hash(a) <> _clientele.points_account_hash(state) OR a::jsonb <> state::jsonb
        OR points_balance(a, date '2023-01-01') IS DISTINCT FROM points_balance(state, date '2023-01-01') OR points_balance(a, 100, '2023-01-01') IS DISTINCT FROM points_balance(state, 100, '2023-01-01') OR a + a <> state + state $$, 'a state is a value');
SELECT is_empty(format($$ SELECT id FROM whole JOIN (SELECT id, rollup(%s) AS total FROM (SELECT id, part, points_agg(at, points, expires_on) AS a, state_agg(at, points, expires_on) AS state FROM spread GROUP BY 1, 2) s GROUP BY id) p USING (id) WHERE a <> total OR a::text <> total::text $$, part),
    'rollup of ' || part) FROM unnest(ARRAY['a', 'a::text::points_account', 'a ORDER BY random()', 'state']) AS part;
SELECT is(rollup(a), (SELECT points_agg(at, points, expires_on) FROM spread), 'rollup of all') FROM whole;
SELECT is(rollup(a)::text, '{2025-01-03:3/1}', 'rollup skips NULLs') FROM unnest('{NULL,"{2025-01-03:1}","{}","{2025-01-03:2/1}"}'::points_account[]) a;
SELECT is_empty(format('SELECT a.id FROM whole a JOIN whole b ON b.id = (a.id + 1) %% 41 WHERE (%s) IS NOT TRUE', law), law) FROM unnest(ARRAY['a.a + b.a = b.a + a.a', 'a.a + ''{}'' = a.a', '(a.a + b.a) + b.a = a.a + (b.a + b.a)',
    'a.a + b.a = (SELECT rollup(r) FROM unnest(ARRAY[a.a, b.a]) r)', 'a.a + b.a = (SELECT points_agg(r.at, r.points, r.expires_on) FROM spread r WHERE r.id IN (a.id, b.id))']) law;
SELECT is_empty($$ SELECT part FROM (SELECT n, points_agg(at, points, expires_on) OVER (ORDER BY n) AS running, part FROM spread WHERE id = 7) w
    WHERE running <> (SELECT points_agg(at, points, expires_on) FROM spread s WHERE s.id = 7 AND s.n <= w.n) AND n % 5 = 0 $$, 'OVER (ORDER BY ...)');
CREATE FUNCTION pg_temp.of_type(type text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    form text;
BEGIN
    EXECUTE format('SELECT points_agg(d, p::%1$s)::text || points_agg(d, p::%1$s, d + 9) FROM (VALUES (date ''2025-01-03'', 3), (''2025-01-03'', -2), (''2025-01-04'', 7)) v(d, p)', type) INTO form;
    RETURN form;
END
$$;
SELECT is(pg_temp.of_type(t), '{2025-01-03:3/2,2025-01-04:7}{2025-01-03@2025-01-12:3,2025-01-03:0/2,2025-01-04@2025-01-13:7}', 'points as ' || t) FROM unnest('{smallint,integer,bigint,real,double precision,numeric}'::text[]) t;
SELECT is(points_agg('2025-01-03', p)::text, '{2025-01-03:0.1235/0.0001}', 'more than four decimals are rounded') FROM (VALUES (0.12345), (-0.00005)) v(p);
SELECT is(points_agg('2025-01-03', 1, 'infinity')::text, '{2025-01-03:1}', 'infinity is for ever');

-- Parallel workers
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SET LOCAL parallel_leader_participation = off;
SELECT ok(pg_temp.plan_has('SELECT id, points_agg(at, points, expires_on) AS a, points_agg(at, points) AS never FROM spread GROUP BY id', 'Partial'), 'in parallel');
SELECT set_eq('SELECT id, points_agg(at, points, expires_on) AS a, points_agg(at, points) AS never FROM spread GROUP BY id', 'TABLE whole', 'parallel is serial');
SET LOCAL max_parallel_workers_per_gather = 0;

-- Stored: short and long headers, compressed, and out of line
CREATE TABLE kept (id integer, beside points_account, apart points_account) WITH (toast_tuple_target = 128);
ALTER TABLE kept ALTER apart SET STORAGE external;
INSERT INTO kept SELECT id, a, a FROM whole UNION ALL SELECT -id, own, own FROM account WHERE id < 100;
SELECT ok((SELECT count(*) FROM kept WHERE pg_column_compression(beside) IS NOT NULL) > 10 AND (SELECT count(*) FROM kept WHERE pg_column_size(beside) < 127) > 10
    AND pg_relation_size((SELECT reltoastrelid FROM pg_class WHERE oid = 'kept'::regclass)) > 100000, 'stored in many ways');
SELECT is_empty($$ SELECT id FROM whole w JOIN kept k USING (id) WHERE w.a <> k.beside OR w.a <> k.apart OR w.a::text <> k.beside::text OR _clientele.points_account_hash(w.a) <> _clientele.points_account_hash(k.apart) $$, 'they read the same from wherever they lie');

-- Equality, order, hash
SELECT set_eq('SELECT own, count(*) FROM account GROUP BY 1', 'SELECT own::text::points_account, count(*) FROM account GROUP BY own::text', 'GROUP BY');
SELECT is_empty($$ SELECT a.own, b.own FROM account a, (SELECT own FROM account WHERE id < 30) b
    WHERE (a.own = b.own) IS DISTINCT FROM (a.own::text = b.own::text) OR (a.own <> b.own) = (a.own = b.own) OR (a.own < b.own) = (a.own >= b.own) OR (a.own > b.own) = (a.own <= b.own) OR (a.own < b.own) <> (b.own > a.own)
        OR a.own = b.own AND (_clientele.points_account_hash(a.own) <> _clientele.points_account_hash(b.own) OR _clientele.points_account_hash_extended(a.own, 7) <> _clientele.points_account_hash_extended(b.own, 7)) $$, 'operators agree with each other and with the text');
SELECT is((SELECT array_agg(own) FROM (SELECT own FROM account WHERE id < 2000 ORDER BY own) o), (SELECT array_agg(own ORDER BY own) FROM account WHERE id < 2000), 'ORDER BY');

-- Refused
SELECT pg_temp.refuses(statement, state, message, '_%') FROM (VALUES
    ('SELECT points_balance(''{}'', 0, ''2025-01-01'')', '22023', 'valid'), ('SELECT points_balance(''{}'', -365, ''2025-01-01'')', '22023', 'valid'), ('SELECT points_balance(''{}'', 365, ''2025-01-01'', -1)', '22023', 'expiring_within'),
    ('SELECT points_balance(''{}'', date ''2025-01-01'', -1)', '22023', 'expiring_within'), ('SELECT points_balance(''{}'', 365, ''infinity'')', '22008', 'infinite'), ('SELECT points_balance(''{}'', date ''-infinity'')', '22008', 'infinite'),
    ('SELECT points_agg(date ''infinity'', 1)', '22008', 'infinite'), ('SELECT points_agg(''2025-01-01'', 1, ''-infinity'')', '22008', 'infinite'), ('SELECT points_agg(''2025-01-01'', ''NaN''::numeric)', '22003', 'NaN'), ('SELECT points_agg(''2025-01-01'', ''infinity''::float8)', '22003', 'Infinity'),
    ('SELECT points_agg(''2025-01-01'', 1e15)', '22003', '1000000000000000'), ('SELECT points_agg(''2025-01-01'', p) FROM (VALUES (9e14), (-9e14)) v(p)', '22003', 'too many points'), ('SELECT points_agg(''2025-01-01'', -922337203685477.5808)', '22003', 'out of range'),
    ('SELECT ''{2025-01-03:922337203685477}''::points_account + ''{2025-01-03:0/1}''', '22003', 'too many points'), ('SELECT rollup(a) FROM unnest(''{"{2025-01-03:922337203685477}","{2025-01-03:0/1}"}''::points_account[]) a', '22003', 'too many points'),
    ('SELECT _clientele.points_agg_transition(NULL, date ''2025-01-01'', 1)', '42809', 'outside of an aggregate'), ('SELECT _clientele.points_account_combine(''{}'', ''{}'')', '42809', 'outside of an aggregate'), ('SELECT _clientele.points_account_final(''{}'')', '42809', 'outside of an aggregate')) v(statement, state, message);
SELECT is((points_balance('{4714-11-24 BC:1,5874897-12-30:2}', 2147483647, '5874897-12-31', 2147483647)), (3, 0, 0, 3, 3, 0)::points_balance_result, 'from one end of time to the other')
FROM (VALUES (1)) v;
SELECT is(points_balance('{5874897-12-30@5874897-12-31:2,5874897-12-30:1}', date '5874897-12-30', 2147483647), (0, 0, 0, 0, 0, 0)::points_balance_result, '... not yet there');
SELECT is(points_balance('{5874897-12-29@5874897-12-31:2,5874897-12-29:1}', date '5874897-12-30', 2147483647), (3, 0, 0, 3, 2, 0)::points_balance_result, '... what never expires is not expiring');
SELECT is((points_balance('{2025-01-03:922337203685477.5807}', 1, '2025-01-04')).expired, 922337203685477.5807, 'as many points as fit');

SELECT finish();
ROLLBACK;
