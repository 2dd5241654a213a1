-- The settings of a workspace: what they refuse and in which words, what they change, what stays when it is attached again;
-- optional columns; and that no view raises under any of them
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
\ir include/under.sql

CREATE FUNCTION pg_temp.attach(columns text) RETURNS text LANGUAGE sql AS $$
    SELECT format('DO %L', 'BEGIN PERFORM attach_orders(' || columns || ', diagnose => false); END')
$$;
CREATE TABLE orders (customer integer, ordered_at date, amount numeric, profit numeric);
INSERT INTO orders VALUES
    (1, '2024-01-10', 100, 1), (1, '2024-03-05', 100, 1), (1, '2024-05-07', 100, 1), (1, '2024-06-20', 120, -9),
    (2, '2024-06-01', 30, 20), (2, '2024-06-01', 30, 20), (3, '2023-11-11', 10, NULL), (4, '2024-06-25', 0, 0), (4, '2024-06-29', 0.00004, 0),
    (5, '2024-06-30', 5, 4);
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', time_zone => 'UTC') $$, 'attach');

-- what is refused, in words
CREATE TABLE refused AS
SELECT * FROM (VALUES
    ('one_row = false', 'settings has one row'),
    ('as_of = ''yesterday''', 'as_of is auto, today or a date such as 2025-01-31'), ('as_of = ''''', 'as_of is auto, today or a date such as 2025-01-31'),
    ('as_of = ''infinity''', 'as_of is auto, today or a date such as 2025-01-31'), ('as_of = ''31.01.2025''', 'as_of is auto, today or a date such as 2025-01-31'),
    ('as_of = ''2025-01-31 BC''', 'as_of is auto, today or a date such as 2025-01-31'), ('as_of = E''2025-01-31\n''', 'as_of is auto, today or a date such as 2025-01-31'),
    ('period = ''months''', 'period is day, week, month, quarter or year'),
    ('class_window = ''23 hours''', 'class_window is a span of at least a day, or empty'), ('class_window = ''1000 years 1 day''', 'class_window is a span of at least a day, or empty'),
    ('class_window = ''-1 month''', 'class_window is a span of at least a day, or empty'),
    ('abc_by = ''margin''', 'abc_by is revenue, or profit if a profit column is attached'),
    ('abc_by = ''profit'', has_profit = false', 'abc_by is revenue, or profit if a profit column is attached'),
    ('abc_a = 0', 'abc_a and abc_b are shares, 0 < abc_a <= abc_b <= 1'), ('abc_a = 80, abc_b = 95', 'abc_a and abc_b are shares, 0 < abc_a <= abc_b <= 1'),
    ('abc_a = 0.96', 'abc_a and abc_b are shares, 0 < abc_a <= abc_b <= 1'), ('abc_a = ''NaN''', 'abc_a and abc_b are shares, 0 < abc_a <= abc_b <= 1'),
    ('abc_b = ''NaN''', 'abc_a and abc_b are shares, 0 < abc_a <= abc_b <= 1'), ('abc_b = ''Infinity''', 'abc_a and abc_b are shares, 0 < abc_a <= abc_b <= 1'),
    ('xyz_by = ''steadiness''', 'xyz_by is frequency or variation'),
    ('frequency_within = ''0''', 'frequency_within is a span of at least a day'),
    ('y_purchases = 0', 'purchases of X and Y: 1 <= y_purchases <= x_purchases'), ('x_purchases = 1', 'purchases of X and Y: 1 <= y_purchases <= x_purchases'),
    ('xyz_x = -0.01', 'coefficients of variation: 0 <= xyz_x <= xyz_y <= 1000'), ('xyz_y = 0.05', 'coefficients of variation: 0 <= xyz_x <= xyz_y <= 1000'),
    ('xyz_y = ''NaN''', 'coefficients of variation: 0 <= xyz_x <= xyz_y <= 1000'), ('xyz_x = ''NaN'', xyz_y = ''NaN''', 'coefficients of variation: 0 <= xyz_x <= xyz_y <= 1000'),
    ('xyz_y = 1000.001', 'coefficients of variation: 0 <= xyz_x <= xyz_y <= 1000'),
    ('count_by = ''receipts''', 'count_by is days or orders'),
    ('new_within = ''1 mon -29 days''', 'new_within is a span of at least a day'), ('new_within = ''-1 mons 60 days''', 'new_within is a span of at least a day'),
    ('regular_within = ''2 days -01:00''', 'regular_within is a span of at least a day'), ('regular_within = ''1 year -1 day''', 'regular_within is a span of at least a day'),
    ('regular_purchases = 1', 'regular_purchases is at least 2'),
    ('lost_after = ''-6 months''', 'lost_after is a span of at least a day'), ('lost_after = ''12001 months''', 'lost_after is a span of at least a day'),
    ('risk_gaps = -1e-300', 'risk_gaps is a number from 0 to 1000'), ('risk_gaps = ''NaN''', 'risk_gaps is a number from 0 to 1000'), ('risk_gaps = ''Infinity''', 'risk_gaps is a number from 0 to 1000'),
    ('rfm_bins = 1', 'rfm_bins is 2 to 10'), ('rfm_bins = 11', 'rfm_bins is 2 to 10'),
    ('nps_window = ''12 hours''', 'nps_window is a span of at least a day, or empty'), ('nps_window = ''2 months -3 days''', 'nps_window is a span of at least a day, or empty'), ('nps_answers = ''first''', 'nps_answers is latest or all'),
    ('one_time_limit = 3', 'one_time_limit is a share, 0 to 1'), ('one_time_limit = -0.01', 'one_time_limit is a share, 0 to 1'),
    ('retention_step = 0', 'retention_step is above 0, up to 100 points'), ('retention_step = 101', 'retention_step is above 0, up to 100 points'),
    ('retention_step = ''NaN''', 'retention_step is above 0, up to 100 points'),
    ('one_time_limit = ''NaN''', 'one_time_limit is a share, 0 to 1'), ('one_time_limit = 1e-21', 'one_time_limit is a share, 0 to 1'),
    ('light_by = ''traffic''', 'light_by is customers or sales'),
    ('zero_amounts = ''Skipped''', 'zero_amounts is orders or skipped'),
    ('refunded_orders = ''kept''', 'refunded_orders is orders or skipped'),
    ('enough = -1', 'enough is a number of at least 0'),
    ('text_search = ''klingon''', 'text_search is a text search configuration of the server'),
    ('journey_repeats = ''twice''', 'journey_repeats is collapsed or kept'), ('funnel_within = ''0 days''', 'funnel_within is a span of at least a day'),
    ('storage = ''memory''', 'storage is view, materialized, distributed or incremental'),
    ('language = ''fr''', 'language is one that there are words in, such as en or ru'),
    ('tier_within = ''1 year -1 day''', 'tier_within is a span of at least a day'), ('tier_hold = ''-1 day''', 'tier_hold is a span, or 0 days'),
    ('tier_count_by = ''visits''', 'tier_count_by is spend, days or orders'), ('tier_calendar = true, tier_within = ''30 days''', 'by tier_calendar tier_within is 1, 2, 3, 4, 6 or 12 months'),
    ('fold_after = 99', 'fold_after is at least 100, or empty'), ('points_valid = ''0 days''', 'points_valid is a span of at least a day, or empty'), ('points_valid = ''-1 month''', 'points_valid is a span of at least a day, or empty'),
    ('point_cost = -0.01', 'point_cost is a sum of 0 to 1000000 per point, or empty'), ('point_cost = ''NaN''', 'point_cost is a sum of 0 to 1000000 per point, or empty')) v(setting, rule);
SELECT is(pg_temp.under('UPDATE w.settings SET ' || setting, 'SELECT 1'), format('23514 new row for relation "settings" violates check constraint "%s"', rule), 'refused: ' || setting)
FROM refused;
SELECT set_eq($$ SELECT DISTINCT rule FROM refused UNION SELECT 'time_zone is a full IANA name or UTC' $$,
    $$ SELECT conname FROM pg_constraint WHERE conrelid = 'w.settings'::regclass AND contype = 'c' $$, 'every rule was tried');
SELECT is(left(pg_temp.under(format('UPDATE w.settings SET %I = NULL', attname), 'SELECT 1'), 5), CASE WHEN attname IN ('class_window', 'nps_window', 'fold_after', 'points_valid', 'point_cost') THEN '1' ELSE '23502' END, attname || ' = NULL')
FROM pg_attribute WHERE attrelid = 'w.settings'::regclass AND attnum > 0;
SELECT matches(pg_temp.under('UPDATE w.settings SET ' || setting, 'SELECT 1'), '^' || state, 'refused: ' || setting)
FROM (VALUES ('storage = ''incremental''', 55000), ('has_profit = NOT has_profit', 55000), ('workspace_version = ''0.9''', 55000), ('time_zone = ''Berlin''', 22023), ('time_zone = ''''', 22023), ('time_zone = ''UTC+2''', 22023), ('as_of = ''2025-02-30''', 22008), ('as_of = ''0000-01-01''', 22008)) v(setting, state);

-- what is accepted changes the views at once; all as of the day after the last order, 2024-07-01
UPDATE w.settings SET rfm_bins = 2;
SELECT is(pg_temp.under('UPDATE w.settings SET ' || setting, query), expected, setting)
FROM (VALUES
    ('enough = 30', 'SELECT string_agg(concat_ws($$ $$, customer, cell, stage), $$, $$ ORDER BY customer) FROM w.customers', '1 AX regular, 2 BZ new, 3 CZ lost, 4 CY new, 5 CZ new'),
    ('as_of = ''2024-06-01''', 'SELECT string_agg(concat_ws($$ $$, customer, cell, stage), $$, $$ ORDER BY customer) FROM w.customers', '1 AX regular, 3 CZ lost'),
    ('class_window = ''25 days''', 'SELECT string_agg(concat_ws($$ $$, customer, cell), $$, $$ ORDER BY customer) FROM w.customers', '1 AX, 2, 3, 4 CY, 5 CZ'),
    ('class_window = NULL', 'SELECT window_revenue FROM w.customers WHERE customer = 1', '420.00'),
    ('abc_a = 0.9', 'SELECT abc FROM w.customers WHERE customer = 2', 'A'), ('abc_b = 0.81', 'SELECT abc FROM w.customers WHERE customer = 2', 'C'),
    ('abc_a = 0.5, abc_b = 0.5', 'SELECT string_agg(abc, '''' ORDER BY customer) FROM w.customers', 'ACCCC'),
    ('abc_by = ''profit''', 'SELECT string_agg(abc, '''' ORDER BY customer) FROM w.customers', 'CACCB'),
    ('xyz_by = ''variation'', xyz_y = 0.3', 'SELECT string_agg(coalesce(xyz, $$-$$), '''' ORDER BY customer) FROM w.customers', '--Z--'),
    ('xyz_by = ''variation'', period = ''month'', xyz_x = 0.72, xyz_y = 0.9', 'SELECT string_agg(coalesce(xyz, $$-$$), '''' ORDER BY customer) FROM w.customers', 'X-Z--'),
    ('xyz_by = ''variation'', period = ''month'', xyz_x = 0.71, xyz_y = 2', 'SELECT string_agg(coalesce(xyz, $$-$$), '''' ORDER BY customer) FROM w.customers', 'Y-Z--'),
    ('frequency_within = ''2 months''', 'SELECT xyz FROM w.customers WHERE customer = 1', 'Y'), ('x_purchases = 5', 'SELECT xyz FROM w.customers WHERE customer = 1', 'Y'),
    ('y_purchases = 1', 'SELECT string_agg(xyz, '''' ORDER BY customer) FROM w.customers', 'XYZYY'),
    ('count_by = ''orders''', 'SELECT concat_ws($$ $$, purchases, xyz) FROM w.customers WHERE customer = 2', '2 Y'),
    ('new_within = ''7 days''', 'SELECT string_agg(stage, $$ $$ ORDER BY customer) FROM w.customers', 'regular occasional lost new new'),
    ('regular_within = ''2 months''', 'SELECT stage FROM w.customers WHERE customer = 1', 'occasional'), ('regular_purchases = 5', 'SELECT stage FROM w.customers WHERE customer = 1', 'occasional'),
    ('regular_purchases = 2', 'SELECT stage FROM w.customers WHERE customer = 4', 'regular'),
    ('lost_after = ''1 year''', 'SELECT stage FROM w.customers WHERE customer = 3', 'occasional'), ('lost_after = ''10 days''', 'SELECT stage FROM w.customers WHERE customer = 1', 'lost'),
    ('risk_gaps = 0', 'SELECT string_agg(customer::text, $$ $$ ORDER BY customer) FROM w.customers WHERE at_risk', '1 2 4 5'),
    ('risk_gaps = 1000', 'SELECT count(*) FROM w.customers WHERE at_risk', '0'),
    ('rfm_bins = 10', 'SELECT max(recency_score) || $$ $$ || (SELECT count(*) FROM w.rfm_cells) FROM w.customers', '9 1000'),
    ('enough = 2', 'SELECT string_agg(enough::text, $$ $$ ORDER BY position) FROM w.lifecycle_summary', 'true false false false'),
    ('one_time_limit = 0.5', 'SELECT light FROM w.express_test', 'green'), ('light_by = ''sales''', 'SELECT light_by FROM w.express_test', 'sales'),
    ('zero_amounts = ''skipped''', 'SELECT string_agg(customer::text, $$ $$ ORDER BY customer) FROM w.customers', '1 2 3 5'),
    ('zero_amounts = ''skipped''', 'SELECT string_agg(reason || order_rows, $$ $$ ORDER BY position) FROM w.data_quality WHERE order_rows > 0', 'used8 zero_amount2'),
    ('zero_amounts = ''orders''', 'SELECT string_agg(reason || order_rows, $$ $$ ORDER BY position) FROM w.data_quality WHERE order_rows > 0', 'used10'),
    ('zero_amounts = ''skipped''', 'SELECT string_agg(customers::text, $$ $$ ORDER BY position) FROM w.segment_profile', '3 0 1')) v(setting, query, expected);

-- attached again: what the owner wrote stays
UPDATE w.settings SET as_of = '2024-06-30', period = 'week', class_window = NULL, abc_by = 'profit', zero_amounts = 'skipped', rfm_bins = 4, enough = 7;
UPDATE w.policies SET action = 'Mine' WHERE cell = 'AX';
DELETE FROM w.policies WHERE cell = 'CZ';
UPDATE w.segments SET segment = 'mine', recency_to = 9 WHERE position = 1;
DELETE FROM w.segments WHERE position > 3;
UPDATE w.approaches SET approach = 'Mine' WHERE customers = 'new';
DELETE FROM w.approaches WHERE customers = 'lost';
CREATE VIEW kept AS
SELECT s::text AS x FROM w.settings s UNION ALL SELECT p::text FROM w.policies p UNION ALL SELECT g::text FROM w.segments g UNION ALL SELECT a::text FROM w.approaches a;
CREATE TABLE before AS TABLE kept;
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w') $$, 'attach again');
SELECT set_eq('TABLE kept', 'TABLE before', 'settings, policies, segments and approaches are as they were');
SELECT is(pg_temp.under(pg_temp.attach($$ 'orders', workspace => 'w', profit => '' $$), 'SELECT 1'),
    '23514 new row for relation "settings" violates check constraint "abc_by is revenue, or profit if a profit column is attached"', 'the profit that classes go by is not detached');
SELECT is(pg_temp.under('UPDATE w.settings SET abc_by = ''revenue''; ' || pg_temp.attach($$ 'orders', workspace => 'w', profit => '' $$),
    'SELECT concat_ws($$ $$, has_profit, (SELECT count(profit) FROM w.customers)) FROM w.settings'), 'f 0', '... but another is');
SELECT is(pg_temp.under('DELETE FROM w.segments; ' || pg_temp.attach($$ 'orders', workspace => 'w' $$), 'SELECT max(recency_to) FROM w.segments'), '4',
    'segments that were deleted altogether come back for the scores that are set');
SELECT throws_ok(statement, '23514', NULL, 'refused: ' || statement)
FROM (VALUES ('INSERT INTO w.policies VALUES (''DX'', '''', '''', '''', ''2025-01-01'')'), ('UPDATE w.policies SET review_by = valid_from - 1'),
    ('UPDATE w.segments SET segment = ''other'''), ('UPDATE w.segments SET recency_from = 0'), ('UPDATE w.segments SET monetary_to = monetary_from - 1'),
    ('INSERT INTO w.approaches VALUES (''vip'', ''Smile'')')) v(statement);

-- few customers get coarser settings, at the first time only
SELECT is(pg_temp.under(format('CREATE TABLE sized AS SELECT n AS customer, date ''2024-01-01'' AS ordered_at, 1 AS amount FROM generate_series(1, %s) n; ', customers)
        || pg_temp.attach($$ 'sized', workspace => 'sized_views' $$),
    'SELECT concat_ws($$ $$, period, rfm_bins, (SELECT max(recency_to) FROM sized_views.segments), (SELECT count(*) FROM sized_views.check_segments())) FROM sized_views.settings'),
    expected, customers || ' customers at first')
FROM (VALUES (1, 'quarter 3 3 0'), (499, 'quarter 3 3 0'), (500, 'month 5 5 0')) v(customers, expected);
SELECT is(pg_temp.under($$ CREATE TABLE sized AS SELECT n AS customer, date '2024-01-01' AS ordered_at, 1 AS amount FROM generate_series(1, 500) n; $$
        || pg_temp.attach($$ 'sized', workspace => 'sized_views' $$) || '; DELETE FROM sized WHERE customer > 9; ' || pg_temp.attach($$ 'sized', workspace => 'sized_views' $$),
    'SELECT concat_ws($$ $$, period, rfm_bins) FROM sized_views.settings'), 'month 5', 'not when it is attached again');

-- optional columns
CREATE TABLE optional (customer integer, ordered_at date, amount integer, "Order-ID" bigint, id bigint, invoice_no text, channel text, utm_source text,
    product_group text, department integer, net_profit real, "GROSS profit" numeric, margin numeric, note jsonb);
INSERT INTO optional VALUES (1, '2025-01-01', 10, 11, 12, '13', 'shop', 'ads', 'hats', 7, 1.5, 2.5, 3.5, '{}');
CREATE FUNCTION pg_temp.roles(columns text DEFAULT '', relation text DEFAULT 'optional') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format($sql$ SELECT string_agg(topic || ': ' || finding, '; ') FROM attach_orders(%L, workspace => 'o', diagnose => false %s)
        WHERE topic IN ('order_id', 'source', 'category', 'profit') $sql$, relation, columns) INTO result;
    RETURN coalesce(result, '');
END
$$;
CREATE FUNCTION pg_temp.seen() RETURNS text LANGUAGE plpgsql AS $$ -- SQL would ask for the views before they are there
BEGIN
    RETURN (SELECT concat_ws(' ', order_id, source, category, (SELECT profit FROM o.customers), (SELECT has_profit FROM o.settings)) FROM o.orders_enriched);
END
$$;
SELECT is(pg_temp.roles(), 'order_id: column "Order-ID" (bigint), found by its name; source: column channel (text), found by its name; '
    'category: column product_group (text), found by its name; profit: column "GROSS profit" (numeric), found by its name', 'of several usual names the most usual is taken');
SELECT is(pg_temp.seen(), '11 shop hats 2.50 t', '... and read');
SELECT result
FROM (SELECT 'order_id: column invoice_no (text), as given; source: column utm_source (text), as given; category: column department (integer), as given; profit: column margin (numeric), as given') v(given),
    LATERAL unnest(ARRAY[
        is(pg_temp.roles($$, order_id => 'invoice_no', source => 'utm_source', category => 'department', profit => 'margin' $$), given, 'others can be named'),
        is(pg_temp.seen(), '13 ads 7 3.50 t', '... and are read'), is(pg_temp.roles(), given, '... and remembered')]) result;
SELECT is(pg_temp.roles($$, source => '', category => '', profit => '' $$), 'order_id: column invoice_no (text), as given', 'an empty name takes a column away');
SELECT is(pg_temp.seen(), '13 f', '... from the views');
SELECT is(pg_temp.roles($$, order_id => '' $$), '', '... and that is remembered');
SELECT is(pg_temp.under(format('SELECT pg_temp.roles(%L)', columns), 'SELECT 1'), failure, 'refused: ' || columns)
FROM (VALUES (', profit => ''channel''', '42804 column "channel" of public.optional cannot be the profit: its type is text'),
    (', order_id => ''note''', '42804 column "note" of public.optional cannot be the order_id: its type is jsonb'),
    (', source => ''net_profit''', '42804 column "net_profit" of public.optional cannot be the source: its type is real'),
    (', category => ''ordered_at''', '42804 column "ordered_at" of public.optional cannot be the category: its type is date'),
    (', category => ''none''', '42703 column "none" of public.optional does not exist')) v(columns, failure);
CREATE TABLE mistyped (customer integer, ordered_at date, amount integer, order_id jsonb, source date, category numeric, profit money);
INSERT INTO mistyped VALUES (1, '2025-01-01', 10, '{}', '2025-01-01', 1, 1::money);
SELECT is(pg_temp.roles('', 'mistyped'), '', 'a usual name with a type that does not fit is left alone');
CREATE ROLE clientele_settings_reader;
CREATE SCHEMA o_reader AUTHORIZATION clientele_settings_reader;
GRANT SELECT (customer, ordered_at, amount, id, net_profit) ON optional TO clientele_settings_reader;
SET LOCAL ROLE clientele_settings_reader;
CREATE TEMP TABLE readable AS SELECT topic, finding FROM attach_orders('optional', workspace => 'o_reader');
RESET ROLE;
SELECT results_eq($$ SELECT finding FROM readable WHERE topic IN ('order_id', 'source', 'category', 'profit') $$,
    $$ VALUES ('column id (bigint), found by its name'), ('column net_profit (real), found by its name') $$, 'columns that may not be read are left alone');
SELECT is((SELECT profit FROM o_reader.customers), 1.50, '... and the others are read');

-- no view raises under any settings: every value of every row is worked out
CREATE TABLE hostile (customer bigint, ordered_at timestamptz, amount double precision, profit real, category text, source text);
INSERT INTO hostile
SELECT n % 9, timestamptz '2024-01-01 00:00+00' + n * interval '50 hours', (n % 13 - 3) * 1.1, n % 7 - 3, 'c' || n % 3, 's' || n % 2 FROM generate_series(1, 120) n
UNION ALL SELECT v.* FROM (VALUES (50, timestamptz '0001-01-02 00:00+00', 5e0, 'NaN'::real, NULL, ''), (50, '9999-12-30 23:59+00', 5, 3e38, '', NULL),
    (51, '0001-01-02 00:00+00', 922337203685477, 9e14, 'c', 's'), (52, '2024-03-01 00:00+00', -9e14, -9e14, 'c', 's'), (52, '2024-03-02 00:00+00', 0, 0, 'c', 's'),
    (53, '2024-03-02 00:00+00', 1e308, 1, 'c', 's'), (53, '2024-03-02 00:00+00', 1e-307, 1e-37, 'c', 's'), (NULL, '2024-03-02 00:00+00', 5, 1, NULL, NULL),
    (54, 'infinity', 5, 1, NULL, NULL), (55, '2024-03-02 00:00+00', 'NaN', 'Infinity', NULL, NULL), (56, '2024-03-02 00:00+00', NULL, NULL, NULL, NULL)) v;
SELECT lives_ok($$ SELECT attach_orders('hostile', workspace => 'h', time_zone => 'Pacific/Kiritimati') $$, 'attach what is hostile');
CREATE FUNCTION pg_temp.all_views() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    view name;
    rows bigint;
    total bigint := 0;
BEGIN
    FOR view IN SELECT relname FROM pg_class WHERE relnamespace = 'h'::regnamespace AND relkind = 'v' LOOP
        EXECUTE format('SELECT count(x::text) FROM h.%I x', view) INTO rows;
        total := total + rows;
    END LOOP;
    RETURN total;
END
$$;
SELECT matches(pg_temp.under('UPDATE h.settings SET ' || setting, 'SELECT pg_temp.all_views()'), '^[1-9][0-9]*$', 'all views under ' || left(setting, 80))
FROM (VALUES ('as_of = ''0001-01-01'''), ('as_of = ''0001-01-03'', period = ''week'''), ('as_of = ''9999-12-31'''), ('as_of = ''today'''),
    ('as_of = ''9999-12-31'', class_window = NULL, xyz_by = ''variation'', period = ''year'''),
    ('as_of = ''0001-01-03'', class_window = ''1000 years'', frequency_within = ''1000 years'', new_within = ''1000 years'', regular_within = ''1000 years'', lost_after = ''1000 years'''),
    ('class_window = ''1000 years'', frequency_within = ''1000 years'', new_within = ''1000 years'', regular_within = ''1000 years'', lost_after = ''1000 years'''),
    ('class_window = ''1 day'', frequency_within = ''1 day'', new_within = ''1 day'', regular_within = ''1 day'', lost_after = ''1 day'''),
    ('class_window = ''24:00'', frequency_within = ''36:00:00.5'', new_within = ''24:00:00.000001'', regular_within = ''1 mon 1 us'', lost_after = ''24:00'''),
    ('class_window = NULL, xyz_by = ''variation'', period = ''quarter'''), ('class_window = NULL, xyz_by = ''variation'', period = ''week'', xyz_x = 1e-400, xyz_y = 1000'),
    ('xyz_by = ''variation'', xyz_x = 0, xyz_y = 0'), ('xyz_by = ''variation'', xyz_x = 0.1234567890123456789, xyz_y = 0.1234567890123456789'),
    ('abc_a = 1, abc_b = 1'), ('abc_a = 1e-300, abc_b = 1e-300'), ('abc_a = 0.' || repeat('9', 500) || ', abc_b = 1'), ('abc_by = ''profit'''), ('abc_by = ''profit'', class_window = NULL'),
    ('rfm_bins = 2'), ('rfm_bins = 10'), ('risk_gaps = 0'), ('risk_gaps = 1e-300'), ('risk_gaps = 1000'), ('one_time_limit = 0'), ('one_time_limit = 1'),
    ('one_time_limit = 1e-20'), ('light_by = ''sales'''), ('enough = 0'), ('enough = 2147483647'), ('x_purchases = 2147483647, y_purchases = 2147483647'),
    ('regular_purchases = 2147483647'), ('count_by = ''orders'''), ('zero_amounts = ''skipped'''), ('time_zone = ''Pacific/Niue''')) v(setting);
SELECT matches(pg_temp.under(format('UPDATE h.settings SET period = %L, as_of = %L', period, as_of), 'SELECT pg_temp.all_views()'), '^[1-9][0-9]*$', format('all views by %s as of %s', period, as_of))
FROM unnest('{day,week,month,quarter,year}'::text[]) period, unnest('{auto,0005-06-01,9999-12-31}'::text[]) as_of;

SELECT * FROM finish();
ROLLBACK;
