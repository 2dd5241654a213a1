-- history_agg() and everything that is read from one history, against plain SQL over the same orders.
BEGIN;
SELECT no_plan();
SELECT setseed(0.125);
SET LOCAL TimeZone = 'Asia/Kolkata'; -- must not matter
SET LOCAL extra_float_digits = 1;

\ir include/refuses.sql


-- 300 customers: several purchases a day, long silences, returns, zero amounts, more than four decimals, rows with NULL
CREATE TEMP TABLE orders AS
SELECT customer,
    timestamptz '2019-06-01 00:00+00' + random() * (ARRAY[30, 400, 3000])[1 + customer % 3] * interval '1 day' AS at,
    CASE WHEN kind < 0.05 THEN 0 WHEN kind < 0.2 THEN -round((random() * 300)::numeric, 2)
        ELSE round((random() * 300)::numeric, CASE WHEN kind < 0.3 THEN 7 ELSE 2 END) END AS amount
FROM (SELECT customer, random() AS kind FROM generate_series(1, 300) AS customer, generate_series(1, customer)) AS c;
INSERT INTO orders -- returns alone
SELECT 1000 + n, timestamptz '2020-02-29 12:00+00' + day * n * interval '1 day', -n
FROM generate_series(1, 5) AS n, generate_series(1, 2) AS day;
INSERT INTO orders VALUES (1, NULL, 5), (1, now(), NULL), (2000, NULL, 1), (2000, now(), NULL), (2001, '2020-01-01', 0),
    (2002, '1850-03-01', 7), (2002, '2150-03-01', 8);
CREATE INDEX ON orders (customer);
ANALYZE orders;

-- every type of time with every type of amount

CREATE FUNCTION pg_temp.same_days(at text, zone text, amount_type text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    exact CONSTANT text := CASE WHEN amount_type IN ('real', 'double precision') THEN '::text::numeric' ELSE '::numeric' END;
    arguments CONSTANT text := concat_ws(', ', at, 'amount::' || amount_type, quote_literal(zone));
    day CONSTANT text := format('((%s) %s)::date', at, 'AT TIME ZONE ' || quote_literal(zone));
BEGIN
    RETURN is_empty(format($sql$
        WITH plain AS (
            SELECT customer, %1$s AS day, count(*) FILTER (WHERE amount >= 0) AS orders,
                count(*) FILTER (WHERE amount < 0) AS returns, sum(amount) AS amount
            FROM (SELECT customer, at, round(amount::%2$s, 4) AS amount FROM orders) AS o
            WHERE at IS NOT NULL AND amount IS NOT NULL GROUP BY 1, 2),
        folded AS (
            SELECT customer, d.*
            FROM (SELECT customer, history_agg(%3$s) AS h FROM orders GROUP BY customer) AS c, history_days(h) AS d)
        (TABLE plain EXCEPT ALL TABLE folded) UNION ALL (TABLE folded EXCEPT ALL TABLE plain) $sql$,
        day, amount_type || exact, arguments), format('history_agg(%s)', arguments));
END
$$;
SELECT pg_temp.same_days(at, zone, amount_type)
FROM (VALUES ('(at AT TIME ZONE ''UTC'')::date', NULL), ('at AT TIME ZONE ''UTC''', NULL), ('at', 'America/New_York'),
        ('at', 'UTC')) AS t(at, zone),
    unnest(ARRAY['smallint', 'integer', 'bigint', 'real', 'double precision', 'numeric']) AS amount_type;

SELECT is(history_agg(at, 1, zone), history_agg((at AT TIME ZONE zone)::date, 1), 'each row in a zone of its own')
FROM (SELECT at, (ARRAY['Asia/Tokyo', 'America/Los_Angeles', 'UTC'])[1 + customer % 3] AS zone FROM orders) AS o;

-- rows and sets that hold little or nothing

SELECT is(history_agg(day, 1)::text, '{}', 'no rows: an empty history') FROM (SELECT date '2025-01-01' AS day WHERE false) AS o;
SELECT is(history_agg(day, amount)::text, '{}', 'rows with NULL are skipped')
FROM (VALUES (NULL::date, 1), ('2025-01-01', NULL)) AS o(day, amount);
SELECT is(history_agg(at, 1, zone)::text, '{2025-01-01:1}', 'a NULL time zone too')
FROM (VALUES (timestamptz '2025-01-01 12:00+00', 'UTC'), (now(), NULL)) AS o(at, zone);
SELECT is(history_agg(date '2025-01-01', 12.5)::text, '{2025-01-01:12.5}', 'one row');
SELECT is(history_agg(date '2025-01-01', -12.5)::text, '{2025-01-01:-12.5/0/1}', 'one return');
SELECT is(history_agg(date '2025-01-01', 0)::text, '{2025-01-01:0}', 'zero is an order');
SELECT is(history_agg(date '2025-01-01', amount)::text, '{2025-01-01:0/1/1}', 'an order and its return')
FROM unnest(ARRAY[5, -5]) AS amount;

-- the measures, each with its three forms

CREATE TEMP TABLE days AS
SELECT customer, (at AT TIME ZONE 'Europe/Berlin')::date AS day, count(*) FILTER (WHERE amount >= 0) AS orders,
    count(*) FILTER (WHERE amount < 0) AS returns, sum(round(amount, 4)) AS amount
FROM orders WHERE at IS NOT NULL AND amount IS NOT NULL GROUP BY 1, 2;
CREATE INDEX ON days (customer, day);
ANALYZE days;
CREATE TEMP TABLE histories AS
SELECT customer, history_agg(at, amount, 'Europe/Berlin') AS h FROM orders GROUP BY customer;

CREATE FUNCTION pg_temp.random_date() RETURNS date LANGUAGE sql VOLATILE AS $$
    SELECT date '2019-01-01' + (random() * 3500)::integer
$$;
CREATE TEMP TABLE windows (from_date, as_of) AS
SELECT pg_temp.random_date(), pg_temp.random_date() FROM generate_series(1, 25)
UNION SELECT '-infinity', pg_temp.random_date() FROM generate_series(1, 10)
UNION SELECT pg_temp.random_date(), 'infinity' FROM generate_series(1, 5)
UNION (SELECT day, day + 1 FROM days LIMIT 5)
UNION VALUES (date '-infinity', date 'infinity'), ('infinity', '-infinity'), ('-infinity', '-infinity'),
    ('infinity', 'infinity'), ('2020-01-01', '2020-01-01'), ('-infinity', '2019-06-01'), ('-infinity', '2019-06-02');

CREATE TEMP TABLE expected AS
SELECT c.customer, h, from_date, as_of, d.*, g.*
FROM histories AS c, windows AS w,
    LATERAL (
        SELECT coalesce(sum(orders), 0)::bigint AS order_count, coalesce(sum(returns), 0)::bigint AS return_count,
            count(*) FILTER (WHERE orders > 0) AS purchase_days, coalesce(sum(amount), 0) AS revenue,
            min(day) FILTER (WHERE orders > 0) AS first_order, max(day) FILTER (WHERE orders > 0) AS last_order, max(day) AS last_day,
            sum(amount) / nullif(sum(orders), 0) AS average_order
        FROM days WHERE customer = c.customer AND day >= from_date AND day < as_of) AS d,
    LATERAL (
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS gap_days
        FROM (SELECT day - lag(day) OVER (ORDER BY day) AS gap FROM days
            WHERE customer = c.customer AND orders > 0 AND day >= from_date AND day < as_of) AS gaps) AS g;
SELECT cmp_ok((SELECT count(*) FROM expected WHERE purchase_days > 2), '>', 3000::bigint, 'windows with something in them');

CREATE FUNCTION pg_temp.same_measure(measure text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN NEXT is_empty(format($sql$
        SELECT customer, from_date, as_of FROM expected WHERE %1$s(h, from_date, as_of) IS DISTINCT FROM %1$s
    $sql$, measure), measure || '(h, from_date, as_of)');
    RETURN NEXT is_empty(format($sql$
        SELECT customer, as_of FROM expected WHERE from_date = '-infinity' AND %1$s(h, as_of) IS DISTINCT FROM %1$s
    $sql$, measure), measure || '(h, as_of)');
    RETURN NEXT is_empty(format($sql$
        SELECT customer FROM expected
        WHERE from_date = '-infinity' AND as_of = 'infinity' AND %1$s(h) IS DISTINCT FROM %1$s
    $sql$, measure), measure || '(h)');
END
$$;
SELECT pg_temp.same_measure(measure)
FROM unnest(ARRAY['order_count', 'return_count', 'purchase_days', 'revenue', 'first_order', 'last_order', 'average_order',
    'gap_days']) AS measure;
SELECT is_empty('SELECT customer, as_of FROM expected WHERE from_date = ''-infinity'' AND _clientele.last_day(h, as_of) IS DISTINCT FROM last_day', 'the last day of an order or a return');
SELECT is_empty('SELECT customer FROM expected WHERE scale(revenue(h, from_date, as_of)) <> greatest(2, min_scale(revenue))',
    'revenue has two decimals, or as many as it needs');

SELECT is(ARRAY[order_count('{}'), return_count('{}'), purchase_days('{}')], ARRAY[0, 0, 0]::bigint[],
    'counts of an empty history');
SELECT is(revenue('{}')::text, '0.00', 'revenue of an empty history');
SELECT ok(first_order(h) IS NULL AND last_order(h) IS NULL AND average_order(h) IS NULL AND gap_days(h) IS NULL,
    'nothing else in ' || h)
FROM unnest(ARRAY['{}', '{2025-01-01:-5/0/1}', '{2025-01-01:-5/0/1,2025-01-02:-7/0/3}']::purchase_history[]) AS h;
SELECT is(gap_days(h), gap, 'the gap of ' || h)
FROM (VALUES
    (purchase_history '{2025-01-01:1}', NULL::float8), ('{2025-01-01:1,2025-01-11:1}', 10),
    ('{2025-01-01:1,2025-01-02:1,2025-01-05:1}', 2), ('{2025-01-01:1,2025-01-02:1,2025-01-04:1}', 1.5),
    ('{2025-01-01:1,2025-01-02:-1/0/1,2025-01-05:1/9}', 4),
    ('{4714-11-24 BC:1,5874897-12-31:1}', 2147483493)) AS g(h, gap);
SELECT ok(order_count(NULL::purchase_history) IS NULL AND revenue('{}', NULL) IS NULL
    AND gap_days('{}', NULL, '2025-01-01') IS NULL, 'NULL gives NULL');

-- as_of

SELECT is_empty($$
    SELECT customer, as_of FROM histories AS c, (SELECT DISTINCT as_of FROM windows) AS w
    WHERE as_of(h, as_of) IS DISTINCT FROM (
        SELECT history_agg(at, amount, 'Europe/Berlin') FILTER (WHERE (at AT TIME ZONE 'Europe/Berlin')::date < as_of)
        FROM orders WHERE customer = c.customer)
$$, 'as_of() is the history of the earlier rows');
SELECT is_empty($$
    SELECT customer FROM expected
    WHERE from_date = '-infinity'
        AND (revenue(as_of(h, as_of)) <> revenue OR gap_days(as_of(h, as_of)) IS DISTINCT FROM gap_days)
$$, 'measures of as_of()');
SELECT is_empty($$ SELECT customer FROM histories WHERE as_of(h, 'infinity') <> h OR as_of(h, '-infinity') <> '{}' $$,
    'as_of() without bound, and before all');
SELECT is(as_of('{2025-01-03:12.5,2025-02-01:7.25/2}', '2025-02-01'), '{2025-01-03:12.5}',
    'orders of the day itself do not exist yet');

-- history_days

SELECT is_empty($$
    SELECT customer FROM histories
    WHERE h IS DISTINCT FROM (
        SELECT rollup(format('{%s:%s/%s/%s}', day, trim_scale(amount), orders, returns)::purchase_history)
        FROM history_days(h))
$$, 'history_days() is the whole history');
SELECT is_empty($$
    SELECT customer FROM histories, LATERAL (SELECT array_agg(day) AS days FROM history_days(h)) AS d
    WHERE days <> (SELECT array_agg(day ORDER BY day) FROM unnest(days) AS day)
$$, 'history_days() comes in order');

-- period_values

CREATE FUNCTION pg_temp.same_periods(period text, one_of integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    length CONSTANT interval := CASE period WHEN 'quarter' THEN '3 months' ELSE '1 ' || period END;
BEGIN
    RETURN is_empty(format($sql$
        WITH cases AS (
            SELECT customer, h, from_date, as_of, CASE WHEN isfinite(from_date) THEN from_date
                WHEN from_date < 'infinity' THEN date_trunc(%1$L, first_order(h)::timestamp) END AS start
            FROM histories, windows WHERE isfinite(as_of) AND customer %% %3$s = 0 AND customer <> 2002),
        plain AS (
            SELECT customer, from_date, as_of, p::date AS period_start, d.*
            FROM cases AS c, generate_series(date_trunc(%1$L, start), as_of, %2$L) AS p, LATERAL (
                SELECT coalesce(sum(orders), 0)::bigint AS orders, coalesce(sum(returns), 0)::bigint AS returns,
                    coalesce(sum(amount), 0) AS amount
                FROM days WHERE customer = c.customer AND day >= p AND day < p + %2$L) AS d
            WHERE p >= start AND p + %2$L <= as_of),
        ours AS (SELECT customer, from_date, as_of, v.* FROM cases, period_values(h, %1$L, from_date, as_of) AS v)
        (TABLE plain EXCEPT ALL TABLE ours) UNION ALL (TABLE ours EXCEPT ALL TABLE plain) $sql$,
        period, length, one_of), 'period_values by ' || period);
END
$$;
-- The expected rows are many: of each period of few customers.
SELECT pg_temp.same_periods(period, one_of)
FROM (VALUES ('day', 50), ('week', 8), ('month', 4), ('quarter', 2), ('year', 2)) AS p(period, one_of);

CREATE FUNCTION pg_temp.values_of(h purchase_history, period text, from_date date, as_of date) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat_ws(' ', period_start, orders, returns, amount), ', '), 'none')
    FROM period_values(h, period, from_date, as_of)
$$;
SELECT is(pg_temp.values_of('{2025-01-15:10/2,2025-03-31:-4/0/1}', 'month', from_date, as_of), shown,
    format('months of [%s, %s)', from_date, as_of))
FROM (VALUES
    (date '2025-01-01', date '2025-04-01', '2025-01-01 2 0 10.00, 2025-02-01 0 0 0.00, 2025-03-01 0 1 -4.00'),
    ('2025-01-01', '2025-03-31', '2025-01-01 2 0 10.00, 2025-02-01 0 0 0.00'),
    ('2025-01-02', '2025-04-01', '2025-02-01 0 0 0.00, 2025-03-01 0 1 -4.00'),
    ('2024-12-01', '2025-02-01', '2024-12-01 0 0 0.00, 2025-01-01 2 0 10.00'),
    ('2025-05-01', '2025-06-01', '2025-05-01 0 0 0.00'),
    ('-infinity', '2025-03-01', '2025-01-01 2 0 10.00, 2025-02-01 0 0 0.00'),
    ('-infinity', '2025-01-31', 'none'), ('infinity', '2025-04-01', 'none'), ('2025-02-28', '2025-03-31', 'none'),
    ('2025-01-01', '2025-01-01', 'none'), ('2025-04-01', '2025-01-01', 'none')) AS w(from_date, as_of, shown);
SELECT is(pg_temp.values_of('{}', 'year', '2024-01-01', '2026-01-01'), '2024-01-01 0 0 0.00, 2025-01-01 0 0 0.00',
    'an empty history has empty periods');
SELECT is(pg_temp.values_of(h, 'year', '-infinity', '2026-01-01'), 'none', 'without orders there is no first period: ' || h)
FROM unnest(ARRAY['{}', '{2024-05-05:-1/0/1}']::purchase_history[]) AS h;
SELECT is(pg_temp.values_of('{2023-05-05:-1/0/1,2024-05-05:3}', 'year', '-infinity', '2025-01-01'), '2024-01-01 1 0 3.00',
    'returns before the first order are in no period');
SELECT is(pg_temp.values_of('{5874897-12-30:1,5874897-12-31:2}', 'day', '5874897-12-29', '5874897-12-31'),
    '5874897-12-29 0 0 0.00, 5874897-12-30 1 0 1.00', 'the end of the calendar');
SELECT is(pg_temp.values_of('{4714-11-24 BC:1}', 'week', '-infinity', '4714-12-02 BC'), '4714-11-24 BC 1 0 1.00',
    'the first week');
SELECT is_empty('SELECT * FROM period_values(NULL, ''day'', ''2025-01-01'', ''2025-01-02'')', 'NULL gives no rows');

SELECT pg_temp.refuses('SELECT period_values(''{4714-11-24 BC:1}'', ''month'', ''-infinity'', ''4713-01-01 BC'')', '22008',
    'first date', 'Dates begin with%');
SELECT pg_temp.refuses(format('SELECT period_values(''{}'', ''day'', ''2025-01-01'', %L)', as_of), '22008', 'infinite', '%')
FROM unnest(ARRAY['infinity', '-infinity']) AS as_of;
SELECT pg_temp.refuses(format('SELECT period_values(''{}'', %L, ''2025-01-01'', ''2025-02-01'')', period), '22023',
    'parameter "period"', 'Use one of ''day''%')
FROM unnest(ARRAY['', 'days', 'fortnight']) AS period;

-- history_gaps

CREATE TEMP TABLE cases AS SELECT customer, h, as_of FROM histories, (SELECT DISTINCT as_of FROM windows WHERE isfinite(as_of)) AS w WHERE customer % 2 = 0;
CREATE TEMP TABLE silences AS
SELECT c.customer, c.as_of, from_date, coalesce(next, c.as_of) - from_date AS days, next IS NOT NULL AS ended
FROM cases AS c, LATERAL (
    SELECT day AS from_date, lead(day) OVER (ORDER BY day) AS next
    FROM days WHERE customer = c.customer AND orders > 0 AND day < c.as_of) AS d;
CREATE FUNCTION pg_temp.same_gaps(shortest integer) RETURNS text LANGUAGE sql AS $$
    SELECT is_empty(format($sql$
        WITH plain AS (
            SELECT customer, as_of, row_number() OVER (PARTITION BY customer, as_of ORDER BY from_date) AS place, from_date, days, ended
            FROM silences WHERE days >= %1$s),
        ours AS (
            SELECT customer, as_of, g.ordinality AS place, g.from_date, g.days, g.ended
            FROM cases, history_gaps(h, as_of, %1$s) WITH ORDINALITY AS g)
        (TABLE plain EXCEPT ALL TABLE ours) UNION ALL (TABLE ours EXCEPT ALL TABLE plain) $sql$, shortest),
        'history_gaps of at least ' || shortest)
$$;
SELECT pg_temp.same_gaps(shortest) FROM unnest(ARRAY[1, 30, 180, 2147483647]) AS shortest;
SELECT cmp_ok(count(*) FILTER (WHERE days >= 180 AND ended = what), '>', 500::bigint, format('long silences with ended %s', what))
FROM silences, unnest(ARRAY[true, false]) AS what GROUP BY what;
SELECT is_empty($$ SELECT customer FROM histories WHERE (SELECT sum(days) FROM history_gaps(h, '2030-01-01'))
    IS DISTINCT FROM date '2030-01-01' - first_order(h, '2030-01-01') $$, 'all silences together last from the first order on');
SELECT is_empty($$ SELECT customer FROM histories WHERE (
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FROM history_gaps(h, '2030-01-01') WHERE ended)
    IS DISTINCT FROM gap_days(h, '2030-01-01') $$, 'gap_days is the median of those that ended');
SELECT results_eq('SELECT customer, (history_gaps(h, ''2025-01-01'', 60)).* FROM histories',
    'SELECT customer, g.* FROM histories, history_gaps(h, ''2025-01-01'', 60) AS g', 'in the select list');

CREATE FUNCTION pg_temp.gaps_of(h purchase_history, as_of date, shortest integer) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat_ws(' ', from_date, days, ended), ', '), 'none') FROM history_gaps(h, as_of, shortest)
$$;
SELECT is(pg_temp.gaps_of(h, as_of, shortest), shown, format('silences of %s or more before %s in %s', shortest, as_of, h))
FROM (VALUES
    (purchase_history '{2025-01-01:1,2025-01-11:1}', date '2025-02-01', 1, '2025-01-01 10 t, 2025-01-11 21 f'),
    ('{2025-01-01:1,2025-01-11:1}', '2025-02-01', 10, '2025-01-01 10 t, 2025-01-11 21 f'), -- exactly so long is inside
    ('{2025-01-01:1,2025-01-11:1}', '2025-02-01', 11, '2025-01-11 21 f'),
    ('{2025-01-01:1,2025-01-11:1}', '2025-01-12', 10, '2025-01-01 10 t'),
    ('{2025-01-01:1,2025-01-11:1}', '2025-01-11', 1, '2025-01-01 10 f'), -- the day itself has not come yet
    ('{2025-01-01:1,2025-01-11:1}', '2025-01-01', 1, 'none'), ('{}', '2025-01-01', 1, 'none'),
    ('{2025-01-05:-1/0/1}', '2025-02-01', 1, 'none'),
    ('{2025-01-01:1/3,2025-01-05:-1/0/1,2025-01-11:0/1/1}', '2025-01-13', 1, '2025-01-01 10 t, 2025-01-11 2 f'), -- returns end nothing
    ('{4714-11-24 BC:1,5874897-12-30:1}', '5874897-12-31', 1, '4714-11-24 BC 2147483492 t, 5874897-12-30 1 f')
) AS g(h, as_of, shortest, shown);
SELECT is_empty(format('SELECT * FROM history_gaps(%s)', arguments), 'NULL gives no rows: ' || arguments)
FROM unnest(ARRAY['NULL, ''2025-01-01''', '''{2024-01-01:1}'', NULL', '''{2024-01-01:1}'', ''2025-01-01'', NULL']) AS arguments;
SELECT pg_temp.refuses(format('SELECT history_gaps(''{}'', ''2025-01-01'', %s)', shortest), '22023', 'parameter "at_least": ' || shortest, '%of at least 1.')
FROM unnest(ARRAY[0, -5]) AS shortest;
SELECT pg_temp.refuses(format('SELECT history_gaps(''{}'', %L)', as_of), '22008', 'infinite', '%')
FROM unnest(ARRAY['infinity', '-infinity']) AS as_of;

-- refusals of history_agg, with every type of amount

SELECT pg_temp.refuses(format('SELECT history_agg(%s)', format(arguments, '1::' || amount_type)), '22023', message, hint)
FROM (VALUES
        ('timestamptz ''2025-01-01'', %s', 'timestamptz needs a time_zone', 'Name the time zone whose days are meant%'),
        ('''2025-01-01'', %s', 'timestamptz needs a time_zone', '%an untyped literal needs a type%'),
        ('date ''2025-01-01'', %s, ''UTC''', 'time_zone applies to timestamptz only', 'Leave the time zone out%'),
        ('timestamp ''2025-01-01'', %s, ''UTC''', 'time_zone applies to timestamptz only', 'Leave the time zone out%'),
        ('now(), %s, ''CET''', 'invalid value for parameter "time_zone": "CET"', 'Give a full IANA name%')
    ) AS r(arguments, message, hint),
    unnest(ARRAY['smallint', 'integer', 'bigint', 'real', 'double precision', 'numeric']) AS amount_type;
SELECT pg_temp.refuses(format('SELECT history_agg(%s)', arguments), '22008', 'infinite',
    'Leave such rows out, for example with FILTER (WHERE isfinite(...)).')
FROM unnest(ARRAY[
    'date ''infinity'', 1', 'date ''-infinity'', 1', 'timestamp ''infinity'', 1.5', 'timestamp ''-infinity'', 1',
    'timestamptz ''infinity'', 1, ''UTC''', 'timestamptz ''-infinity'', 1.5::real, ''UTC''']) AS arguments;
SELECT pg_temp.refuses('SELECT history_agg(timestamptz ''4714-11-24 00:00+00 BC'', 1, ''America/New_York'')', '22008',
    'first date', 'Dates begin with%');
SELECT throws_ok('SELECT _clientele.history_agg_transition(NULL, date ''2025-01-01'', 1)', '42809', NULL, 'a transition is not for calling');
SELECT throws_ok('SELECT _clientele.purchase_history_combine(NULL, ''{}'')', '42809', NULL, 'nor is the combination');
SELECT throws_ok('SELECT _clientele.purchase_history_final(NULL)', '42809', NULL, 'nor is the final function');

SELECT * FROM finish();
ROLLBACK;
