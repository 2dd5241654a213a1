-- What to put where a value of some type is wanted: expressions that are likely to be taken, and hostile ones.
CREATE TABLE fuzz.pool (type regtype, hostile boolean, expressions text[], PRIMARY KEY (type, hostile));
ALTER TABLE fuzz.pool ALTER expressions SET STORAGE EXTERNAL;

CREATE FUNCTION fuzz.literals(type regtype, forms text[]) RETURNS text[] LANGUAGE sql AS $$
    SELECT array_agg(format('%L::%s', form, type) ORDER BY i) FROM unnest(forms) WITH ORDINALITY AS f(form, i)
$$;

INSERT INTO fuzz.pool VALUES ('record', false, '{"ROW(1, 2)","ROW(2, ''a''::text)","ROW(NULL::text)","ROW(date ''2025-01-01'', 5.5)"}'),
    ('record', true, '{ROW(),"ROW(''(1,2)''::point)","ROW(NULL::xml)","NULL::record","ROW(''NaN''::numeric, repeat(''x'', 100000))"}');
INSERT INTO fuzz.pool
SELECT type::regtype, false, fuzz.literals(type::regtype, string_to_array(forms, '|'))
FROM (VALUES
    ('boolean', 'true|false'),
    ('smallint', '0|1|2|5|9|10'), ('integer', '0|1|2|3|4|5|7|10|30|90'), ('bigint', '0|1|2|3|5|10|1000|80'),
    ('real', '0.5|0.95|1|2|7|10|0.1'), ('double precision', '0.5|0.95|0.9|1|2|5|10|0.1|30|50'),
    ('numeric', '0.5|0.8|0.95|1|2|10|0.03|12.5|1000.0000|0.1'),
    ('text', 'day|week|month|quarter|year|UTC|Europe/Berlin|days|orders|score|1-5|0-10'),
    ('uuid', '00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff|12345678-0000-0000-0000-000000000001'),
    ('date', '2024-01-01|2024-02-29|2025-01-01|2025-03-15|2025-07-01|2026-01-01|2024-06-30'),
    ('timestamp', '2024-01-01|2024-02-29 12:00|2025-01-01 23:59:59.999999|2025-03-30 02:30|2025-07-01'),
    ('timestamptz', '2024-01-01 00:00+00|2024-02-29 12:00+02|2025-01-01 23:59:59.999999+00|2025-03-30 02:30+01|2025-07-01 00:00+14'),
    ('interval', '1 day|1 month|3 months|6 months|1 year|36:00|1 month 2 days 03:04'),
    ('activity', '[month 2025-01-01 2025-03-15]{12/10/0/0/0:250.5/0/0/0/0;;3/0/2/1/8:0/60/20/190/-5}|[day 2025-01-01 2025-01-04]{1/1/0/0/0:5/0/0/0/0;0/0/0/0/1:0/0/0/5/0;}|[year 2020-01-01 2025-01-01]{;;;;}'),
    ('date[]', '{2024-01-01,2025-01-01}|{2025-03-15}'), ('numeric[]', '{100,50.5}|{7}|{5,50}'),
    ('integer[]', '{0,1,1,0}|{0,0,0,0}|{1}|{0,1,2,0}'),
    ('bigint[]', '{80,40,4,1}|{3,0,2,10,7}|{1}|{5,5}'), ('double precision[]', '{0.5,0.2}|{1,1,1}|{0,5,3,30}'),
    ('text[]', '{a,b}|{name}|{city,age}'),
    ('nps', '(50,30,20)|(0,0,0)|(1,0,0)|(3,2,1)'),
    ('baskets', '{}|{"1001": ["beer", "bread"], "1002": ["bread"]}|{"1": ["a"], "2": ["a", "b"], "3": ["a", "b", "c"], "4": ["c"]}|{"": [""]}'),
    ('rating_distribution', '[1..5](3,0,2,10,7)|[1..5](0,0,0,0,1)|[1..7](1,2,3,4,5,6,7)|[0..10](0,0,0,0,0,0,0,0,0,0,0)'),
    ('purchase_history', '{}|{2025-01-03:12.5,2025-02-01:7.25/2,2025-03-01:-5/0/1}|{2024-01-01:10}|{2023-05-05:1/3/1,2024-12-31:0,2025-06-30:100.0001}|'
        '{2025-01-01:5,2025-01-15:5,2025-02-03:6,2025-02-20:5,2025-03-09:7,2025-04-01:5,2025-05-05:5,2025-06-06:5}'),
    ('retention', '[month 2025-01-01 2025-03-15 +2]{10/6,4/4;7/7}|[year 2020-01-01 2025-01-01 +0]{2/1,0/0,1/1,0/0,0/0;1/1,0/0,0/0,0/0;0/0,0/0,0/0;0/0,0/0;1/1}|[day 2025-01-01 2025-01-04 +0]{2/1,1/1,0/0;0/0,0/0;1/1}'),
    ('survival', '{1:1,2:1/1,3:0/1}|{}|{0:5,30:2/3,365:1/9}|{7:0/4}'), ('survival[]', '{"{1:1,2:1/1}","{3:0/1}"}|{}|{"{0:5,30:2/3}","{}","{7:0/4}"}'),
    ('experiment', '{"control":(6;55,54;1133,972,852),"treated":(6;78,58;2102,1447,1014)}|{}|{"a":(2;30,20;500,350,250)}|{"a":(3;6,3,4;14,6,3,9,4,6),"b":(3;9,3,5;29,9,3,16,5,9)}'),
    ('experiment[]', '{"{\"a\":(2;30,20;500,350,250),\"control\":(2;3,2;5,3,2)}","{\"control\":(1;3,2;9,6,4)}"}|{}'),
    ('points_account', '{}|{2025-01-03:100}|{2025-01-03:100,2025-02-01@2026-02-01:20,2025-02-01:50/30}|{2024-01-01@2024-06-01:5,2024-03-01:0/12.5}'),
    ('funnel', '(80,40,4,1)|(1)|(0,0)|(5,5,5)|(9,1,0,0,0)')) AS p(type, forms);

INSERT INTO fuzz.pool
SELECT type::regtype, true, ARRAY[format('NULL::%s', type::regtype)] || fuzz.literals(type::regtype, string_to_array(forms, '|'))
FROM (VALUES
    ('boolean', 'true'),
    ('smallint', '-32768|32767|-1|11'), ('integer', '-2147483648|2147483647|-1|11|1000|1001|101|100000|33000000'),
    ('bigint', '-9223372036854775808|9223372036854775807|-1|4611686018427387904|922337203685477|922337203685478|3037000500'),
    ('real', 'NaN|Infinity|-Infinity|-0|3.4e38|1e-45|-1|16777217|1e15'),
    ('double precision', 'NaN|Infinity|-Infinity|-0|1.7976931348623157e308|5e-324|-1|-100|100|1e15|9007199254740993|0.9999999999999999|1e-17|0'),
    ('numeric', 'NaN|Infinity|-Infinity|-0.00001|922337203685477.5807|922337203685477.58075|-922337203685477.5808|1e38|1e37|1e131071|1e-16383|-1|'
        '0.000000000000000000001|0.99999999999999999999|170141183460469231731687303715884105727|12345678901234567890.123456789012345678|0|1.5'),
    ('text', '|Day| month|days |CET|EST5EDT|../../etc/passwd|Europe/Nowhere|+02|<foo>5|posixrules|''|"|%s|\|$$|null|pg_catalog|wald|first|strict|loyalty'),
    ('uuid', '00000000-0000-0000-0000-000000000001'),
    ('date', 'infinity|-infinity|4714-11-24 BC|5874897-12-31|294277-01-01|0001-01-01 BC|2000-01-01'),
    ('timestamp', 'infinity|-infinity|4714-11-24 BC|294276-12-31 23:59:59.999999|1970-01-01|2000-01-01'),
    ('timestamptz', 'infinity|-infinity|4714-11-24 BC 00:00+00|294276-12-31 23:59:59.999999+00|2000-01-01 00:00+00|1883-11-18 12:00-05'),
    ('interval', '0|-1 day|1 month -1 day|178000000 years|2147483647 months|2147483647 days|2562047788:00:54.775807|-1 month 400 days|00:00:00.000001'),
    ('activity', '[month 2025-01-01 2025-01-15]{9223372036854775807/9223372036854775807/0/0/0:17014118346046923173168730371588410.5727/0/0/0/-17014118346046923173168730371588410.5727}|[day 5874897-12-31 5874897-12-31]{}|[week 4713-02-09 BC 4713-03-01 BC]{;;}'),
    ('date[]', '{}|{NULL}|{2025-01-01,2024-01-01}|{infinity}|{-infinity,2025-01-01}|{{2024-01-01},{2025-01-01}}|{4714-11-24 BC}'), ('numeric[]', '{}|{NULL}|{NaN}|{1e131071,1}|{-5,0}'),
    ('integer[]', '{}|{NULL}|{1,NULL}|{{1,2},{3,4}}|[5:6]={0,1}|{-1}|{1000}|{2147483647}|{-2147483648,0}'),
    ('bigint[]', '{}|{NULL}|{1,NULL}|{{1,2},{3,4}}|[5:6]={2,1}|{1,2}|{-1}|{9223372036854775807,1}|{9223372036854775807,9223372036854775807}'),
    ('double precision[]', '{}|{NULL}|{NaN,Infinity}|{{1},{2}}'),
    ('text[]', '{}|{NULL}|{{a}}|{"","\""}'), ('bytea', '\x|\x00|\xffffffffffffffffffffffffffffffffffff'),
    ('baskets', '{"заказ": ["чай", "😀"], "зак": ["\\", "\""]}|{"a": ["a", "b"], "b": ["b", "a"]}|{"\u0001": [" ", "\n"]}'),
    ('nps', '(9223372036854775807,0,0)|(0,0,9223372036854775807)|(4611686018427387903,1,4611686018427387903)|(0,9223372036854775807,0)'),
    ('rating_distribution', '[-1000..-900](0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1)|'
        '[999..1000](9223372036854775807,0)|[0..1](1,9223372036854775806)'),
    ('purchase_history', '{4714-11-24 BC:922337203685477.5807,5874897-12-31:922337203685477.5807}|{2025-01-01:-922337203685477.5808/4294967295/4294967295}|'
        '{5874897-12-31:1}|{4714-11-24 BC:-1/0/1}|{2025-01-01:0.0001/2147483648}'),
    ('retention', '[day 2000-01-01 2000-01-01 +9223372036854775807]{}|[month 2025-01-01 2025-03-15 +0]{9223372036854775807/9223372036854775807,0/0;0/0}|'
        '[week 4713-02-09 BC 4713-03-01 BC +0]{1/0,1/1,0/0;0/0,0/0;0/0}|[year 5874894-01-01 5874897-12-31 +0]{1/0,0/0,1/1;0/0,0/0;0/0}'),
    ('survival', '{2147483647:9223372036854775807}|{0:0/9223372036854775807}|{0:1,2147483647:1}|{1:9223372036854775806,2:1}'),
    ('survival[]', '{NULL}|{{"{1:1}"},{"{2:1}"}}|[5:6]={"{1:1}","{2:1}"}|{"{1:9223372036854775807}"}|{"{}","{2147483647:0/9223372036854775807}"}'),
    ('experiment', '{"control":(9223372036854775807;0,0;0,0,0),"a":(9223372036854775807;0,0;0,0,0)}|{"control":(1;-1000000000000000,0;1000000000000000000000000000000,0,0),"":(2;0.0001,0;0.00000001,0,0)}|{"a\"\\b":(1;0,0,0;0,0,0,0,0,0)}|{"control":(2;0,0,-5;8,0,0,0,0,13)}'),
    ('experiment[]', '{NULL}|{{"{}"},{"{}"}}|[5:6]={"{\"a\":(1;0,0;0,0,0)}","{\"a\":(1;0,0,0;0,0,0,0,0,0)}"}'),
    ('points_account', '{2025-01-03:922337203685477.5807}|{4714-11-24 BC@4714-11-24 BC:1,5874897-12-31@5874897-12-31:1}|{2025-01-03:0/922337203685477.5807}|{4714-11-24 BC:0.0001/1,5874897-12-31:3}'),
    ('funnel', '(9223372036854775807)|(9223372036854775807,9223372036854775807,0)|(0)|(9223372036854775807,1)')) AS p(type, forms);

CREATE FUNCTION fuzz.add(type regtype, hostile boolean, expression text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO fuzz.pool VALUES (type, hostile, ARRAY[expression])
    ON CONFLICT ON CONSTRAINT pool_pkey DO UPDATE SET expressions = pool.expressions || excluded.expressions
$$;

-- What functions of classes hand on.
CREATE FUNCTION fuzz.rules() RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT _clientele.class_rules('{2025-07-01}', 'month', '1 year', 'revenue', 0.8, 0.95, 'variation', '6 months', 3, 2, 0.2, 1.2, '3 months', '6 months', '6 months', 3, 'days', 5, 2)
$$;
CREATE FUNCTION fuzz.long_history() RETURNS purchase_history LANGUAGE sql IMMUTABLE AS $$ SELECT history_agg(date '2024-01-01' + i * 20, i + 0.25) FROM generate_series(1, 25) i $$;
CREATE FUNCTION fuzz.limits() RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT _clientele.class_limits(h, h, fuzz.rules()) FROM (VALUES (fuzz.long_history()), ('{2025-01-03:12.5,2025-02-01:7.25/2,2025-03-01:-5/0/1}')) v(h)
$$;
CREATE FUNCTION fuzz.curve() RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT _clientele.pareto_curve(h, h, fuzz.rules()) FROM (VALUES (fuzz.long_history()), ('{2025-01-03:12.5,2025-02-01:7.25/2,2025-03-01:-5/0/1}')) v(h)
$$;

-- Large values, and forms that are stored compressed.
SELECT fuzz.add('text', true, 'repeat(''x'', 1000000)'), fuzz.add('text', true, 'repeat(''Europe/'', 1000)'),
    fuzz.add('numeric', true, '(1e131071 - 1)'), fuzz.add('numeric', true, '(1e-16383 + 1e20)'),
    fuzz.add('bigint[]', true, 'array_fill(1::bigint, ARRAY[1000])'), fuzz.add('bigint[]', true, 'array_fill(1::bigint, ARRAY[1001])'),
    fuzz.add('bigint[]', true, 'array_fill(1::bigint, ARRAY[1000000])'), fuzz.add('text[]', true, 'array_fill(''a''::text, ARRAY[100000])'),
    fuzz.add('double precision[]', true, 'array_fill(0.1::float8, ARRAY[100000])'),
    fuzz.add('funnel', true, '(SELECT funnel(VARIADIC array_agg(2000 - i::bigint)) FROM generate_series(1, 1000) i)'),
    fuzz.add('purchase_history', true, '(SELECT history_agg(date ''2000-01-01'' + i, i) FROM generate_series(1, 1500) i)'),
    fuzz.add('purchase_history', true, '(SELECT history_agg(date ''-infinity'' + 0, 1) FILTER (WHERE false) FROM generate_series(1, 2) i)'),
    fuzz.add('purchase_history', true, '(SELECT history_agg(date ''4714-11-24 BC'' + i * 1000000, 1) FROM generate_series(0, 2000) i)'),
    fuzz.add('bytea', false, 'fuzz.rules()'), fuzz.add('bytea', false, 'fuzz.limits()'), fuzz.add('bytea', false, 'fuzz.curve()'),
    fuzz.add('bytea', false, '(SELECT _clientele.preferences_agg(date ''2024-01-01'' + i % 7, i, nullif(i % 3, 0)::text, (i % 4)::text) FROM generate_series(1, 25) i)'),
    fuzz.add('bytea', false, '(SELECT _clientele.stage_migration(fuzz.long_history(), fuzz.rules()))'),
    fuzz.add('bytea', false, '_clientele.customer_figures(''{2025-01-03:12.5,2025-02-01:7.25/2,2025-03-01:-5/0/1}'', ''{2025-01-03:2}'', fuzz.limits())'),
    fuzz.add('bytea', false, '_clientele.customer_figures(fuzz.long_history(), NULL, fuzz.limits())'),
    fuzz.add('bytea', true, '_clientele.class_rules(''{2024-07-01,2025-07-01}'', ''week'', NULL, ''profit'', 1e-30, 0.95, ''frequency'', ''6 months'', 3, 2, 0, 1000, ''3 months'', ''6 months'', ''6 months'', 3, ''orders'')'),
    fuzz.add('activity', true, '(SELECT activity_agg(history_agg, ''day'', ''1998-01-01'', ''2025-01-01'') FROM (SELECT history_agg(date ''2000-01-01'' + i * 7, i - 5) FROM generate_series(1, 1000) i) h)'),
    fuzz.add('baskets', true, '(SELECT basket_agg(i % 700, i * i % 311) FROM generate_series(1, 3000) i)'), fuzz.add('baskets', true, '(SELECT basket_agg(1, repeat(''x'', i)) FROM generate_series(0, 300) i)'),
    fuzz.add('_clientele.offer_rules', false, '(SELECT _clientele.offer_rules(p.product, p.with_product, p.baskets, p.baskets_with_both) FROM basket_pairs(''{"1": ["a", "b"], "2": ["a", "c", "name"]}'', 1) p)'),
    fuzz.add('_clientele.offer_rules', true, 'NULL::_clientele.offer_rules'),
    fuzz.add('survival', true, '(SELECT survival_agg(i, i % 3 = 0) FROM generate_series(0, 1500) i)'),
    fuzz.add('experiment', true, '(SELECT experiment_agg((i % 700)::text, i * i - 9000, i) FROM generate_series(0, 1500) i)'),
    fuzz.add('points_account', true, '(SELECT points_agg(date ''2020-01-01'' + i % 700, i % 90 - 30, date ''2020-06-01'' + i % 800) FROM generate_series(0, 1500) i)'),
    fuzz.add('survival[]', true, 'array_fill(''{1:1}''::survival, ARRAY[1001])'),
    fuzz.add('retention', true, '(SELECT retention_curve(i % 50, date ''2024-12-01'' + i % 30, ''day'', date ''2025-01-01'') FROM generate_series(0, 300) i)'),
    fuzz.add('retention', true, '(SELECT retention_curve(i, date ''1970-01-01'' + i * 50, ''year'', date ''2025-01-01'') FROM generate_series(0, 500) i)');
SELECT fuzz.add('interval', true, '''infinity''::interval'), fuzz.add('interval', true, '''-infinity''::interval')
WHERE current_setting('server_version_num')::integer >= 170000;

-- For regclass: relations that can be attached and some that cannot, one with hostile names.
CREATE TABLE fuzz.orders AS SELECT 1 AS customer, date '2025-01-01' AS ordered_at, 5.0 AS amount;
CREATE TABLE fuzz."o""r'd%I$$s" AS SELECT 1 AS "customer_""id", now() AS "ordered '' at", 5.0 AS "amount;--";
CREATE TABLE fuzz.nothing ();
CREATE VIEW fuzz.orders_view AS SELECT * FROM fuzz.orders;
CREATE SEQUENCE fuzz.some_sequence;
INSERT INTO fuzz.pool VALUES
    ('regclass', false, fuzz.literals('regclass', ARRAY['fuzz.orders', 'fuzz.orders_view'])),
    ('regclass', true, ARRAY['NULL::regclass'] || fuzz.literals('regclass', ARRAY['fuzz."o""r''d%I$$s"', 'fuzz.nothing', 'fuzz.some_sequence', 'pg_class', '0', '4294967295'])),
    ('regrole', false, fuzz.literals('regrole', ARRAY['pg_monitor'])), ('regrole', true, ARRAY['NULL::regrole'] || fuzz.literals('regrole', ARRAY['0', '4294967295'])),
    ('oid', false, ARRAY['''fuzz.orders''::regclass::oid']), ('oid', true, ARRAY['NULL::oid'] || fuzz.literals('oid', ARRAY['0', '4294967295'])),
    ('xid', false, fuzz.literals('xid', ARRAY['3', '1000'])), ('xid', true, ARRAY['NULL::xid'] || fuzz.literals('xid', ARRAY['0', '4294967295'])),
    ('name', false, fuzz.literals('name', ARRAY['customer', 'orders'])), ('name', true, ARRAY['NULL::name'] || fuzz.literals('name', ARRAY['', 'a"b'])),
    ('name[]', false, fuzz.literals('name[]', ARRAY['{customer,amount}', '{other}'])), ('name[]', true, fuzz.literals('name[]', ARRAY['{}', '{{customer}}']) || ARRAY['NULL::name[]']),
    ('cstring', false, ARRAY['''''::cstring', '''(1,2,3)''::cstring']), ('cstring', true, ARRAY['''x''::cstring']);
UPDATE fuzz.pool SET expressions = expressions || ARRAY['''\x''::bytea', '''\x01000000''::bytea'] WHERE type = 'bytea'::regtype AND NOT hostile;

-- The pools as they are before a batch adds its own mutants.
CREATE TABLE fuzz.initial_pool AS TABLE fuzz.pool;

CREATE FUNCTION fuzz.expression(type regtype, hostility float8) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    choice text;
    is_hostile boolean := random() < hostility;
BEGIN
    SELECT fuzz.one_of(p.expressions) INTO choice FROM fuzz.pool p
    WHERE p.type = expression.type AND p.hostile = is_hostile;
    RETURN coalesce(choice, format('NULL::%s', type));
END
$$;
