-- attach_orders(): columns, errors with their hints, privileges, names, running it again; drop_workspace()
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

-- SQLSTATE, message and hint of a statement's error, when run as a role
CREATE FUNCTION pg_temp.error_of(statement text, role text DEFAULT 'none') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    state text; message text; hint text;
BEGIN
    EXECUTE format('SET LOCAL ROLE %s', role);
    EXECUTE statement;
    RESET ROLE;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
    RETURN state || ' ' || message || ' | ' || hint;
END
$$;

CREATE SCHEMA sales;
CREATE TABLE sales.orders (id bigint PRIMARY KEY, customer_id integer, created_at timestamptz, total numeric(12,2), status text);
INSERT INTO sales.orders VALUES
    (1, 1, '2025-01-01 12:00+00', 10, 'paid'), (2, 1, '2025-02-01 12:00+00', 20, 'paid'),
    (3, 2, '2025-02-10 23:30+00', 5, 'paid'), (4, 2, '2025-02-10 12:00+00', 5, 'cancelled'),
    (5, NULL, '2025-02-11 12:00+00', 7, 'paid'), (6, 3, '2025-02-12 12:00+00', 0, 'paid'),
    (7, 2, '2025-02-10 12:00+00', 5, 'paid');

SELECT results_eq(
    $$ SELECT topic, finding FROM attach_orders('sales.orders', time_zone => 'Europe/Berlin') $$,
    $$ VALUES
        ('customer', 'column customer_id (integer), found by its name'),
        ('ordered_at', 'column created_at (timestamp with time zone), found by its name; days of Europe/Berlin'),
        ('amount', 'column total (numeric), found by its name'),
        ('order_id', 'column id (bigint), found by its name'),
        ('time_zone', 'Europe/Berlin'),
        ('settings', 'periods: quarter, RFM scores: 1 to 3'),
        ('storage', 'view: every figure is read from the orders, as there are no more than a million rows'),
        ('orders', 'orders: 6, customers: 3, from 2025-01-01 to 2025-02-12; the views speak of 2025-02-13'),
        ('cadence', 'customers who came on one day only: 1 of 3 (33.33 %); median gap of the others, in days: 16'),
        ('likely duplicates', 'rows that repeat the customer, time and amount of another: 1 of 5 (20.00 %)'),
        ('no customer', 'rows left out: 1 of 7 (14.29 %)'),
        ('zero amounts', 'rows that count as orders of 0: 1'),
        ('status', 'every row counts, whatever its status: paid 6 rows, 47.00; cancelled 1 row, 5.00'),
        ('not attached', 'customers, answers, touchpoints, costs, survey, lines, offers, points') $$,
    'the diagnosis tells what was found and what is odd');
SELECT results_eq(
    $$ SELECT advice FROM attach_orders('sales.orders') WHERE topic = 'customer' $$,
    $$ VALUES ('Nothing indexes it: CREATE INDEX CONCURRENTLY ON sales.orders (customer_id, created_at) INCLUDE (total); then attach again, and one customer is found at once, and the histories of all are read from it alone') $$,
    'a missing index is advised');
CREATE INDEX ON sales.orders (customer_id, created_at);
SELECT results_eq(
    $$ SELECT advice FROM attach_orders('sales.orders') WHERE topic = 'customer' $$,
    $$ VALUES ('No index has all that histories are made of: CREATE INDEX CONCURRENTLY ON sales.orders (customer_id, created_at) INCLUDE (total); then attach again, and one customer is found at once, and the histories of all are read from it alone') $$,
    'an index that begins with the columns has not all of them');
CREATE INDEX ON sales.orders (customer_id, created_at) INCLUDE (total);
SELECT is((SELECT advice FROM attach_orders('sales.orders') WHERE topic = 'customer'), NULL, 'one that covers them will do');
SELECT is((SELECT history::text FROM loyalty.customer_history WHERE customer = 2), '{2025-02-10:10/2,2025-02-11:5}',
    'days are those of the time zone');

-- columns that are not found, not there, or might be several
CREATE TABLE sales.lines (order_id integer, customer_id integer, order_date date, freight real);
SELECT is(pg_temp.error_of($$ SELECT attach_orders('sales.lines') $$),
    '42703 no column of sales.lines looks like the amount | Name it with amount => ''...''; these have a type that would do: freight. What takes an expression, such as order lines or a cast, goes into a view first: attach the view.',
    'no amount: the hint lists what might do, and the view');
CREATE TABLE sales.typed (customer_id integer, order_date text, amount integer);
SELECT is(pg_temp.error_of($$ SELECT attach_orders('sales.typed') $$),
    '42703 no column of sales.typed looks like the ordered_at | It has the name but not a type for it: order_date (text); it takes date, timestamp without time zone, timestamp with time zone. Attach a view that casts it.',
    'the right name with a wrong type is pointed out');
CREATE TABLE sales.twice (customer_id integer, user_id bigint, "Customer Id" text, order_date date, amount integer);
SELECT is(pg_temp.error_of($$ SELECT attach_orders('sales.twice') $$),
    '42702 several columns of sales.twice look like the customer: customer_id, user_id, Customer Id | Name one with customer => ''...''.',
    'several customers: an error that lists them');
SELECT is(pg_temp.error_of($$ SELECT attach_orders('sales.orders', amount => 'Total') $$),
    '42703 column "Total" of sales.orders does not exist | It has: id, customer_id, created_at, total, status. Give the name as it is stored, without quotes.',
    'a wrong name: the hint lists the columns');
SELECT is(pg_temp.error_of($$ SELECT attach_orders('sales.orders', source => 'channel') $$),
    '42703 column "channel" of sales.orders does not exist | It has: id, customer_id, created_at, total, status. Give the name as it is stored, without quotes, or none: source => ''''.',
    '... and where none is needed, how to say so');
SELECT is(pg_temp.error_of($$ SELECT attach_orders('sales.orders', amount => 'status') $$),
    '42804 column "status" of sales.orders cannot be the amount: its type is text | It has to be one of smallint, integer, bigint, real, double precision, numeric: attach a view that casts it.',
    'a wrong type');
CREATE TABLE sales.paid (customer integer, order_date date, amount money);
SELECT is(pg_temp.error_of($$ SELECT attach_orders('sales.paid', amount => 'amount') $$),
    '42804 column "amount" of sales.paid cannot be the amount: its type is money | Attach a view with amount::numeric.',
    'money gets its own hint');
SELECT is(pg_temp.error_of($$ SELECT attach_orders('sales.paid') $$),
    '42703 no column of sales.paid looks like the amount | It has the name but not a type for it: amount (money); it takes smallint, integer, bigint, real, double precision, numeric. Attach a view that casts it.',
    '... and where it is found by its name is not to be named, as it would be refused');
ALTER TABLE sales.paid ADD COLUMN rebate integer;
SELECT is(pg_temp.error_of($$ SELECT attach_orders('sales.paid') $$),
    '42703 no column of sales.paid looks like the amount | It has the name but not a type for it: amount (money); it takes smallint, integer, bigint, real, double precision, numeric. Attach a view that casts it, or name another with amount => ''...''; these have a type that would do: rebate.',
    '... but another column may be');
SELECT throws_ok($$ SELECT attach_orders('sales.nowhere') $$, '42P01', NULL, 'no such table');
SELECT throws_ok($$ SELECT attach_orders(NULL) $$, '22004', NULL, 'no table named');
SELECT throws_ok($$ SELECT attach_orders('sales.orders', workspace => 'other', time_zone => 'CET') $$, '22023', NULL,
    'an abbreviation is no time zone');
SELECT hasnt_schema('other', 'nothing is left of an attempt that failed');

-- Each subtransaction goes through all that its transaction has made so far: the less the faster. The database is dropped in the end.
COMMIT AND CHAIN;

-- names of workspaces
SELECT throws_ok($$ SELECT attach_orders('sales.orders', workspace => 'my_pg_loyalty') $$, '42602', NULL, 'BI tools hide pg_');
SELECT throws_ok($$ SELECT attach_orders('sales.orders', workspace => '') $$, '42602', NULL, 'an empty name');
SELECT throws_ok(format($$ SELECT attach_orders('sales.orders', workspace => %L) $$, repeat('x', 64)), '42602', NULL, 'a long name');
SELECT throws_ok($$ SELECT attach_orders('sales.orders', workspace => 'sales') $$, '42P06', NULL, 'a schema in use');
CREATE SCHEMA waiting;
SELECT lives_ok($$ SELECT attach_orders('sales.orders', workspace => 'waiting') $$, 'an empty schema may become a workspace');

COMMIT AND CHAIN;

-- halves of a day are rounded away from zero, as everywhere
CREATE TABLE sales.halves (customer_id integer, order_date date, amount integer);
INSERT INTO sales.halves VALUES (1, '2025-01-01', 1), (1, '2025-02-22', 1), (2, '2025-01-01', 1), (2, '2025-02-23', 1);
SELECT results_eq($$ SELECT finding FROM attach_orders('sales.halves', workspace => 'halves') WHERE topic = 'cadence' $$,
    $$ VALUES ('customers who came on one day only: 0 of 2 (0 %); median gap of the others, in days: 53') $$, 'gaps of 52 and 53 days');

-- customers of nothing but spaces count, and are pointed out
CREATE TABLE sales.blanks (buyer text, padded char(4), number integer, order_date date, amount numeric);
INSERT INTO sales.blanks VALUES ('', '', 0, '2025-01-01', 1), ('  ', ' ', 1, '2025-01-02', 2), ('  ', NULL, 1, '2025-01-02', 2),
    (' a', 'a', 2, '2025-01-03', 0), (NULL, '', 3, '2025-01-04', 4), (NULL, NULL, NULL, '2025-01-05', 5);
CREATE VIEW sales.mended AS SELECT nullif(btrim(buyer), '') AS buyer, order_date, amount FROM sales.blanks;
SELECT results_eq($$ SELECT finding, advice FROM attach_orders('sales.blanks', 'buyer', workspace => 'blanks') WHERE topic = 'blank customer' $$,
    $$ VALUES ('rows whose customer is empty or blank: 3 of 6 (50.00 %)',
        'A blank is a customer like any other: if nobody knows who bought, attach a view with nullif(btrim(buyer), '''') in its place') $$, 'blank customers');
SELECT set_eq('SELECT customer, orders FROM blanks.customers', $$ VALUES ('', 1::bigint), ('  ', 2), (' a', 1) $$, '... are customers');
SELECT results_eq($$ SELECT topic, finding FROM attach_orders('sales.mended', 'buyer', workspace => 'mended') WHERE topic IN ('blank customer', 'no customer') $$,
    $$ VALUES ('no customer', 'rows left out: 5 of 6 (83.33 %)') $$, '... and with the view anonymous');
SELECT is((SELECT array_agg(finding) FROM attach_orders('sales.blanks', 'padded', workspace => 'padded') WHERE topic = 'blank customer'),
    '{"rows whose customer is empty or blank: 3 of 6 (50.00 %)"}', '... padded ones too');
SELECT is_empty($$ SELECT * FROM attach_orders('sales.blanks', 'number', workspace => 'numbers') WHERE topic = 'blank customer' $$, '... no number is blank');

COMMIT AND CHAIN;

-- lines of orders that have only a date; zeros of nobody; a state that is a place
CREATE TABLE sales.by_line AS SELECT n / 3 AS order_id, n / 6 AS customer_id, date '2025-01-01' + n / 3 AS order_date, n % 4 AS amount, 'NY' AS ship_state FROM generate_series(0, 29) n;
INSERT INTO sales.by_line VALUES (NULL, NULL, '2025-01-05', 0, '');
SELECT results_eq($$ SELECT topic, finding FROM attach_orders('sales.by_line', workspace => 'by_line') WHERE topic IN ('order lines', 'likely duplicates', 'zero amounts', 'status') $$,
    $$ VALUES ('order lines', 'rows whose order_id another row has too: 20 of 31 (64.52 %)'), ('zero amounts', 'rows that count as orders of 0: 8') $$, 'lines are seen by the number of their order');

-- ids of which a unique index, by itself, says that they are: not of children, nor while it waits
CREATE TABLE sales.family (id integer PRIMARY KEY, customer_id integer, order_date date, amount integer);
CREATE TABLE sales.child () INHERITS (sales.family);
CREATE TABLE sales.later (id integer UNIQUE DEFERRABLE, customer_id integer, order_date date, amount integer);
INSERT INTO sales.family VALUES (1, 1, '2025-01-01', 1);
INSERT INTO sales.child VALUES (1, 2, '2025-01-02', 1);
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO sales.later VALUES (1, 1, '2025-01-01', 1), (1, 1, '2025-01-02', 1);
SELECT is((SELECT finding FROM attach_orders('sales.family', workspace => 'family') WHERE topic = 'order lines'), 'rows whose id another row has too: 1 of 2 (50.00 %)', 'an id of a child');
SELECT is((SELECT finding FROM attach_orders('sales.later', workspace => 'later') WHERE topic = 'order lines'), 'rows whose id another row has too: 1 of 2 (50.00 %)', 'a constraint that waits');
DELETE FROM sales.later;

COMMIT AND CHAIN;

-- what attaching reads: a look at the first rows, all of them for how often customers come, then three times for the diagnosis, where an index tells of the last day
CREATE TABLE sales.read (id integer PRIMARY KEY, customer_id integer, ordered_at timestamptz, amount numeric);
INSERT INTO sales.read SELECT n, n % 700, timestamptz '2025-01-01 12:00+00' + n % 300 * interval '1 day' + n / 2100 % 8 * interval '1 hour', n % 50 FROM generate_series(1, 20000) n;
CREATE VIEW sales.reread AS SELECT * FROM sales.read;
CREATE FUNCTION pg_temp.readings(attach text) RETURNS TABLE (scans bigint, rows bigint) LANGUAGE plpgsql AS $$
DECLARE
    before CONSTANT record := (SELECT t FROM pg_stat_xact_user_tables t WHERE t.relid = 'sales.read'::regclass);
BEGIN
    EXECUTE attach;
    RETURN QUERY SELECT t.seq_scan - before.seq_scan, t.seq_tup_read - before.seq_tup_read FROM pg_stat_xact_user_tables t WHERE t.relid = 'sales.read'::regclass;
END
$$;
SELECT cmp_ok(r.rows, '<=', 5 * 20000 + 10000::bigint, 'five readings and the look where nothing is indexed')
FROM pg_temp.readings($$ SELECT attach_orders('sales.reread', workspace => 'reread', storage => 'view') $$) r;
CREATE INDEX ON sales.read (ordered_at);
ANALYZE sales.read;
SELECT cmp_ok(r.scans, '<=', 5::bigint, 'four and the look where it is') FROM pg_temp.readings($$ SELECT attach_orders('sales.read', workspace => 'read', storage => 'view') $$) r;
SELECT results_eq($$ SELECT topic, finding FROM attach_orders('sales.read', workspace => 'read') WHERE topic IN ('order lines', 'likely duplicates', 'orders', 'zero amounts') $$,
    $$ SELECT 'orders', 'orders: 20000, customers: 700, from 2025-01-01 to 2025-10-27; the views speak of 2025-10-28'
        UNION ALL SELECT 'likely duplicates', format('rows that repeat the customer, time and amount of another: %s of 19600 (%s %%)', f.repeated, round(100.0 * f.repeated / 19600, 2))
        FROM (SELECT count(*) - count(DISTINCT (r.customer_id, r.ordered_at, r.amount)) AS repeated FROM sales.read r WHERE r.amount > 0) f
        UNION ALL SELECT 'zero amounts', 'rows that count as orders of 0: 400' $$, '... and told is the same');

-- few customers: however they are spread
CREATE TABLE sales.crowd AS SELECT greatest(0, n - 10000) AS customer, date '2025-01-01' AS ordered_at, 1 AS amount FROM generate_series(1, 10498) n;
SELECT is((SELECT finding FROM attach_orders('sales.crowd', workspace => 'crowd', plan => true) WHERE topic = 'settings'), 'periods: quarter, RFM scores: 1 to 3', 'fewer than 500 customers');
INSERT INTO sales.crowd VALUES (499, '2025-01-01', 1), (500, NULL, 1);
SELECT is((SELECT finding FROM attach_orders('sales.crowd', workspace => 'crowd', plan => true) WHERE topic = 'settings'), 'periods: month, RFM scores: 1 to 5', '500 of them, who come late');

COMMIT AND CHAIN;

-- hostile identifiers
CREATE SCHEMA "select";
CREATE TABLE "select"."Or""der'; DROP TABLE sales.orders; --" (
    "Customer ""No"".%s" text, "order" timestamp, "%1$I" bigint, "SELECT" date);
INSERT INTO "select"."Or""der'; DROP TABLE sales.orders; --" VALUES ('a', '2025-05-01 10:00', 5, NULL), ('a', '2025-05-03', 6, NULL);
SELECT lives_ok($$ SELECT attach_orders('"select"."Or""der''; DROP TABLE sales.orders; --"', customer => 'Customer "No".%s',
    ordered_at => 'order', amount => '%1$I', workspace => 'a "quoted"'' %s $1 schema') $$, 'any identifier can be attached');
SELECT results_eq($$ SELECT customer, orders, revenue, first_order FROM "a ""quoted""' %s $1 schema".customers $$,
    $$ VALUES ('a', 2::bigint, 11.00, date '2025-05-01') $$, '... and read');
SELECT lives_ok($$ SELECT drop_workspace('a "quoted"'' %s $1 schema') $$, '... and dropped');
SELECT has_table('sales', 'orders', 'nothing else was dropped');

COMMIT AND CHAIN;

-- every type of customer
CREATE TYPE sales.grade AS ENUM ('gold', 'blue');
CREATE DOMAIN sales.key AS integer CHECK (VALUE > 0);
CREATE TABLE sales.kinds (i2 smallint, i4 integer, i8 bigint, n numeric, u uuid, t text, v varchar(5), c char(5), e sales.grade,
    d sales.key, f double precision, b boolean, day date, amount sales.key);
INSERT INTO sales.kinds VALUES (1, 1, 1, 1, '00000000-0000-0000-0000-000000000001', '1', '1', '1', 'gold', 1, 1, true, '2025-01-01', 5);
CREATE FUNCTION pg_temp.attached_type(customer text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM attach_orders('sales.kinds', customer, 'day', 'amount', 'kind_' || customer);
    RETURN (SELECT format_type(atttypid, atttypmod) FROM pg_attribute
            WHERE attrelid = to_regclass('kind_' || customer || '.customers') AND attname = 'customer');
END
$$;
SELECT is(pg_temp.attached_type(customer), expected, 'customers as ' || customer)
FROM (VALUES ('i2', 'smallint'), ('i4', 'integer'), ('i8', 'bigint'), ('n', 'numeric'), ('u', 'uuid'), ('t', 'text'),
        ('v', 'text'), ('c', 'text'), ('e', 'text'), ('d', 'integer')) k(customer, expected);
SELECT results_eq('SELECT customer, revenue FROM kind_d.customers', 'VALUES (1, 5.00)', 'domains are seen through');
SELECT throws_ok($$ SELECT attach_orders('sales.kinds', customer => 'f', ordered_at => 'day', amount => 'amount') $$, '42804', NULL,
    'a customer is no floating point number');

COMMIT AND CHAIN;

-- kinds of relations
CREATE VIEW sales.some AS SELECT * FROM sales.orders WHERE status = 'paid';
CREATE MATERIALIZED VIEW sales.stored AS SELECT * FROM sales.orders;
CREATE TABLE sales.split (LIKE sales.orders) PARTITION BY RANGE (created_at);
CREATE TABLE sales.split_2025 PARTITION OF sales.split FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO sales.split SELECT * FROM sales.orders;
SELECT lives_ok(format($$ SELECT attach_orders('sales.%1$s', workspace => 'of_%1$s') $$, relation), 'attach a ' || kind)
FROM (VALUES ('some', 'view'), ('stored', 'materialized view'), ('split', 'partitioned table')) r(relation, kind);
SELECT is((SELECT sum(orders) FROM of_some.customers), 5::numeric, 'a view filters');
SELECT is((SELECT sum(orders) FROM of_split.customers), 6::numeric, 'partitions are read');
CREATE TEMP TABLE passing (LIKE sales.orders);
SELECT throws_ok($$ SELECT attach_orders('passing') $$, '42809', NULL, 'a temporary table is refused');
CREATE SEQUENCE sales.counter;
SELECT throws_ok($$ SELECT attach_orders('sales.counter', 'last_value', 'last_value', 'last_value') $$, '42809', NULL,
    'a sequence is no table of orders');
SELECT throws_ok($$ SELECT attach_orders('sales.orders_pkey') $$, '42809', NULL, 'nor is an index');
SELECT throws_ok($$ SELECT attach_orders(999999::regclass) $$, '42P01', NULL, 'nor is nothing');
SELECT throws_ok($$ SELECT attach_orders('loyalty.customers') $$, '42809', NULL, 'nor is a view of the workspace itself');
CREATE TABLE sales.basket AS
SELECT n / 4 AS customer_id, timestamp '2025-01-01 10:00' + n / 4 * interval '1 hour' AS ordered_at, n AS amount FROM generate_series(1, 40) n;
SELECT results_eq($$ SELECT topic, finding FROM attach_orders('sales.basket', workspace => 'baskets') WHERE topic IN ('order lines', 'likely duplicates') $$,
    $$ VALUES ('order lines', 'rows that share customer and time with another: 39 of 40 (97.50 %)') $$, 'order lines are recognized');
SELECT lives_ok($$ SELECT attach_orders('sales.lines', amount => 'freight', workspace => 'empty') $$, 'an empty table');
SELECT is_empty('SELECT * FROM empty.customers', '... gives no customers');

-- settings
SELECT throws_like($$ UPDATE loyalty.settings SET as_of = 'yesterday' $$, '%"as_of is auto, today or a date such as 2025-01-31"%',
    'a wrong as_of is refused in words');
SELECT throws_ok($$ UPDATE loyalty.settings SET as_of = '2025-02-30' $$, '22008', NULL, 'as_of is a day that exists');
SELECT throws_ok($$ UPDATE loyalty.settings SET time_zone = 'CET' $$, '22023', NULL, 'an abbreviation is refused in settings');
SELECT throws_like($$ INSERT INTO loyalty.settings VALUES (false, 'auto', 'UTC', '1') $$, '%"settings has one row"%', 'one row only');

COMMIT AND CHAIN;

-- again: settings and dependents are kept
UPDATE loyalty.settings SET as_of = '2025-02-05';
CREATE VIEW sales.mine AS SELECT customer, revenue FROM loyalty.customers;
SELECT lives_ok($$ SELECT attach_orders('sales.orders') $$, 'attach again');
SELECT results_eq('SELECT as_of, time_zone FROM loyalty.settings', $$ VALUES ('2025-02-05', 'Europe/Berlin') $$, 'settings are kept');
SELECT results_eq('SELECT customer, revenue FROM sales.mine', 'VALUES (1, 30.00)', 'dependents are kept');
SELECT lives_ok($$ SELECT attach_orders('sales.orders', time_zone => 'UTC') $$, 'attach again with another zone');
SELECT results_eq('SELECT time_zone FROM loyalty.settings', $$ VALUES ('UTC') $$, '... which is set');
SELECT is(pg_temp.error_of($$ SELECT attach_orders('sales.kinds', customer => 'u', ordered_at => 'day', amount => 'amount') $$),
    '42P16 the views of workspace "loyalty" cannot take these columns: cannot change data type of view column "customer" from integer to uuid | Make them anew: SELECT detach_orders(''loyalty''); then attach again.',
    'a customer of another type needs new views');

COMMIT AND CHAIN;

-- what was attached is remembered
CREATE TABLE sales.net AS SELECT 1 AS customer_id, date '2025-01-01' AS order_date, 119 AS total, 100 AS net;
SELECT lives_ok($$ SELECT attach_orders('sales.net', amount => 'net', workspace => 'net') $$, 'attach with a named column');
SELECT is_empty($$ SELECT * FROM attach_orders('sales.net', workspace => 'net', diagnose => false) WHERE topic IN ('replaced', 'orders') $$,
    'attach again without naming it, and without a diagnosis');
SELECT results_eq('SELECT revenue FROM net.customers', 'VALUES (100.00)', '... and the column is the same');
SELECT results_eq($$ SELECT finding FROM attach_orders('sales.net', amount => 'total', workspace => 'net') WHERE topic = 'replaced' $$,
    $$ VALUES ('until now the views stood on sales.net: customer_id, order_date, net') $$, 'another column is pointed out');

-- settings stay, and are checked whatever happens
SELECT throws_ok('DELETE FROM net.settings', '55000', NULL, 'the settings cannot be deleted');
SELECT throws_ok('TRUNCATE net.settings', '55000', NULL, '... nor truncated');
\ir include/old_strings.sql
SET LOCAL standard_conforming_strings = :old_strings;
SELECT lives_ok($$ SELECT attach_orders('sales.net', amount => 'net', workspace => 'old_strings') $$, 'attach under the old rule for strings');
SET LOCAL standard_conforming_strings = on;
SELECT lives_ok($$ UPDATE old_strings.settings SET as_of = '2025-01-02' $$, '... and dates are settings all the same');

COMMIT AND CHAIN;

-- types of customers whose equality is not that of text
CREATE EXTENSION citext SCHEMA public;
CREATE TABLE sales.mixed (customer citext, day date, amount integer);
INSERT INTO sales.mixed VALUES ('Bob', '2025-01-01', 10), ('BOB', '2025-01-05', -3), ('bob', '2025-02-01', 5);
SELECT lives_ok($$ SELECT attach_orders('sales.mixed', ordered_at => 'day', workspace => 'mixed') $$, 'attach citext customers');
SELECT results_eq('SELECT customer, orders, revenue FROM mixed.customers', $$ VALUES ('bob', 2::bigint, 12.00) $$, '... who are one whatever the case');
SELECT is((SELECT revenue FROM mixed.data_quality WHERE reason = 'used'), 12.00, '... in data_quality too');
SELECT matches((SELECT advice FROM attach_orders('sales.mixed', workspace => 'mixed') WHERE topic = 'customer'),
    'ON sales.mixed \(lower\(customer::text\), day\) INCLUDE \(customer, amount\)', '... with the index they need');
CREATE INDEX ON sales.mixed (lower(customer::text), day) INCLUDE (customer, amount);
SELECT is((SELECT advice FROM attach_orders('sales.mixed', workspace => 'mixed') WHERE topic = 'customer'), NULL, '... which is recognized');
SELECT matches((SELECT advice FROM attach_orders('sales.kinds', customer => 'c', ordered_at => 'day', amount => 'amount', workspace => 'kind_c')
    WHERE topic = 'customer'), 'ON sales.kinds \(\(c::text\), day\) INCLUDE \(c, amount\)', 'char(n) needs an index on its cast');
SELECT is((SELECT advice FROM attach_orders('sales.kinds', customer => 'e', ordered_at => 'day', amount => 'amount', workspace => 'kind_e')
    WHERE topic = 'customer'), 'No index can serve the views: keep such customers as text or numbers', 'an enum can have none');

-- drop
SELECT throws_ok($$ SELECT drop_workspace('loyalty') $$, '2BP01', NULL, 'what depends on a workspace is never dropped');
DROP VIEW sales.mine;
CREATE TABLE loyalty.notes (note text);
SELECT throws_ok($$ SELECT drop_workspace('loyalty') $$, '2BP01', NULL, 'nor what the user put into it');
DROP TABLE loyalty.notes;
SELECT lives_ok($$ SELECT drop_workspace('loyalty') $$, 'drop_workspace');
SELECT hasnt_schema('loyalty', '... leaves nothing');
SELECT has_table('sales', 'orders', '... but the orders');
SELECT throws_ok($$ SELECT drop_workspace('sales') $$, '3F000', NULL, 'a schema that is no workspace');

COMMIT AND CHAIN;

-- privileges
CREATE ROLE clientele_writer;
CREATE ROLE clientele_reader;
DO $$ BEGIN EXECUTE format('REVOKE CREATE ON DATABASE %I FROM PUBLIC', current_database()); END $$;
SELECT alike(pg_temp.error_of($$ SELECT attach_orders('sales.orders') $$, 'clientele_writer'),
    '42501 permission denied for schema sales%', 'no privilege on the schema of the orders');
GRANT USAGE ON SCHEMA sales TO clientele_writer;
SELECT is(pg_temp.error_of($$ SELECT attach_orders('sales.orders') $$, 'clientele_writer'),
    '42501 permission denied to read column "customer_id" of sales.orders | Its owner can run: GRANT SELECT ON sales.orders TO clientele_writer;',
    'no privilege on the orders');
GRANT SELECT (customer_id, created_at, total) ON sales.orders TO clientele_writer;
SELECT is(pg_temp.error_of($$ SELECT attach_orders('sales.orders') $$, 'clientele_writer'),
    '42501 permission denied to create the schema "loyalty" | The owner of the database can run: CREATE SCHEMA loyalty AUTHORIZATION clientele_writer;',
    'no privilege to make a schema');
CREATE SCHEMA loyalty AUTHORIZATION clientele_writer;
SELECT is(pg_temp.error_of($$ SELECT attach_orders('sales.orders') $$, 'clientele_writer'), 'no error',
    'three columns and a schema are all it takes');
SELECT view_owner_is('loyalty', 'customers', 'clientele_writer', 'the views are the caller''s');

SET LOCAL ROLE clientele_writer;
GRANT USAGE ON SCHEMA loyalty TO clientele_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA loyalty TO clientele_reader;
SET LOCAL ROLE clientele_reader;
SET LOCAL search_path = '';
CREATE TEMP TABLE seen AS
    SELECT (SELECT pg_catalog.count(*) FROM loyalty.customers) AS customers,
        (SELECT pg_catalog.count(*) FROM loyalty.data_quality) AS reasons,
        (SELECT pg_catalog.count(*) FROM loyalty.customer_history) AS histories,
        (SELECT as_of FROM loyalty.reporting_date) AS as_of;
RESET search_path;
RESET ROLE;
SELECT results_eq('SELECT * FROM seen', $$ VALUES (3::bigint, 9::bigint, 3::bigint, date '2025-02-13') $$,
    'a role that may only SELECT reads every view with an empty search_path');
SELECT alike(pg_temp.error_of('SELECT * FROM sales.orders', 'clientele_reader'), '42501 %', '... but not the orders');

-- a schema of somebody else, who may have put triggers on its tables, is never written to
CREATE ROLE clientele_mallory;
CREATE SCHEMA trap AUTHORIZATION clientele_mallory;
SELECT is(pg_temp.error_of($$ SELECT attach_orders('sales.orders', workspace => 'trap') $$),
    '42501 schema "trap" belongs to clientele_mallory | Run SET ROLE clientele_mallory first, or choose another with workspace => ''...''.',
    'not even by a superuser into an empty one');
SET LOCAL ROLE clientele_mallory;
CREATE TABLE trap.settings (one_row boolean PRIMARY KEY DEFAULT true, as_of text, time_zone text, workspace_version text);
RESET ROLE;
SELECT throws_ok($$ SELECT attach_orders('sales.orders', workspace => 'trap') $$, '42501', NULL, 'nor one that looks like a workspace');
SELECT throws_ok($$ SELECT drop_workspace('trap') $$, '42501', NULL, 'nor dropped');
SELECT alike(pg_temp.error_of($$ SELECT drop_workspace('typo') $$, 'clientele_reader'), '3F000 "typo" is not a workspace | There are: %',
    'a wrong name is answered to everybody');
SELECT alike(pg_temp.error_of($$ SELECT attach_orders('sales.orders', workspace => 'loyalty') $$), '42501 schema "loyalty" belongs to clientele_writer%',
    'a workspace is attached again by its owner');

ALTER TABLE sales.orders ENABLE ROW LEVEL SECURITY;
SELECT is((SELECT finding FROM attach_orders('sales.orders', workspace => 'guarded') WHERE topic = 'row security'),
    'sales.orders has row level security', 'row security is pointed out');

-- the extension dropped and created again
DROP EXTENSION clientele CASCADE;
CREATE EXTENSION clientele;
SELECT lives_ok($$ SELECT attach_orders('sales.net', workspace => 'net') $$, 'attach again after the extension was gone');
SELECT results_eq('SELECT customer, revenue FROM net.customers', 'VALUES (1, 119.00)', '... with the columns of before');
SELECT throws_ok($$ UPDATE net.settings SET time_zone = 'Nowhere/Land' $$, '22023', NULL, '... and the settings are checked as before');
SELECT throws_ok('DELETE FROM net.settings', '55000', NULL, '... and kept');

-- grant_workspace(), and benchmarks
CREATE TABLE sales.few (customer integer, ordered_at date, amount integer);
INSERT INTO sales.few VALUES (1, '2025-01-01', 1), (1, '2025-02-01', 1), (2, '2025-02-02', 5);
CREATE ROLE "clientele BI";
SELECT lives_ok($$ SELECT attach_orders('sales.few', workspace => 'granted') $$, 'a workspace to grant');
SELECT is(pg_temp.error_of('SELECT count(*) FROM granted.customers', '"clientele BI"'), '42501 permission denied for schema granted | ', 'nobody else may read it');
SELECT results_eq($$ SELECT topic, finding FROM grant_workspace('granted', '"clientele BI"') $$,
    $$ VALUES ('granted', '"clientele BI" may read every table and view of granted, and those to come') $$, 'grant_workspace');
SELECT is(pg_temp.error_of('SELECT count(*) FROM granted.customers', '"clientele BI"'), 'no error', '... lets it be read');
SELECT is(pg_temp.error_of('SELECT count(*) FROM sales.few', '"clientele BI"') LIKE '42501 %', true, '... and the orders not');
SELECT is(pg_temp.error_of('UPDATE granted.settings SET enough = 1', '"clientele BI"') LIKE '42501 %', true, '... nor changed');
CREATE ROLE clientele_looks_on;
SELECT results_eq($$ SELECT topic, finding FROM grant_workspace('granted', 'clientele_looks_on', for_bi => true) $$,
    $$ SELECT 'granted', format('clientele_looks_on may read every table and view of granted but %s internal ones, and those to come', count(*))
        FROM unnest(_clientele.workspace_internal('granted')) $$, 'grant_workspace() for BI');
CREATE FUNCTION pg_temp.may_read(reader name) RETURNS SETOF name LANGUAGE sql AS $$
    SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'granted'::regnamespace AND c.relkind IN ('r', 'v') AND has_table_privilege(reader, c.oid, 'SELECT')
$$;
CREATE FUNCTION pg_temp.nothing_internal(description text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN NEXT is_empty($q$ SELECT r FROM pg_temp.may_read('clientele_looks_on') r WHERE r ~ '(_rows|_history|_data)$|^(attached|customer_(classes|figures|details|referrers|preferences)|class_limits|first_orders|rfm_cells|tier_ladder|applied_settings)$' AND r <> 'class_history' $q$,
        'nothing internal may be read ' || description);
    RETURN NEXT is_empty($q$ SELECT r FROM unnest('{overview,customers,at_risk,win_back,settings,policies,class_history,data_quality}'::name[]) r EXCEPT SELECT pg_temp.may_read('clientele_looks_on') $q$,
        '... and the rest');
    RETURN NEXT set_eq($q$ SELECT pg_temp.may_read('clientele BI') EXCEPT SELECT pg_temp.may_read('clientele_looks_on') $q$, $q$ SELECT unnest(_clientele.workspace_internal('granted')) $q$,
        '... which differs from what others may by that alone');
END
$$;
SELECT pg_temp.nothing_internal('then');
SELECT lives_ok($$ SELECT detach_orders('granted'); SELECT attach_orders('sales.few', workspace => 'granted', storage => 'materialized') $$, 'made anew');
SELECT pg_temp.nothing_internal('made anew');
SELECT lives_ok($$ SELECT attach_answers('sales.few', answered_at => 'ordered_at', score => 'amount', scale => '0-10', workspace => 'granted') $$, 'with more attached');
SELECT pg_temp.nothing_internal('with more attached');
SELECT is(pg_temp.error_of('SELECT count(*) FROM granted.nps_summary', 'clientele_looks_on'), 'no error', '... whose views may');
GRANT SELECT ON granted.customer_history TO clientele_looks_on;
SELECT lives_ok($$ SELECT grant_workspace('granted', 'clientele_looks_on', true) $$, 'again');
SELECT pg_temp.nothing_internal('again');
SELECT lives_ok($$ SELECT grant_workspace('granted', 'clientele_looks_on') $$, 'and all of it');
SELECT set_eq($$ SELECT pg_temp.may_read('clientele BI') $$, $$ SELECT pg_temp.may_read('clientele_looks_on') $$, '... is what others may');
SELECT throws_ok($$ SELECT grant_workspace('granted', 'clientele_looks_on', NULL) $$, '22004', NULL, 'for what, is to be known');
SELECT throws_ok($$ SELECT grant_workspace('granted', 'nobody_there') $$, '42704', NULL, 'no such role');
SELECT throws_ok($$ SELECT grant_workspace('nowhere', '"clientele BI"') $$, '3F000', NULL, 'no such workspace');
SELECT results_eq('SELECT purchase_number, benchmark_low, benchmark_high FROM granted.repeat_purchase', $$ VALUES (1::bigint, 0.05::float8, 0.2::float8), (2, NULL, NULL) $$, 'benchmarks');
UPDATE granted.benchmarks SET low = 0.1 WHERE measure = 'repeat_rate_new';
SELECT is((SELECT benchmark_low FROM granted.repeat_purchase WHERE purchase_number = 1), 0.1::float8, '... are those of the table');
SELECT throws_like($$ UPDATE granted.benchmarks SET low = 2 WHERE measure = 'repeat_rate_new' $$, '%low is not above high%', '... which is checked');

SELECT * FROM finish();
ROLLBACK;
