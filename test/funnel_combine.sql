-- However the events are split, ordered or handed on, level and times are the same; states that are none are refused.
BEGIN;
SELECT no_plan();
SELECT setseed(0.875);

\ir include/refuses.sql
\ir include/plan_has.sql
\ir include/result_of.sql

-- An ordinary table: no parallel worker sees a temporary one.
CREATE TABLE events AS
SELECT n, customer, timestamptz '2025-01-01 00:00+00' + floor(random() * CASE WHEN customer < 10 THEN 4000 ELSE 60 END) * interval '12 hours' AS at,
    1 + floor(5 * random() ^ 1.5)::integer AS step, floor(random() * 7)::integer AS part
FROM (SELECT n, floor(5000 * random() ^ 2)::integer AS customer FROM generate_series(1, 60000) AS n) e;
INSERT INTO events VALUES (0, 6000, NULL, 1, 0), (0, 6001, '2025-01-01', NULL, 0); -- customers of whom no row counts
ANALYZE events;

\set level 'funnel_level(at, step, ''1 month'', ''Europe/Berlin'', ties, entry)'
\set times 'funnel_times(at, step, ''1 month'', ''Europe/Berlin'', ties, entry)'
CREATE TABLE rules AS SELECT ties, entry FROM unnest(ARRAY['advance', 'strict']) ties, unnest(ARRAY['best', 'first']) entry;
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TABLE whole AS SELECT customer, ties, entry, :level AS level, :times AS times FROM events, rules GROUP BY customer, ties, entry;
ANALYZE whole;
SELECT cmp_ok((SELECT count(DISTINCT level) FROM whole), '=', 6::bigint, 'all levels occur');
SELECT is((SELECT array_agg(DISTINCT level::text || times::text) FROM whole WHERE customer >= 6000), '{"0{}"}', 'also where no row counts');

-- the order of the rows

SELECT is_empty(format($$
    SELECT customer FROM whole FULL JOIN (
        SELECT customer, ties, entry, funnel_level(at, step, '1 month', 'Europe/Berlin', ties, entry ORDER BY %1$s) AS level,
            funnel_times(at, step, '1 month', 'Europe/Berlin', ties, entry ORDER BY %1$s) AS times
        FROM events, rules GROUP BY customer, ties, entry) p USING (customer, ties, entry)
    WHERE whole.level IS DISTINCT FROM p.level OR whole.times IS DISTINCT FROM p.times
$$, permuted_by), 'rows in order of ' || permuted_by)
FROM unnest(ARRAY['random()', 'at', 'at DESC', 'step DESC, at', 'n % 100, at']) AS permuted_by;
SELECT is_empty($$ SELECT customer FROM whole FULL JOIN (
    SELECT customer, ties, entry, funnel_level(at, step, '1 month', 'Europe/Berlin', ties, entry) AS level
    FROM (TABLE events UNION ALL TABLE events) e, rules GROUP BY customer, ties, entry) p USING (customer, ties, entry) WHERE whole.level IS DISTINCT FROM p.level $$,
    'an event that is there twice changes nothing');

-- states through text

CREATE AGGREGATE funnel_state(timestamptz, integer, interval, text, text, text) (SFUNC = _clientele.funnel_events_transition, STYPE = bytea);
CREATE AGGREGATE merge_level(bytea) (SFUNC = _clientele.funnel_events_combine, STYPE = bytea, FINALFUNC = _clientele.funnel_level_final);
CREATE AGGREGATE merge_times(bytea) (SFUNC = _clientele.funnel_events_combine, STYPE = bytea, FINALFUNC = _clientele.funnel_times_timestamptz_final);
CREATE AGGREGATE merge_state(bytea) (SFUNC = _clientele.funnel_events_combine, STYPE = bytea);
SELECT is_empty(format($$
    WITH states AS (
        SELECT customer, ties, entry, %1$s AS piece, funnel_state(at, step, '1 month', 'Europe/Berlin', ties, entry)::text AS state
        FROM events, rules GROUP BY customer, ties, entry, piece)
    SELECT customer FROM whole FULL JOIN (
        SELECT customer, ties, entry, merge_level(state::bytea %2$s) AS level, merge_times(state::bytea %2$s) AS times FROM states GROUP BY customer, ties, entry) m
        USING (customer, ties, entry)
    WHERE whole.level IS DISTINCT FROM m.level OR whole.times IS DISTINCT FROM m.times
$$, piece, permuted), format('states merged through text, split by %s %s', piece, permuted))
FROM (VALUES ('part', ''), ('part', 'ORDER BY random()'), ('0', ''), ('n', 'ORDER BY random()'), ('step', 'ORDER BY piece DESC'), ('date_trunc(''month'', at)', '')) v(piece, permuted);
SELECT is_empty($$
    WITH states AS (SELECT customer, part, funnel_state(at, step, '1 month', 'Europe/Berlin', 'strict', 'best') AS state FROM events GROUP BY customer, part),
        halves AS (SELECT customer, merge_state(state) AS state FROM states GROUP BY customer, part % 2)
    SELECT customer FROM whole JOIN (SELECT customer, merge_level(state) AS level FROM halves GROUP BY customer) m USING (customer)
    WHERE ties = 'strict' AND entry = 'best' AND whole.level <> m.level
$$, 'states of states');

-- parallel workers

SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SET LOCAL parallel_leader_participation = off;
\set grouped 'SELECT customer, funnel_level(at, step, ''1 month'', ''Europe/Berlin'') AS level, funnel_times(at, step, ''1 month'', ''Europe/Berlin'') AS times FROM events GROUP BY customer'
SELECT ok(pg_temp.plan_has(:'grouped', 'Partial'), 'a partial aggregate');
SELECT is(md5(pg_temp.result_of(:'grouped')), md5(pg_temp.result_of('SELECT customer, level, times FROM whole WHERE ties = ''advance'' AND entry = ''best''')), 'and the same result');
SELECT ok(pg_temp.plan_has('SELECT funnel_level(at, step, ''1 month'', ''UTC'') FROM events', 'Partial'), 'a partial aggregate of a shop');
SELECT is(pg_temp.result_of('SELECT funnel_times(at, step, ''1 month'', ''UTC'', ''strict'', ''first'') FROM events'),
    pg_temp.result_of('SELECT funnel_times(at, step, ''1 month'', ''UTC'', ''strict'', ''first'') FROM (SELECT * FROM events OFFSET 0) e'), 'and the same result');
SELECT is_empty($$ SELECT a.aggfnoid::regprocedure FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid WHERE p.proname IN ('funnel_level', 'funnel_times')
    AND (a.aggtranstype <> 'bytea'::regtype OR a.aggcombinefn = 0 AND obj_description(p.oid, 'pg_proc') NOT LIKE 'Always an error%') $$, 'all combine');
SET LOCAL max_parallel_workers_per_gather = 0;

-- windows

CREATE TABLE rows AS SELECT row_number() OVER (ORDER BY n) AS n, at, step FROM events WHERE customer BETWEEN 100 AND 110 AND at IS NOT NULL LIMIT 150;
SELECT is_empty(format($$
    SELECT a.n
    FROM (SELECT n, funnel_level(at, step, '3 days', 'UTC') OVER (%1$s) AS level, funnel_times(at, step, '3 days', 'UTC') OVER (%1$s) AS times, array_agg(n) OVER (%1$s) AS frame FROM rows) a
    WHERE (level, times) IS DISTINCT FROM (SELECT (funnel_level(at, step, '3 days', 'UTC'), funnel_times(at, step, '3 days', 'UTC')) FROM rows WHERE n = ANY (frame))
$$, definition), format('OVER (%s)', definition))
FROM unnest(ARRAY['ORDER BY n', 'PARTITION BY n % 7 ORDER BY at, n', 'ORDER BY n ROWS BETWEEN 9 PRECEDING AND 3 PRECEDING']) AS definition;

-- a million events of one customer

CREATE TABLE clicks AS SELECT timestamptz '2025-01-01 00:00+00' + floor(random() * 2000000) * interval '1 second' AS at, 1 + floor(5 * random())::integer AS step FROM generate_series(1, 1000000);
SELECT is(funnel_level(at, step, '1 hour', 'UTC', 'strict'), 5, 'a million events') FROM clicks;
SELECT is(funnel_level(at, step, '0', 'UTC', 'strict'), 1, '... in no time') FROM clicks;
SELECT is(times[1] <= times[2] AND times[2] <= times[3] AND times[3] <= times[4] AND times[4] <= times[5] AND times[5] - times[1] <= '10 seconds', true, 'their times')
FROM (SELECT funnel_times(at, step, '10 seconds', 'UTC') AS times FROM clicks) t;
SELECT cmp_ok(length(state), '<=', 20 * 1000 * 1000, 'at most 20 bytes each') FROM (SELECT funnel_state(at, step, '1 hour', 'UTC', 'strict', 'best') AS state FROM clicks) s;
SELECT cmp_ok(length(funnel_state(at, step, '1 hour', 'Europe/Berlin', 'strict', 'best')) + 4, '=', size, format('%s events in %s bytes', count(*), size))
FROM (VALUES (1, 128), (8, 128), (9, 256), (21, 256), (22, 512)) v(events, size), LATERAL (SELECT * FROM clicks LIMIT events) c GROUP BY size, events;

-- states that are none

SELECT pg_temp.refuses(format('SELECT merge_level(s) FROM (VALUES (%L::bytea), (%L)) v(s)', first, bad), 'XX001', 'invalid state of an aggregate', 'All nodes%')
FROM (SELECT funnel_state('2025-01-02', 1, '1 month', 'UTC', 'strict', 'first') AS good) g, LATERAL unnest(ARRAY[
    '\x', '\x00', '\x01', substr(good, 1, 20), substr(good, 1, 26), substr(good, 1, 35), -- no room for the head, the zone, the event
    set_byte(good, 0, 2), set_byte(good, 1, 2), set_byte(good, 2, 2), set_byte(good, 3, 255), -- version, rules, length of the zone
    set_byte(good, 4, 255), set_byte(good, 7, 255), -- number of events
    set_byte(good, 15, 255), set_byte(good, 19, 255), set_byte(good, 23, 255), -- negative window
    set_byte(good, 25, 0), set_byte(good, 25, 255), -- zone, which is no text then
    overlay(good PLACING '\xffffffffffffff7f' FROM 28), overlay(good PLACING '\x0000000000000080' FROM 28), -- infinite times
    set_byte(good, 35, 0), set_byte(good, 36, 255)]) bad, unnest(ARRAY[good, NULL]) first; -- step
SELECT pg_temp.refuses(format('SELECT %s(%L::bytea) FROM generate_series(1, 2)', merge, set_byte(good, 24, 88)), '22023', 'time_zone', '%IANA%')
FROM (SELECT funnel_state('2025-01-02', 1, '1 month', 'UTC', 'strict', 'first') AS good) g, unnest(ARRAY['merge_level', 'merge_times']) merge;
SELECT pg_temp.refuses(format('SELECT merge_level(s) FROM (VALUES (%L::bytea), (%L)) v(s)', a, b), '22023', 'not the same in all rows', 'Give the same%') FROM (
    SELECT funnel_state('2025-01-02', 1, '1 month', 'UTC', 'strict', 'first') AS a, unnest(ARRAY[
        funnel_state('2025-01-02', 1, '30 days', 'UTC', 'strict', 'first'), funnel_state('2025-01-02', 1, '1 month', 'Europe/Berlin', 'strict', 'first'),
        funnel_state('2025-01-02', 1, '1 month', 'UTC', 'advance', 'first'), funnel_state('2025-01-02', 1, '1 month', 'UTC', 'strict', 'best')]) AS b) states;

-- Random bytes are refused, or mean something.
CREATE FUNCTION pg_temp.fuzz(tries integer) RETURNS TABLE (outcome text) LANGUAGE plpgsql AS $$
DECLARE
    good CONSTANT bytea := (SELECT funnel_state(at, step, '1 month', 'Europe/Berlin', 'advance', 'best') FROM (SELECT * FROM clicks LIMIT 6) c);
    bad bytea;
    level integer;
BEGIN
    FOR i IN 1..tries LOOP
        bad := good;
        FOR n IN 0..floor(random() * 3)::integer LOOP
            bad := set_byte(bad, floor(length(bad) * random() ^ 2)::integer, floor(random() * 256)::integer);
        END LOOP;
        IF random() < 0.3 THEN
            bad := substr(bad, 1, floor(random() * length(bad))::integer);
        END IF;
        BEGIN
            SELECT merge_level(s) INTO level FROM (VALUES (bad), (bad)) v(s);
            SELECT cardinality(merge_times(s)) - level INTO level FROM (VALUES (bad)) v(s);
            outcome := CASE level WHEN 0 THEN 'meaning' ELSE 'nonsense' END;
        EXCEPTION
            WHEN data_corrupted THEN outcome := 'refused';
            WHEN invalid_parameter_value THEN outcome := 'no such zone';
        END;
        RETURN NEXT;
    END LOOP;
END
$$;
SELECT set_eq('SELECT DISTINCT outcome FROM pg_temp.fuzz(3000)', ARRAY['meaning', 'refused', 'no such zone'], 'random bytes');

SELECT is(merge_level(s), NULL, 'no states') FROM (VALUES (NULL::bytea)) v(s);
SELECT throws_like(format('SELECT %s', call), 'function % called outside of an aggregate', call) FROM unnest(ARRAY[
    '_clientele.funnel_level_final(''\x'')', '_clientele.funnel_times_timestamp_final(''\x'')', '_clientele.funnel_times_timestamptz_final(''\x'')', '_clientele.funnel_events_combine(''\x'', ''\x'')',
    '_clientele.funnel_events_transition(NULL, date ''2025-01-01'', 1, ''1 day'')']) call;

SELECT * FROM finish();
ROLLBACK;
