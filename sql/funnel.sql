-- Funnels: how far customers come along a chain of steps, and what it takes to reach a target.

SET DateStyle = ISO;
SET IntervalStyle = postgres;

-- What visitors of a shop did, and which step that is.
CREATE TABLE visit (customer integer, at timestamp, did text);
INSERT INTO visit VALUES
    (1, '2025-03-01 10:00', 'view'), (1, '2025-03-01 10:05', 'cart'), (1, '2025-03-02 09:00', 'order'),
    (2, '2025-03-01 11:00', 'view'), (2, '2025-03-09 11:00', 'view'), (2, '2025-03-09 11:30', 'cart'),
    (3, '2025-03-03 12:00', 'cart'), (3, '2025-03-03 12:10', 'view'), (3, '2025-03-04 12:10', 'help'),
    (4, '2025-03-05 08:00', 'help'),
    (5, '2025-03-01 10:00', 'view'), (5, '2025-03-20 10:00', 'cart'), (5, '2025-03-21 10:00', 'order'),
    (6, '2025-03-07 15:00', 'view'), (6, '2025-03-07 15:00', 'cart'), (6, '2025-03-07 15:00', 'order');
CREATE TABLE step (number integer, did text);
INSERT INTO step VALUES (1, 'view'), (2, 'cart'), (3, 'order');

-- The deepest step of each customer within a week of the first one, and when each step was reached.
CREATE VIEW reached AS
SELECT customer, funnel_level(at, number, '7 days') AS level, funnel_times(at, number, '7 days') AS times
FROM visit LEFT JOIN step USING (did) GROUP BY customer;
SELECT * FROM reached ORDER BY customer;

-- All together
SELECT f, step_count(f), funnel_count(f, 2) AS carts, funnel_counts(f) FROM (SELECT funnel_agg(level, 3) AS f FROM reached) s;
SELECT step_number, count, round(pct_of_first::numeric, 1) AS pct_of_first, round(pct_of_first_lower::numeric, 1) AS lower,
    round(pct_of_first_upper::numeric, 1) AS upper, round(pct_of_previous::numeric, 1) AS pct_of_previous
FROM (SELECT funnel_agg(level, 3) AS f FROM reached) s, funnel_points(s.f);

-- How long it took from one step to the next, in the middle
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY times[2] - times[1]) AS to_cart,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY times[3] - times[2]) AS to_order FROM reached;

-- Rules: steps at one time follow each other, or do not; any view may be the first step, or only the earliest.
SELECT customer, funnel_level(at, number, '7 days', 'advance') AS advance, funnel_level(at, number, '7 days', 'strict') AS strict,
    funnel_level(at, number, '7 days', 'advance', 'first') AS first
FROM visit JOIN step USING (did) WHERE customer IN (2, 6) GROUP BY customer ORDER BY customer;

-- A window by the calendar, its end included: a month from 31 January ends on 28 February.
SELECT funnel_level(day, number, '1 month') AS in_time, funnel_level(day + number - 1, number, '1 month') AS a_day_late
FROM (VALUES (date '2025-01-31', 1), ('2025-02-28', 2)) v(day, number);

-- Instants have days in a time zone: where clocks are set back, a day has 25 hours.
SELECT zone, funnel_level(at, number, '1 day', zone) FROM unnest(ARRAY['Europe/Berlin', 'UTC']) zone,
    (VALUES (timestamptz '2024-10-26 22:00+00', 1), ('2024-10-27 23:00+00', 2)) v(at, number) GROUP BY zone ORDER BY zone;

-- An event that fills several steps is a row for each.
SELECT funnel_level(at, number, '1 day') FROM (VALUES (timestamp '2025-03-01 10:00')) v(at), generate_series(1, 3) number;

-- Nothing: no row is NULL, no usable one 0.
SELECT funnel_level(at, 1, '1 day') AS none FROM visit WHERE false;
SELECT funnel_level(NULL::date, 1, '1 day') AS no_time, funnel_times(NULL::date, 1, '1 day') AS times;

-- Counts that are known already; sums and parts.
SELECT funnel(80, 40, 4, 1), '(80,40,4,1)'::funnel = funnel(80, 40, 4, 1) AS same, funnel(80, 40, 4, 1)::jsonb;
SELECT funnel(80, 40) + funnel(8, 3) AS sum, funnel(80, 40) - funnel(8, 3) AS rest, rollup(f) FROM (VALUES (funnel(80, 40)), ('(8,3)'), (NULL)) v(f);
SELECT DISTINCT f FROM (VALUES (funnel(2, 1)), ('(2,1)'), ('(2)')) v(f) ORDER BY f;

-- A plan: ten buyers take 40 meetings, 400 offers and 800 calls, and more to be safe.
SELECT step_number, needed, safe_needed, rate, round(safe_rate::numeric, 4) AS safe_rate FROM funnel_plan(funnel(800, 400, 40, 10), 10);
SELECT needed FROM funnel_plan(funnel(80, 40, 4, 1), 25);

-- What is refused, and what to do about it.
SELECT funnel_level(now(), 1, '1 day');
SELECT funnel_level(date '2025-01-01', 1, '1 day', 'UTC', 'strict', 'best');
SELECT funnel_level(date '2025-01-01', 0, '1 day');
SELECT funnel_level(date '2025-01-01', 1, '-1 day');
SELECT funnel_level(date '2025-01-01', 1, '1 day', 'sometimes');
SELECT funnel_level(date '2025-01-01', 1, n * interval '1 day') FROM generate_series(1, 2) n;
SELECT funnel_level(date 'infinity', 1, '1 day');
SELECT funnel(80, 40, 41);
SELECT '(80,40,41)'::funnel;
SELECT funnel(80, 40) + funnel(80);
SELECT funnel_agg(4, 3);
SELECT funnel_count(funnel(80, 40), 3);
SELECT * FROM funnel_plan(funnel(80, 40, 0, 0), 10);
SELECT * FROM funnel_plan(funnel(80, 40), -1);
DROP VIEW reached;
DROP TABLE visit, step;
