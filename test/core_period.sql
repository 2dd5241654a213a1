-- Calendar periods in a time zone, against date_trunc() of the server.
BEGIN;
SELECT no_plan();
SELECT setseed(0.25);

\ir include/refuses.sql

CREATE TEMP TABLE periods AS SELECT * FROM unnest(ARRAY['day', 'week', 'month', 'quarter', 'year']) AS p(period);

-- Five zones to cover, and some whose clocks changed at midnight, by seconds, or by a whole day.
CREATE TEMP TABLE zones AS SELECT * FROM unnest(ARRAY[
    'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia',
    'America/Sao_Paulo', 'Africa/Monrovia', 'Africa/Casablanca', 'Pacific/Kiritimati', 'Europe/Dublin', 'UTC']) AS z(zone);

-- Where the day of an instant is wrong in any period. The expected date must not pass through the session's zone.
CREATE FUNCTION pg_temp.wrong(instants regclass) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format($sql$
        SELECT format('%%s %%s %%s: %%s', i.at, i.zone, p.period, period_start(i.at, p.period, i.zone))
        FROM %s i, periods p
        WHERE period_start(i.at, p.period, i.zone) IS DISTINCT FROM date_trunc(p.period, i.at AT TIME ZONE i.zone)::date
        LIMIT 5 $sql$, instants);
END
$$;

-- 100,000 random instants, one fifth of them outside the years of the cached table

CREATE TEMP TABLE instants AS
SELECT zone, timestamptz '1850-01-01 00:00+00' + random() * 109572 * interval '1 day' AS at
FROM generate_series(1, 20000), (SELECT zone FROM zones LIMIT 5) AS z;
SELECT is((SELECT count(*) FROM instants), 100000::bigint, '100,000 random instants');
SELECT is_empty($$ SELECT pg_temp.wrong('instants') $$, 'random instants of three centuries');
SELECT is_empty($$
    SELECT at, zone, period FROM instants, periods
    WHERE period_start(at, period, zone) IS DISTINCT FROM (date_trunc(period, at, zone) AT TIME ZONE zone)::date
$$, 'date_trunc(period, at, zone) says the same');

-- midnights to the microsecond

CREATE TEMP TABLE midnights AS
SELECT zone, (day::timestamp AT TIME ZONE zone) + shift * interval '1 microsecond' AS at
FROM zones, (SELECT date '1850-01-01' + (random() * 109572)::integer AS day FROM generate_series(1, 2000)) AS d,
    unnest(ARRAY[-1, 0, 1]) AS shift;
SELECT is_empty($$ SELECT pg_temp.wrong('midnights') $$, 'the microseconds around random midnights');

-- every half hour of the days on which clocks were changed

CREATE TEMP TABLE changes AS
SELECT zone, at + half_hour * interval '30 minutes' + shift * interval '1 microsecond' AS at
FROM (SELECT zone, at, (at AT TIME ZONE zone) - lag(at AT TIME ZONE zone) OVER (PARTITION BY zone ORDER BY at) AS passed
      FROM zones, generate_series(timestamptz '1880-01-01 00:00+00', '2110-01-01 00:00+00', interval '1 day') AS at) AS d,
    generate_series(-60, 12) AS half_hour, unnest(ARRAY[-1, 0]) AS shift
WHERE passed <> interval '24 hours';
SELECT cmp_ok((SELECT count(*) FROM changes), '>', 200000::bigint, 'the clocks change often');
SELECT is_empty($$ SELECT pg_temp.wrong('changes') $$, 'the days on which clocks change');

-- at the borders of the cached table, and of time itself

CREATE TEMP TABLE borders AS
SELECT zone, at + shift * interval '1 microsecond' AS at
FROM zones,
    unnest(ARRAY['1900-01-01 00:00+00', '1970-01-01 00:00+00', '2000-01-01 00:00+00', '2100-01-01 00:00+00']::timestamptz[]) AS at,
    unnest(ARRAY[-86400e6, -1000001, -1000000, -999999, -1, 0, 1, 999999, 1000000, 86400e6]) AS shift
UNION ALL
SELECT zone, at
FROM zones, unnest(ARRAY['4713-01-02 00:00+00 BC', '0001-01-01 00:00+00', '294276-12-30 12:00+00']::timestamptz[]) AS at;
SELECT is_empty($$ SELECT pg_temp.wrong('borders') $$, 'the borders of the cached table');
SELECT is(period_start(timestamptz '294276-12-31 23:59:59.999999+00', 'month', 'Pacific/Kiritimati'), '294277-01-01',
    'the last instant');
SELECT is(period_start(timestamptz '4714-11-24 00:00+00 BC', 'day', 'UTC'), '4714-11-24 BC', 'the first instant');
SELECT pg_temp.refuses($$ SELECT period_start(timestamptz '4714-11-24 00:00+00 BC', 'day', 'America/New_York') $$,
    '22008', 'first date', 'Dates begin with 4714-11-24 BC.');

-- zones take turns

SELECT is_empty($$
    SELECT at FROM (SELECT at FROM instants LIMIT 2000) AS i, zones
    WHERE period_start(at, 'day', zone) <> (at AT TIME ZONE zone)::date
$$, 'each row in another zone');

-- dates and local timestamps

CREATE TEMP TABLE local_times AS
SELECT timestamp '4713-01-01 BC' + (random() * 108000000)::integer * interval '1 day' + random() * interval '1 day' AS at
FROM generate_series(1, 50000)
UNION ALL
SELECT timestamp '1850-01-01' + random() * 109572 * interval '1 day' FROM generate_series(1, 50000)
UNION ALL
SELECT day + shift * interval '1 microsecond'
FROM generate_series(timestamp '1995-12-25', timestamp '2005-01-10', interval '1 day') AS day, unnest(ARRAY[-1, 0]) AS shift;
SELECT is_empty($$
    SELECT at, period FROM local_times, periods WHERE period_start(at, period) IS DISTINCT FROM date_trunc(period, at)::date
$$, 'timestamps');
SELECT is_empty($$
    SELECT at, period FROM local_times, periods
    WHERE period_start(at::date, period) IS DISTINCT FROM date_trunc(period, at::date::timestamp)::date
$$, 'dates');

-- dates that no timestamp reaches
CREATE TEMP TABLE far_days AS
SELECT date '294276-12-31' + (random() * 2037000000)::integer AS day FROM generate_series(1, 20000)
UNION ALL SELECT '5874897-12-31';
SELECT is_empty($$
    SELECT day FROM (SELECT day, extract(year FROM day)::integer AS y, extract(month FROM day)::integer AS m FROM far_days) AS d
    WHERE period_start(day, 'day') <> day
        OR extract(isodow FROM period_start(day, 'week')) <> 1 OR day - period_start(day, 'week') NOT BETWEEN 0 AND 6
        OR period_start(day, 'month') <> make_date(y, m, 1)
        OR period_start(day, 'quarter') <> make_date(y, (m - 1) / 3 * 3 + 1, 1)
        OR period_start(day, 'year') <> make_date(y, 1, 1)
$$, 'dates to the end of the calendar');

SELECT is_empty($$
    SELECT day FROM generate_series(date '1950-12-20', date '2099-01-12', interval '1 day') AS day
    WHERE period_start(day::date, 'week') <> to_date(to_char(day, 'IYYY-IW'), 'IYYY-IW')
$$, 'ISO weeks of 150 years');
SELECT is(period_start(date '2021-01-03', 'week'), '2020-12-28', 'January days of the old ISO year');
SELECT is(period_start(date '2024-12-30', 'week'), '2024-12-30', 'December days of the new ISO year');

SELECT is(period_start(date '4714-11-24 BC', 'week'), '4714-11-24 BC', 'the first week');
SELECT is(period_start(date '4714-12-31 BC', 'month'), '4714-12-01 BC', 'the first whole month');
SELECT pg_temp.refuses(format('SELECT period_start(date %L, %L)', '4714-11-30 BC', period), '22008', 'first date',
    'Dates begin with%')
FROM periods WHERE period IN ('month', 'quarter', 'year');

-- the session's time zone has no say

CREATE FUNCTION pg_temp.fingerprint() RETURNS text LANGUAGE sql AS $$
    SELECT md5(string_agg(extract(epoch FROM at) || zone || period || (period_start(at, period, zone) - date '2000-01-01'),
        '' ORDER BY at, zone, period))
    FROM (SELECT * FROM instants LIMIT 5000) AS i, periods
$$;
CREATE TEMP TABLE fingerprints (made_in text, fingerprint text);
SET LOCAL TimeZone = 'UTC';
INSERT INTO fingerprints SELECT current_setting('TimeZone'), pg_temp.fingerprint();
SET LOCAL TimeZone = 'Asia/Kathmandu';
INSERT INTO fingerprints SELECT current_setting('TimeZone'), pg_temp.fingerprint();
SET LOCAL TimeZone = '<odd>+11:11';
INSERT INTO fingerprints SELECT current_setting('TimeZone'), pg_temp.fingerprint();
SET LOCAL TimeZone = 'UTC';
SELECT is((SELECT count(DISTINCT fingerprint) FROM fingerprints), 1::bigint, 'the same in every session time zone');

-- names of zones

SELECT is(period_start(timestamptz '2025-01-31 23:30+00', 'month', zone), expected::date, zone)
FROM (VALUES
    ('UTC', '2025-01-01'), ('utc', '2025-01-01'), ('Etc/UTC', '2025-01-01'), ('Etc/GMT-1', '2025-02-01'),
    ('Europe/Berlin', '2025-02-01'), ('europe/berlin', '2025-02-01'), ('EUROPE/BERLIN', '2025-02-01'),
    ('America/Argentina/Buenos_Aires', '2025-01-01'), ('America/Port-au-Prince', '2025-01-01')) AS z(zone, expected);

SELECT pg_temp.refuses(format('SELECT period_start(timestamptz ''2025-01-01 00:00+00'', ''day'', %L)', zone), '22023',
    format('invalid value for parameter "time_zone": "%s"', zone), 'Give a full IANA name such as ''Europe/Berlin'', or ''UTC''%')
FROM unnest(ARRAY[
    'CET', 'EST5EDT', 'GMT', 'Z', 'localtime', 'posixrules', 'interval',                 -- no area and place
    'UTC+3', 'UTC-3', '+02', '02:00', 'Foo/Bar5', 'foo/bar5', '<foo/bar>5', 'Europe/Berlin5', -- POSIX and offsets
    'right/Europe/Berlin', 'right/UTC',                                                  -- leap seconds
    '', ' ', '/', 'Europe', 'Europe/', 'Europe/Nowhere', 'Europe/Berlin ', ' Europe/Berlin', 'Europe//Berlin',
    'Européen/Paris', '../Europe/Berlin', '/etc/passwd', repeat('x', 300), repeat('Europe/', 100), 'a' || repeat('/b', 126)
]) AS zone;

SELECT is(period_start(timestamptz '2025-01-31 23:30+00', 'month', 'Europe/Berlin'), '2025-02-01',
    'after a refusal the zone before it still works');

-- periods

SELECT pg_temp.refuses(format(statement, period), '22023', format('invalid value for parameter "period": "%s"', period),
    'Use one of ''day'', ''week'', ''month'', ''quarter'', ''year''.')
FROM unnest(ARRAY['', 'days', 'Month', 'MONTH', 'mon', ' day', 'decade', 'isoyear', 'hour', repeat('month', 100)]) AS period,
    unnest(ARRAY[
        'SELECT period_start(date ''2025-01-01'', %L)', 'SELECT period_start(timestamp ''2025-01-01'', %L)',
        'SELECT period_start(timestamptz ''2025-01-01'', %L, ''UTC'')']) AS statement;

-- infinite times

SELECT pg_temp.refuses(statement, '22008', 'infinite', 'Leave such rows out%')
FROM unnest(ARRAY[
    'SELECT period_start(date ''infinity'', ''day'')', 'SELECT period_start(date ''-infinity'', ''year'')',
    'SELECT period_start(timestamp ''infinity'', ''day'')', 'SELECT period_start(timestamp ''-infinity'', ''week'')',
    'SELECT period_start(timestamptz ''infinity'', ''day'', ''UTC'')',
    'SELECT period_start(timestamptz ''-infinity'', ''month'', ''Europe/Berlin'')']) AS statement;

-- forms that exist to be refused

SELECT pg_temp.refuses(statement, '22023', 'timestamptz needs a time_zone',
    'Name the time zone whose days are meant%untyped literal needs a type%')
FROM unnest(ARRAY[
    'SELECT period_start(timestamptz ''2025-01-01'', ''day'')', 'SELECT period_start(now(), ''day'')',
    'SELECT period_start(''2025-01-01'', ''day'')']) AS statement;
SELECT pg_temp.refuses(statement, '22023', 'time_zone applies to timestamptz only', 'Leave the time zone out%')
FROM unnest(ARRAY[
    'SELECT period_start(date ''2025-01-01'', ''day'', ''UTC'')', 'SELECT period_start(current_date, ''day'', ''UTC'')',
    'SELECT period_start(timestamp ''2025-01-01'', ''day'', ''Europe/Berlin'')',
    'SELECT period_start(localtimestamp, ''day'', ''UTC'')']) AS statement;

SELECT is(period_start(at, period, zone), NULL, 'NULL gives NULL')
FROM (VALUES (NULL::timestamptz, 'day', 'UTC'), (now(), NULL, 'UTC'), (now(), 'day', NULL)) AS n(at, period, zone);

SELECT * FROM finish();
ROLLBACK;
