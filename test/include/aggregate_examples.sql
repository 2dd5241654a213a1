-- For every aggregate of the extension, as the catalogue lists them, what to aggregate: so that a new one cannot be forgotten.

-- What to aggregate: for each name and number of arguments an expression for each argument, cast to the one that is declared.
CREATE TEMPORARY TABLE arguments (name text, expressions text[]);
INSERT INTO arguments VALUES
    ('nps_agg', '{n % 11}'), ('nps_agg', '{n % 11, n % 4}'),
    ('rating_agg', '{1 + n % 5, 1, 5}'), ('rating_agg', '{1 + n % 5, 1, 5, n % 4}'),
    ('history_agg', '{day, amount}'), ('history_agg', '{day, amount, ''Europe/Berlin''}'),
    ('order_history_agg', '{day, amount, ''Europe/Berlin'', true}'),
    ('gini', '{amount}'), ('gini_values', '{amount}'), ('gini_of_all', '{"(SELECT _clientele.gini_values(v / 8.0) FROM generate_series(1, 9) v)"}'),
    ('variation', '{amount}'), ('xyz_class', '{amount}'), ('xyz_class', '{amount, 0.2, 0.9}'),
    ('survival_agg', '{n % 400, n % 3 = 0}'), ('repeat_survival', '{history, date ''2025-01-01'', 20}'), ('funnel_agg', '{n % 5, 4}'),
    ('points_agg', '{day, amount}'), ('points_agg', '{day, amount, day + n % 200}'), ('points_redemption', '{points_account, date ''2025-01-01''}'),
    ('funnel_level', '{day, 1 + n % 4, interval ''40 days''}'), ('funnel_times', '{day, 1 + n % 4, interval ''40 days''}'),
    ('express_test', '{history, date ''2025-01-01'', 500}'),
    ('express_test', '{history, date ''2025-01-01'', 500, interval ''7 months'', interval ''2 months'', 4, ''orders'', 0.05, ''sales'', 0.9}'),
    ('activity_agg', '{history, ''month'', date ''2024-01-01'', date ''2025-01-01''}'),
    ('class_limits', '{history, history, (SELECT rules FROM example_rules)}'), ('pareto_curve', '{history, history, (SELECT rules FROM example_rules)}'), ('stage_migration', '{history, (SELECT rules FROM example_rules)}'),
    ('preferences_agg', '{day, amount, n % 3, "nullif(n % 5, 0)"}'), ('preferences_agg', '{history, n % 3, n % 2}'),
    ('preference_tallies', '{(SELECT preferences FROM example_preferences), date ''2024-03-01''}'),
    ('basket_agg', '{n / 4, n % 20}'), ('offer_rules', '{n % 20, n % 30, 50, 1 + n % 40}'),
    ('experiment_agg', '{n % 3, amount, n % 50}'), ('experiment_agg', '{n % 3, amount, n % 50, n % 4}'),
    ('tier_tally', '{history, history, (SELECT tiers FROM example_rules), date ''2024-01-01'', date ''2025-01-01''}'), ('tier_migration', '{history, (SELECT tiers FROM example_rules), (SELECT ends FROM example_rules)}'),
    ('campaign_agg', '{history, history, n % 3, date ''2023-08-01'', date ''2023-11-01'', date ''2024-05-01'', 200, n % 2 = 0}'),
    ('row_digests', '{"_clientele.row_digest(ROW(customer, day, amount))"}'),
    ('cell_migration', '{history, history, (SELECT limits FROM example_rules)}'),
    ('retention_curve', '{history, ''month'', date ''2025-01-01''}'), ('retention_curve', '{customer, day, ''week'', date ''2025-01-01''}'),
    ('retention_curve', '{customer, day, ''month'', date ''2025-01-01'', ''Asia/Tokyo''}');
-- Words follow the first three arguments of these, a zone where times have one.
INSERT INTO arguments
SELECT name, ARRAY['day', '1 + n % 4', 'interval ''40 days'''] || (words)[1:more] FROM unnest(ARRAY['funnel_level', 'funnel_times']) AS name,
    (VALUES (ARRAY['''strict''', '''first''']), (ARRAY['''America/New_York''', '''strict''', '''first'''])) AS w(words), generate_series(1, cardinality(words)) AS more;

CREATE TEMPORARY TABLE aggregate AS
SELECT p.oid::regprocedure AS routine, p.proname AS name, p.proargtypes::regtype[] AS types, a.aggcombinefn, p.proparallel
FROM pg_proc p JOIN pg_aggregate a ON a.aggfnoid = p.oid
    JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'clientele'
WHERE obj_description(p.oid, 'pg_proc') NOT LIKE 'Always an error%';

-- Ordinary tables: no parallel worker sees a temporary one.
CREATE TABLE example_rows AS
SELECT n, (hashint4(n) & 1023) % 300 AS customer, date '2023-06-01' + (hashint4(n + 1) & 511) AS day,
    round(((hashint4(n + 2) & 65535) - 3000) % 30000 / 100.0, 2) AS amount, n % 7 AS part
FROM generate_series(1, 4000) AS n;
INSERT INTO example_rows (n, part) SELECT n, n % 7 FROM generate_series(4001, 4100) AS n;
CREATE TABLE example_values AS
SELECT customer % 7 AS part, customer AS n, history_agg(day, amount) AS history, history_agg(day, amount) AS purchase_history, nps_agg(n % 11) AS nps,
    rating_agg(1 + n % 5, 1, 5) AS rating_distribution, survival_agg(n % 400, n % 3 = 0) AS survival,
    ARRAY[survival_agg(n % 400, n % 3 = 0), survival_agg(n % 30, n % 5 > 0)] AS _survival, funnel_agg(n % 5, 4) AS funnel,
    retention_curve(customer, day, 'month', '2025-01-01') AS retention, basket_agg(n / 4, n % 20) AS baskets, points_agg(day, amount, day + n % 200) AS points_account, NULL::activity AS activity,
    experiment_agg((n % 3)::text, amount, n % 50) AS experiment
FROM example_rows GROUP BY customer;
UPDATE example_values v SET activity = (SELECT activity_agg(h.history, 'month', '2024-01-01', '2025-01-01') FROM (SELECT v.history) h);
-- Classes and stages at three dates.
CREATE TABLE example_rules AS
SELECT r.rules, _clientele.class_limits(v.history, v.history, r.rules) AS limits,
    _clientele.tier_rules('{20,80}', interval '12 months', interval '45 days', 'spend', false) AS tiers, '{2024-01-01,2024-07-01,2025-01-01}'::date[] AS ends
FROM _clientele.class_rules('{2024-01-01,2024-07-01,2025-01-01}', 'month', interval '12 months', 'revenue', 0.8, 0.95, 'variation', interval '6 months', 3, 2,
    0.3, 1.2, interval '3 months', interval '6 months', interval '6 months', 3, 'days') r(rules), example_values v
GROUP BY r.rules;
CREATE TABLE example_preferences AS
SELECT _clientele.preferences_agg(v.history, (v.n % 5)::text, nullif(v.n % 7, 0)::text) AS preferences FROM example_values v;
ANALYZE example_rows, example_values;

-- An expression as the declared type; uuids and texts stand for the same customers.
CREATE FUNCTION pg_temp.typed(expression text, type regtype) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN type = 'uuid'::regtype THEN format('md5((%s)::text)::uuid', expression)
        WHEN type = 'smallint'::regtype AND expression = 'amount' THEN '(amount::integer)::smallint'
        ELSE format('(%s)::%s', expression, type) END
$$;
CREATE FUNCTION pg_temp.typed_list(types regtype[], expressions text[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(pg_temp.typed(e.expression, t.type), ', ' ORDER BY i)
    FROM unnest(types) WITH ORDINALITY AS t(type, i) JOIN unnest(expressions) WITH ORDINALITY AS e(expression, i) USING (i)
$$;

-- The fourth argument of a funnel is a zone exactly where its times have one; rollup takes the column that is named as its type.
CREATE TEMPORARY TABLE aggregate_example AS
SELECT a.routine, pg_temp.typed_list(a.types, g.expressions) AS arguments,
    CASE WHEN a.types[0] IN ('purchase_history'::regtype, 'points_account'::regtype) OR a.name = 'rollup' THEN 'example_values' ELSE 'example_rows' END AS source
FROM aggregate a
    JOIN (TABLE arguments UNION ALL SELECT 'rollup', ARRAY[typname::text] FROM pg_type WHERE typname IN
        (SELECT attname FROM pg_attribute WHERE attrelid = 'example_values'::regclass AND attnum > 3)) AS g
        ON g.name = a.name AND cardinality(g.expressions) = cardinality(a.types)
            AND (a.name <> 'rollup' OR a.types[0] = g.expressions[1]::regtype)
            AND (g.expressions[1] = 'history') = (a.types[0] = 'purchase_history'::regtype AND a.name <> 'rollup')
            AND ('''America/New_York''' = ANY (g.expressions) OR cardinality(a.types) < 4 OR a.name NOT LIKE 'funnel\_%')
                = (a.types[0] = 'timestamptz'::regtype OR cardinality(a.types) < 4 OR a.name NOT LIKE 'funnel\_%');
