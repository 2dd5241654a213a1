-- funnel_level() and funnel_times() against exhaustive search on random streams, by all rules and calendars
BEGIN;
SELECT no_plan();
SELECT setseed(0.75);

\ir include/refuses.sql

CREATE TEMPORARY TABLE rules AS
SELECT ties, entry FROM unnest(ARRAY['advance', 'strict']) ties, unnest(ARRAY['best', 'first']) entry;

-- Compares the streams of a query (stream, at, step, within) with every chain of steps that exhaustive search finds in
-- them. The chain that counts is the longest, of these the one completed first, whose window ends last, which starts
-- last, and whose steps come as early as they can.
CREATE FUNCTION pg_temp.compare_streams(description text, of_events text, zone text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    rule record;
    wrong text;
BEGIN
    EXECUTE 'CREATE TEMPORARY TABLE events AS ' || of_events;
    ANALYZE events;
    CREATE TEMPORARY TABLE chains AS
    WITH RECURSIVE longer AS (
        SELECT stream, 1 AS level, at AS last, at + within AS window_end, ARRAY[at + interval '0'] AS times, true AS is_strict,
            at = min(at) OVER (PARTITION BY stream) AS is_first
        FROM events WHERE step = 1
        UNION ALL
        SELECT l.stream, l.level + 1, e.at, l.window_end, l.times || (e.at + interval '0'), l.is_strict AND e.at > l.last, l.is_first
        FROM longer l JOIN events e ON e.stream = l.stream AND e.step = l.level + 1 AND e.at >= l.last AND e.at <= l.window_end)
    TABLE longer;
    CREATE TEMPORARY TABLE expected AS
    SELECT DISTINCT ON (stream, ties, entry) stream, ties, entry, level, times
    FROM chains JOIN rules ON (is_strict OR ties = 'advance') AND (is_first OR entry = 'best')
    ORDER BY stream, ties, entry, level DESC, last, window_end DESC, times[1] DESC, times;

    FOR rule IN SELECT r.*, (SELECT count(*) FROM expected x WHERE x.ties = r.ties AND x.entry = r.entry AND x.level > 1) AS deep FROM rules r LOOP
        EXECUTE format($query$
            SELECT string_agg(format('%%s: %%s %%s, not %%s %%s', stream, o.level, o.times, x.level, x.times), E'\n')
            FROM (
                SELECT stream, funnel_level(%1$s) AS level, funnel_times(%1$s) AS times FROM events GROUP BY stream) o
            LEFT JOIN expected x USING (stream)
            WHERE x.ties IS NOT DISTINCT FROM %2$L AND x.entry IS NOT DISTINCT FROM %3$L AND (o.level <> x.level OR o.times <> x.times)
                OR x.stream IS NULL AND (o.level <> 0 OR o.times <> '{}')
        $query$, concat_ws(', ', 'at, step, within', quote_literal(zone), quote_literal(rule.ties), quote_literal(rule.entry)),
            rule.ties, rule.entry)
        INTO wrong;
        RETURN NEXT is(left(wrong, 500), NULL, format('%s, %s, %s: no stream differs', description, rule.ties, rule.entry));
        RETURN NEXT cmp_ok(rule.deep, '>', 0::bigint, format('and %s go further than step 1', rule.deep));
    END LOOP;
    RETURN NEXT cmp_ok((SELECT count(*) FROM (SELECT stream FROM expected GROUP BY stream HAVING count(DISTINCT level) > 1) s), '>', 0::bigint,
        'the rules matter');
    DROP TABLE events, chains, expected;
END
$$;

-- Few events in a short time, so that they meet, go back and enter again; windows shorter and longer than that.
CREATE FUNCTION pg_temp.streams(number integer, steps integer, at text, within text) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT stream, %3$s AS at, 1 + floor(random() * %2$s)::integer AS step, within
        FROM (SELECT stream, 1 + floor(random() * 7)::integer AS size, %4$s AS within FROM generate_series(1, %1$s) stream) s,
            generate_series(1, size)', number, steps, at, within)
$$;
SELECT pg_temp.compare_streams('seconds', pg_temp.streams(50000, 4, $$ timestamp '2025-01-01' + floor(random() * 9) * interval '1 second' $$,
    $$ floor(random() * 9) * interval '1 second' $$), NULL);
SELECT pg_temp.compare_streams('more of the first steps', pg_temp.streams(20000, 2, $$ timestamp '2025-01-01' + floor(random() * 9) * interval '1 second' $$,
    $$ floor(random() * 5) * interval '1 second' $$), NULL);
SELECT pg_temp.compare_streams('days', pg_temp.streams(10000, 3, $$ date '2024-02-26' + floor(random() * 8)::integer $$,
    $$ floor(random() * 5) * interval '1 day' $$), NULL);
SELECT pg_temp.compare_streams('months by dates', pg_temp.streams(20000, 3,
    $$ (CASE WHEN random() < 0.5 THEN date '2023-01-27' ELSE date '2023-02-25' END) + floor(random() * 6)::integer $$,
    $$ (ARRAY[interval '1 month', '1 month 1 day', '30 days', '1 month 2 days 12 hours', '13 months'])[1 + floor(random() * 5)::integer] $$), NULL);
SELECT pg_temp.compare_streams('months by timestamps', pg_temp.streams(20000, 3,
    $$ (CASE WHEN random() < 0.5 THEN timestamp '2024-01-29' ELSE timestamp '2024-02-28' END) + floor(random() * 16) * interval '6 hours' $$,
    $$ (ARRAY[interval '1 month', '1 month 6 hours', '30 days', '1 month 1 day'])[1 + floor(random() * 4)::integer] $$), NULL);

-- By the calendar of a zone: the server adds an interval by that of the session. When Berlin's clocks were set back, an
-- instant could have a local time before that of an earlier one, and its window an earlier end.
\set around_change '(CASE WHEN random() < 0.6 THEN timestamptz \'2024-10-26 23:30+00\' ELSE timestamptz \'2024-10-27 23:00+00\' END) + floor(random() * 16) * interval \'15 minutes\''
SET LOCAL TimeZone = 'Europe/Berlin';
SELECT pg_temp.compare_streams('clocks set back', pg_temp.streams(20000, 3, :'around_change',
    $$ (ARRAY[interval '1 day', '1 day 15 minutes', '24 hours', '1 hour'])[1 + floor(random() * 4)::integer] $$), 'Europe/Berlin');
SELECT pg_temp.compare_streams('clocks set forward', pg_temp.streams(20000, 3,
    $$ (CASE WHEN random() < 0.6 THEN timestamptz '2024-02-29 00:00+01' ELSE timestamptz '2024-03-30 23:00+01' END) + floor(random() * 16) * interval '30 minutes' $$,
    $$ (ARRAY[interval '1 month', '1 month 1 day', '1 month 2 days', '31 days'])[1 + floor(random() * 4)::integer] $$), 'Europe/Berlin');
SELECT cmp_ok((SELECT count(*) FROM generate_series(0, 40) n, LATERAL (SELECT timestamptz '2024-10-26 23:30+00' + n * interval '15 minutes' AS at) a
    WHERE at + interval '1 day' > at + interval '15 minutes' + interval '1 day'), '>', 0::bigint, 'a later start can have an earlier end');

-- The session's zone does not matter.
CREATE TEMPORARY TABLE clicks AS
SELECT n % 500 AS customer, timestamptz '2024-10-26 23:30+00' + floor(random() * 120) * interval '15 minutes' AS at, 1 + n % 3 AS step FROM generate_series(1, 3000) n;
CREATE TEMPORARY TABLE in_berlin AS SELECT customer, funnel_level(at, step, '1 day', 'Europe/Berlin') AS level, funnel_times(at, step, '1 day', 'Europe/Berlin') AS times
FROM clicks GROUP BY customer;
SET LOCAL TimeZone = 'America/New_York';
SELECT set_eq($$ SELECT customer, funnel_level(at, step, '1 day', 'Europe/Berlin'), funnel_times(at, step, '1 day', 'Europe/Berlin') FROM clicks GROUP BY customer $$,
    'TABLE in_berlin', 'another session''s zone, the same result');
SELECT is(funnel_level(at, step, '1 day', zone), level, 'a day around the change of clocks in ' || zone)
FROM (VALUES ('Europe/Berlin', 2), ('America/New_York', 1)) z(zone, level), (VALUES (timestamptz '2024-10-26 22:30+00', 1), ('2024-10-27 23:30+00', 2)) v(at, step)
GROUP BY zone, level;
SET LOCAL TimeZone = 'UTC';

-- The forms: rules that are left out are the first ones, a day is its midnight.
CREATE TEMPORARY TABLE visits AS
SELECT n % 800 AS customer, date '2025-01-01' + floor(random() * 12)::integer AS day, 1 + floor(random() * 4)::integer AS step FROM generate_series(1, 6000) n;
SELECT is_empty(format($$ SELECT customer FROM visits GROUP BY customer HAVING funnel_level(%1$s) IS DISTINCT FROM funnel_level(%2$s) OR funnel_times(%1$s)::text IS DISTINCT FROM funnel_times(%2$s)::text $$, a, b),
    a || ' is ' || b)
FROM (VALUES
    ('day, step, ''3 days''', 'day, step, ''3 days'', ''advance'', ''best'''), ('day, step, ''3 days'', ''strict''', 'day, step, ''3 days'', ''strict'', ''best'''),
    ('day, step, ''3 days''', 'day::timestamp, step, ''3 days'''), ('day::timestamp, step, ''3 days'', ''strict''', 'day::timestamp, step, ''3 days'', ''strict'', ''best'''),
    ('day, step, ''3 days'', ''strict'', ''first''', 'day::timestamp, step, ''3 days'', ''strict'', ''first'''),
    ('day::timestamptz, step, ''3 days'', ''UTC''', 'day::timestamptz, step, ''3 days'', ''UTC'', ''advance'', ''best'''),
    ('day::timestamptz, step, ''3 days'', ''UTC'', ''strict''', 'day::timestamptz, step, ''3 days'', ''UTC'', ''strict'', ''best'''),
    ('day::timestamp, step::smallint, ''72 hours''', 'day, step, ''3 days''')) v(a, b);
SELECT is_empty($$ SELECT customer FROM visits GROUP BY customer
    HAVING funnel_times(day, step, '3 days')::text <> replace(funnel_times(day::timestamptz, step, '3 days', 'UTC')::text, '+00', '') $$, 'instants in UTC are local times there');
SELECT is(pg_typeof(funnel_times(day, step, '3 days'))::text, 'timestamp without time zone[]', 'times of days') FROM visits;
SELECT is(pg_typeof(funnel_times(day::timestamptz, step, '3 days', 'UTC'))::text, 'timestamp with time zone[]', 'times of instants') FROM visits;

-- Long streams of many steps, where search is hopeless: from each start, one step after the other as early as it comes.
CREATE TEMPORARY TABLE long_streams AS
SELECT n % 60 AS stream, timestamp '2025-01-01' + floor(random() * 2000) * interval '1 minute' AS at, 1 + floor(random() * 12)::integer AS step FROM generate_series(1, 24000) n;
CREATE INDEX ON long_streams (stream, step, at);
ANALYZE long_streams;
CREATE TEMPORARY TABLE stepwise AS
WITH RECURSIVE longer AS (
    SELECT stream, at AS start, ties, at AS last, 1 AS level FROM long_streams, unnest(ARRAY['advance', 'strict']) ties WHERE step = 1
    UNION ALL
    SELECT l.stream, l.start, l.ties, e.at, l.level + 1
    FROM longer l CROSS JOIN LATERAL (
        SELECT e.at FROM long_streams e
        WHERE e.stream = l.stream AND e.step = l.level + 1 AND e.at >= CASE l.ties WHEN 'strict' THEN l.last + interval '1 microsecond' ELSE l.last END
        ORDER BY e.at LIMIT 1) e
    WHERE e.at <= l.start + interval '90 minutes')
SELECT stream, ties, max(level) AS level FROM longer GROUP BY stream, ties;
SELECT is_empty(format($$ SELECT stream FROM (SELECT stream, funnel_level(at, step, '90 minutes', %1$L) AS level, array_length(funnel_times(at, step, '90 minutes', %1$L), 1) AS times
    FROM long_streams GROUP BY stream) o JOIN stepwise s USING (stream) WHERE s.ties = %1$L AND (o.level <> s.level OR o.times <> s.level) $$, ties), 'long streams, ' || ties)
FROM unnest(ARRAY['advance', 'strict']) ties;
SELECT cmp_ok((SELECT count(DISTINCT level) FROM stepwise), '>', 3::bigint, 'they go far');

-- A thousand steps
SELECT is(funnel_level(date '2025-01-01' + n, n, '999 days'), 1000, 'a thousand steps') FROM generate_series(1, 1000) n;
SELECT is(funnel_level(date '2025-01-01' + n, n, '998 days'), 999, 'the window''s end is inside, the day after is not') FROM generate_series(1, 1000) n;
SELECT is(funnel_level(date '2025-01-01', n, '0'), 1000, 'all on one day') FROM generate_series(1, 1000) n;
SELECT is(funnel_level(date '2025-01-01', n, '0', 'strict'), 1, 'or only the first') FROM generate_series(1, 1000) n;
SELECT is(cardinality(funnel_times(date '2025-01-01' + n, n, '999 days')), 1000, 'a thousand times') FROM generate_series(1, 1000) n;

-- Borders of time
SELECT is(funnel_level(at, step, within), level, format('%s from %s', within, min(at))) FROM (VALUES
    (1, timestamp '294276-12-31', 1, interval '1000 years', 2), (1, '294276-12-31 23:59:59.999999', 2, '1000 years', 2),
    (2, '4714-11-24 00:00 BC', 1, '300000 years', 2), (2, '294276-12-31 23:59:59.999999', 2, '300000 years', 2),
    (3, '4714-11-24 00:00 BC', 1, '1 day', 1), (3, '2025-01-01', 2, '1 day', 1),
    (4, '2025-01-01', 1, '178000000 years', 2), (4, '294276-12-31', 2, '178000000 years', 2),
    (5, '2025-01-01', 1, '2147483647 days', 2), (5, '294276-12-31', 2, '2147483647 days', 2),
    (6, '2025-01-01', 1, '2000000000 hours', 2), (6, '230000-12-31', 2, '2000000000 hours', 2),
    (7, '0001-02-29 BC', 1, '1 year', 2), (7, '0001-02-28', 2, '1 year', 2)) v(n, at, step, within, level) GROUP BY n, within, level;
SELECT is(funnel_level(at, step, '178000000 years', 'Asia/Tokyo'), 2, 'to the end of time in a zone') FROM (VALUES
    (timestamptz '4714-11-24 00:00+00 BC', 1), ('294276-12-31 23:59:59.999999+00', 2)) v(at, step);
SELECT is(funnel_level(day, 1, '1 day'), 1, 'the last day of timestamps') FROM (VALUES (date '294276-12-31')) v(day);
SELECT pg_temp.refuses($$ SELECT funnel_level(date '294277-01-01', 1, '1 day') $$, '22008', 'date out of range for timestamp', 'Leave out dates%');

-- Nothing
SELECT is(funnel_level(at, step, '1 day'), 0, 'rows without step 1') FROM (VALUES (date '2025-01-01', 2), ('2025-01-02', 3)) v(at, step);
SELECT is(funnel_times(at, step, '1 day'), '{}', 'and their times') FROM (VALUES (date '2025-01-01', 2), ('2025-01-02', 3)) v(at, step);
SELECT is(funnel_level(at, step, '1 day'), 0, 'rows that are skipped') FROM (VALUES (date '2025-01-01', NULL::integer), (NULL, 1), (NULL, NULL)) v(at, step);
SELECT is(funnel_times(at, step, '1 day'), '{}', 'and their times') FROM (VALUES (date '2025-01-01', NULL::integer), (NULL, 1), (NULL, NULL)) v(at, step);
SELECT is(funnel_level(at, step, '1 day'), 1, 'a row that is skipped among others') FROM (VALUES (date '2025-01-01', 1), (NULL, 2), ('2025-01-01', NULL)) v(at, step);
SELECT is(funnel_level(day, step, '1 day'), NULL, 'no rows') FROM visits WHERE false;
SELECT is(funnel_times(day, step, '1 day'), NULL, 'and their times') FROM visits WHERE false;
SELECT is(funnel_times(day::timestamptz, step, '1 day', 'UTC'), NULL, 'and those of instants') FROM visits WHERE false;

-- What is refused, by both
SELECT pg_temp.refuses(format('SELECT %s(%s)', f, arguments), state, message, hint) FROM unnest(ARRAY['funnel_level', 'funnel_times']) f, (VALUES
    ('now(), 1, ''1 day''', '22023', 'timestamptz needs a time_zone', 'Name the time zone%'),
    ('date ''2025-01-01'', 1, ''1 day'', ''UTC'', ''strict'', ''first''', '22023', 'time_zone applies to timestamptz only', 'Leave the time zone out%'),
    ('timestamp ''2025-01-01'', 1, ''1 day'', ''UTC'', ''strict'', ''first''', '22023', 'time_zone applies to timestamptz only', 'Leave the time zone out%'),
    ('date ''2025-01-01'', 0, ''1 day''', '22023', 'parameter "step": 0', 'Number the steps from 1%'),
    ('date ''2025-01-01'', 1001, ''1 day''', '22023', 'parameter "step": 1001', 'Number the steps from 1 to at most 1000%'),
    ('date ''2025-01-01'', -2147483648, ''1 day''', '22023', 'parameter "step": -2147483648', 'Number the steps%'),
    ('date ''2025-01-01'', 1, ''-1 day''', '22023', 'parameter "within": -1 days', 'Give an interval without negative parts%'),
    ('date ''2025-01-01'', 1, ''1 month -1 day''', '22023', 'parameter "within": 1 mon -1 days', 'Give an interval without negative parts%'),
    ('date ''2025-01-01'', 1, ''1 day -1 second''', '22023', 'parameter "within": 1 day -00:00:01', 'Give an interval without negative parts%'),
    ('date ''2025-01-01'', 1, ''-178000000 years''', '22023', 'parameter "within": -178000000 years', 'Give an interval%'),
    ('date ''2025-01-01'', 1, NULL', '22023', 'parameter "within": NULL', 'Give an interval%'),
    ('date ''2025-01-01'', 1, ''1 day'', ''Strict''', '22023', 'parameter "ties": "Strict"', '%''advance'', ''strict''%'),
    ('date ''2025-01-01'', 1, ''1 day'', NULL', '22023', 'parameter "ties": NULL', '%''advance'' or ''strict''%'),
    ('date ''2025-01-01'', 1, ''1 day'', ''strict'', ''any''', '22023', 'parameter "entry": "any"', '%''best'', ''first''%'),
    ('date ''2025-01-01'', 1, ''1 day'', ''strict'', NULL', '22023', 'parameter "entry": NULL', '%''best'' or ''first''%'),
    ('now(), 1, ''1 day'', ''CET''', '22023', 'parameter "time_zone": "CET"', '%IANA%'),
    ('now(), 1, ''1 day'', repeat(''Europe/Berlin'', 30)', '22023', 'parameter "time_zone": "Europe/BerlinEurope', '%IANA%'),
    ('now(), 1, ''1 day'', NULL', '22023', 'parameter "time_zone": NULL', '%IANA%'),
    ('now(), 1, ''1 day'', ''UTC'', ''none''', '22023', 'parameter "ties": "none"', '%''advance'', ''strict''%'),
    ('now(), 1, ''1 day'', ''UTC'', ''strict'', ''none''', '22023', 'parameter "entry": "none"', '%''best'', ''first''%'),
    ('date ''infinity'', 1, ''1 day''', '22008', 'infinite', 'Leave such rows out%'),
    ('timestamp ''-infinity'', 1, ''1 day''', '22008', 'infinite', 'Leave such rows out%'),
    ('timestamptz ''infinity'', 1, ''1 day'', ''UTC''', '22008', 'infinite', 'Leave such rows out%')) v(arguments, state, message, hint);
SELECT pg_temp.refuses(format('SELECT %s(%s) FROM (SELECT 1 WHERE false) s', f, arguments), '22023', message, '%') FROM unnest(ARRAY['funnel_level', 'funnel_times']) f, (VALUES
    ('now(), 1, ''1 day''', 'timestamptz needs a time_zone'),
    ('date ''2025-01-01'', 1, ''1 day'', ''UTC'', ''strict'', ''first''', 'time_zone applies to timestamptz only')) v(arguments, message);

-- Rules that differ between the rows of a group, NULL events included
SELECT pg_temp.refuses(format('SELECT funnel_level(%s) FROM generate_series(1, 2) n', arguments), '22023', format('parameter "%s": not the same in all rows', parameter), 'Give the same%') FROM (VALUES
    ('within', 'date ''2025-01-01'', 1, n * interval ''1 day'''), ('within', 'date ''2025-01-01'', 1, CASE n WHEN 1 THEN interval ''1 month'' ELSE ''30 days'' END'),
    ('within', 'NULL::date, 1, n * interval ''1 day'''),
    ('ties', 'date ''2025-01-01'', 1, ''1 day'', CASE n WHEN 1 THEN ''strict'' ELSE ''advance'' END'),
    ('entry', 'date ''2025-01-01'', 1, ''1 day'', ''strict'', CASE n WHEN 1 THEN ''first'' ELSE ''best'' END'),
    ('time_zone', 'now(), 1, ''1 day'', CASE n WHEN 1 THEN ''Europe/Berlin'' ELSE ''Europe/London'' END')) v(parameter, arguments);
SELECT is(funnel_level(day, step, '3 days', CASE n WHEN 1 THEN 'advance' ELSE 'strict' END), 1, 'each group has its own') FROM (VALUES (date '2025-01-01', 1, 1), ('2025-01-01', 1, 2)) v(day, step, n) GROUP BY n;

SELECT * FROM finish();
ROLLBACK;
