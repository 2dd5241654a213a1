-- Values of each type and states of each kind of aggregate, for release/freeze.sh to keep in all their forms.
\ir forms.sql

INSERT INTO specimen
SELECT f.* FROM (VALUES
    ('nps', '(5,3,2)'), ('nps', '(0,0,0)'), ('nps', '(123456789012,250,1)'), ('nps', '(1,4611686018427387904,4611686018427387901)'),
    ('rating_distribution', '[1..5](3,0,2,10,7)'), ('rating_distribution', '[-7..-5](1,128,0)'), ('rating_distribution', '[0..10](0,0,0,0,0,0,0,0,0,0,9223372036854775807)'),
    ('purchase_history', '{}'), ('purchase_history', '{2025-01-03:12.5,2025-02-01:7.25/2,2025-03-01:-5/0/1}'),
    ('purchase_history', '{4714-11-24 BC:0.0001,2025-01-01:922337203685477.5807/4294967296/70000,5874897-12-31:0}'),
    ('purchase_history', (SELECT history_agg(date '2000-01-01' + n * n % 4000, n % 7 - 1.25)::text FROM generate_series(1, 300) n)),
    ('activity', '[month 2025-01-01 2025-03-15]{12/10/0/0/0:250.5/0/0/0/0;;3/0/2/1/8:0/60/20/190/-5}'), ('activity', '[day 2025-01-01 2025-01-02]{5/3/1/0/2:70000.25/1/0/3/-0.0001}'), ('activity', '[year 2020-01-01 2025-01-01]{;;;;}'),
    ('retention', '[month 2025-01-01 2025-03-15 +2]{10/6,4/4;7/7}'), ('retention', '[week 4713-02-09 BC 4713-03-01 BC +0]{1/0,1/1,0/0;0/0,0/0;0/0}'),
    ('retention', '[year 2020-01-01 2025-01-01 +0]{2/1,0/0,1/1,0/0,0/0;1/1,0/0,0/0,0/0;0/0,0/0,0/0;0/0,0/0;1/1}'),
    ('retention', (SELECT retention_curve(n * n % 97, date '2024-12-01' + n % 31, 'day', date '2025-01-01')::text FROM generate_series(1, 400) n)),
    ('survival', '{}'), ('survival', '{1:1,2:1/1,3:0/1}'), ('survival', '{200:1/70000,30000:5,2147483647:0/9}'),
    ('survival', (SELECT survival_agg(n * n % 1000, n % 3 > 0)::text FROM generate_series(1, 500) n)),
    ('baskets', '{}'), ('baskets', '{"1001": ["beer", "bread"], "1002": ["bread"]}'), ('baskets', (SELECT basket_agg(n / 5, n * n % 61)::text FROM generate_series(1, 400) n)),
    ('experiment', '{}'), ('experiment', '{"control":(6;55,54;1133,972,852),"treated":(6;78,58;2102,1447,1014)}'), ('experiment', '{"a\"b":(1;-1000000000000000.0001,0,2;1000000000000000000200000000000.00000001,0,0,-2000000000000000.0002,0,4)}'),
    ('points_account', '{}'), ('points_account', '{2025-01-03:100,2025-02-01@2026-02-01:20.5,2025-02-01:50/30}'),
    ('funnel', '(80,40,4,1)'), ('funnel', '(0,0)'), ('funnel', '(9223372036854775807,255,0)')) AS v(type, value), forms_of(v.type, v.value) f;

CREATE TABLE argument (aggregate_name text, types text, arguments text);
INSERT INTO argument
SELECT name, type, format('(n * n %% 37)::%s', type)
FROM unnest(ARRAY['gini', 'variation', 'xyz_class']) name, unnest(ARRAY['smallint', 'integer', 'bigint', 'real', 'double precision', 'numeric']) type;
INSERT INTO argument
SELECT 'xyz_class', type || ', numeric, numeric', format('(n + 20)::%s, 0.12, 0.3', type) FROM unnest(ARRAY['smallint', 'integer', 'bigint', 'real', 'double precision']) type;
INSERT INTO argument VALUES
    ('xyz_class', 'numeric, numeric, numeric', 'round(n / 7.0, 4) + 20, 0.12, 0.3'), ('variation', 'numeric', 'trunc(10 ^ (n % 15)::numeric)'), ('variation', 'double precision', 'n * 0.0625::float8'),
    ('gini', 'double precision', 'n * 0.0625::float8'), ('gini', 'numeric', 'round(1e20 / n)'),
    ('_clientele.gini_of_all', 'bytea', '(SELECT _clientele.gini_values(x / 8.0) FROM generate_series(n, n + 2) x)');
INSERT INTO argument
SELECT name, type || ', integer, interval' || options.types, format('%s, 1 + n / 2, interval ''100 days''%s', at, options.arguments)
FROM unnest(ARRAY['funnel_level', 'funnel_times']) name,
    (VALUES ('date', 'date ''2025-01-01'' + n'), ('timestamp', 'timestamp ''2025-01-01'' + n * interval ''30 hours''')) AS t(type, at),
    (VALUES ('', ''), (', text', ', ''strict'''), (', text, text', ', ''advance'', ''first''')) AS options(types, arguments);
INSERT INTO argument
SELECT name, 'timestamptz, integer, interval' || options.types, 'timestamptz ''2025-03-20 22:30+00'' + n * interval ''30 hours'', 1 + n / 2, interval ''100 days''' || options.arguments
FROM unnest(ARRAY['funnel_level', 'funnel_times']) name,
    (VALUES (', text', ', ''Europe/Berlin'''), (', text, text', ', ''Europe/Berlin'', ''strict'''), (', text, text, text', ', ''Europe/Berlin'', ''advance'', ''first''')) AS options(types, arguments);
INSERT INTO argument
SELECT 'express_test', types, format('(SELECT history_agg(date ''2024-01-01'' + n * 3 + d * 50, n + 0.25) FROM generate_series(0, n %% 5) d), date ''2025-01-01'', 100.5%s', arguments)
FROM (VALUES ('purchase_history, date, numeric', ''),
    ('purchase_history, date, numeric, interval, interval, integer, text, numeric, text, double precision', ', interval ''9 months'', interval ''1 month'', 2, ''orders'', 0.1, ''sales'', 0.9')) AS v(types, arguments);

INSERT INTO argument
SELECT '_clientele.' || name, types, format('(SELECT history_agg(date ''2023-06-01'' + n * 3 + d * 50, n + 0.25) FROM generate_series(0, n %% 5) d), %s', rules)
FROM (VALUES ('''{2024-01-01,2024-07-01,2025-01-01}'', ''month'', interval ''1 year'', ''revenue'', 0.8, 0.95, ''frequency'', interval ''6 months'', 3, 2, 0.1, 0.5, interval ''3 months'', interval ''6 months'', interval ''6 months'', 3, ''days''')) a(arguments)
CROSS JOIN LATERAL (VALUES ('stage_migration', 'purchase_history, bytea', format('_clientele.class_rules(%s)', a.arguments)),
    ('cell_migration', 'purchase_history, purchase_history, bytea', format('NULL, _clientele.class_rules_with(_clientele.class_rules(%s), ''{30,40,50}'', ''{20,20,20}'')', a.arguments))) v(name, types, rules);

INSERT INTO argument
SELECT '_clientele.' || name, types, format('(SELECT history_agg(date ''2023-06-01'' + n * 3 + d * 50, n + 0.25) FROM generate_series(0, n %% 5) d), %s', arguments)
FROM (VALUES ('_clientele.tier_rules(''{20,80}'', interval ''12 months'', interval ''45 days'', ''spend'', false)')) r(rules)
CROSS JOIN LATERAL (VALUES ('tier_tally', 'purchase_history, purchase_history, bytea, date, date', format('NULL, %s, ''2024-01-01'', ''2025-01-01''', r.rules)),
    ('tier_migration', 'purchase_history, bytea, date[]', format('%s, ''{2024-01-01,2024-07-01,2025-01-01}''', r.rules))) v(name, types, arguments);

INSERT INTO state_specimen SELECT s.* FROM argument a, state_of(format('%s(%s)', a.aggregate_name, a.types), a.arguments) s;
