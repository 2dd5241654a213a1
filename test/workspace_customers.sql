-- attach_customers() and detach_customers(): what customers can be divided by, against plain SQL; errors; kept when orders are attached again
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
\ir include/refuses.sql

SELECT setseed(0.2);
CREATE TABLE orders AS
SELECT n AS order_id, (200 * random())::integer AS customer, date '2024-01-01' + (random() * 500)::integer AS ordered_at, (random() * 100)::numeric(10, 2) AS amount
FROM generate_series(1, 3000) n;
CREATE TABLE people AS
SELECT n AS id, (ARRAY['north', 'south', NULL])[1 + n % 3] AS region, n % 2 = 0 AS newsletter, (n % 4)::smallint AS "Age Group", 'secret' AS phone
FROM generate_series(-20, 170) n;
INSERT INTO people VALUES (7, 'zenith', false, 1, ''), (NULL, 'nowhere', true, 2, ''); -- customer 7 is there twice
SELECT lives_ok($$ SELECT attach_orders('orders', diagnose => false) $$, 'attach orders');
SELECT is((SELECT count(*) FROM loyalty.customer_dimensions), 0::bigint, 'orders without source and category give no dimension');

SELECT results_eq($$ SELECT topic, finding FROM attach_customers('people') $$,
    $$ VALUES ('customer', 'column id (integer), found by its name'), ('dimensions', 'region, Age Group'), ('name', 'none'), ('contact', 'none'), ('customers', 'customers of the orders that are found there: 171 of 201 (85.07 %)') $$, 'columns are found by their names');
SELECT set_eq('SELECT * FROM loyalty.customer_dimensions', $$
    SELECT id, 'region', min(region) FROM people WHERE region IS NOT NULL AND id IS NOT NULL GROUP BY id
    UNION ALL SELECT id, 'Age Group', min("Age Group"::text) FROM people WHERE id IS NOT NULL GROUP BY id $$, 'a value for each customer and dimension');
SELECT set_eq('SELECT dimension, value, customers, revenue FROM loyalty.first_purchase', $$
    SELECT d.dimension, d.value, count(*), sum(o.revenue)
    FROM (SELECT customer, sum(amount) AS revenue FROM orders GROUP BY customer) o JOIN loyalty.customer_dimensions d USING (customer) GROUP BY 1, 2 $$,
    'people who never ordered, and customers who are not there, do not count');
SELECT results_eq($$ SELECT DISTINCT dimension, value, customers FROM loyalty.retention_by_dimension ORDER BY 1, 2 $$,
    $$ SELECT dimension, value, customers FROM loyalty.first_purchase ORDER BY 1, 2 $$, '... in retention either');

SELECT results_eq($$ SELECT finding FROM attach_customers('people', dimensions => '{newsletter}') WHERE topic = 'dimensions' $$, $$ VALUES ('newsletter') $$, 'dimensions can be named');
SELECT set_eq('SELECT DISTINCT dimension, value FROM loyalty.customer_dimensions', $$ VALUES ('newsletter', 'true'), ('newsletter', 'false') $$, '... and replace the others');
SELECT lives_ok($$ SELECT attach_orders('orders', diagnose => false) $$, 'orders are attached again');
SELECT set_eq('SELECT DISTINCT dimension FROM loyalty.customer_dimensions', $$ VALUES ('newsletter') $$, '... which keeps the customers');
SELECT results_eq($$ SELECT topic, finding, advice IS NOT NULL FROM attach_customers('people', dimensions => '{}') $$,
    $$ VALUES ('customer', 'column id (integer), as given', false), ('dimensions', 'none', true), ('name', 'none', true), ('contact', 'none', true), ('customers', 'customers of the orders that are found there: 171 of 201 (85.07 %)', false) $$, 'none at all');
SELECT is((SELECT count(*) FROM loyalty.customer_dimensions), 0::bigint, '... gives none');
SELECT lives_ok($$ SELECT attach_customers('people'); SELECT detach_customers() $$, 'detach');
SELECT is((SELECT count(*) FROM loyalty.customer_dimensions), 0::bigint, '... takes them away');
SELECT lives_ok('DROP TABLE people CASCADE; CREATE TABLE people (id text, region text)', 'nothing holds the table any more');
SELECT ok(to_regclass('loyalty.customer_dimensions') IS NOT NULL, '... not even the views');

-- a table that is not theirs, and a dimension that is none
CREATE TABLE staff AS SELECT n AS id, 'city ' || n AS city FROM generate_series(150, 250) n;
SELECT results_eq($$ SELECT topic, finding, advice IS NOT NULL FROM attach_customers('staff') WHERE topic IN ('customers', 'many values') $$,
    $$ VALUES ('customers', 'customers of the orders that are found there: 51 of 201 (25.37 %)', true), ('many values', 'city has 101 values', true) $$, 'few matches and many values are noticed');
SELECT lives_ok($$ SELECT detach_customers() $$, 'detach those');

-- keys of other types: what the orders' type cannot hold is nobody there
CREATE TABLE wide (id numeric, region text);
INSERT INTO wide VALUES (1, 'one'), (2.5, 'half'), (1e30, 'far'), (2147483648, 'next'), ('NaN', 'not'), (3.0, 'three');
SELECT lives_ok($$ SELECT attach_customers('wide') $$, 'numeric keys of integer customers');
SELECT set_eq('SELECT customer, value FROM loyalty.customer_dimensions', $$ VALUES (1, 'one'), (3, 'three') $$, '... where they are such numbers');
ALTER TABLE wide RENAME TO wider;
SELECT throws_ok($$ SELECT attach_orders('orders', diagnose => false) $$, '42P01', 'the attached table of customers, public.wide, does not exist any more', 'renamed');
SELECT lives_ok($$ SELECT attach_customers('wider'); SELECT attach_orders('orders', diagnose => false) $$, '... and attached again');
SELECT lives_ok($$ SELECT detach_customers() $$, 'detach those');
CREATE TABLE by_name (customer text COLLATE "C", ordered_at date, amount integer);
INSERT INTO by_name VALUES ('Bob', '2025-01-01', 1), ('amy', '2025-01-02', 1);
CREATE TABLE names (customer varchar(10), region text);
INSERT INTO names VALUES ('Bob', 'north'), ('AMY', 'south');
SELECT lives_ok($$ SELECT attach_orders('by_name', workspace => 'by_name'); SELECT attach_customers('names', workspace => 'by_name') $$, 'texts of another collation');
SELECT set_eq('SELECT value, customers FROM by_name.first_purchase', $$ VALUES ('north', 1::bigint) $$, '... told apart by their case');
CREATE TABLE first (id integer, first_source text);

SELECT pg_temp.refuses(statement, state, message, hint) FROM (VALUES
    ($$ SELECT attach_customers('people') $$, '42804', 'cannot be the customer of the orders: its type is text, theirs is integer', '%id::integer%'),
    ($$ SELECT attach_customers('orders', customer => 'customer', dimensions => '{NULL}') $$, '22023', 'dimensions', '%'),
    ($$ SELECT attach_customers('first', dimensions => '{first_source}') $$, '22023', 'dimensions', '%renames%'),
    ($$ SELECT attach_customers('people', workspace => 'nowhere') $$, '3F000', '"nowhere" is not a workspace', 'There are: %loyalty'),
    ($$ SELECT attach_customers('people', customer => 'nobody') $$, '42703', 'column "nobody"', 'It has: id, region%'),
    ($$ SELECT attach_customers('orders', dimensions => '{nobody}') $$, '42703', 'column "nobody"', 'It has:%'),
    ($$ SELECT attach_customers('orders', dimensions => '{amount}') $$, '42804', 'amount', 'It has to be one of%'),
    ($$ SELECT attach_customers('loyalty.customers') $$, '42809', 'part of the workspace', '%'),
    ($$ SELECT attach_customers(NULL) $$, '22004', 'must not be NULL', '%'),
    ($$ SELECT detach_customers('nowhere') $$, '3F000', '"nowhere" is not a workspace', '%')) v(statement, state, message, hint);
CREATE ROLE clientele_other;
GRANT SELECT ON people, orders TO clientele_other;
CREATE FUNCTION pg_temp.state_for_other(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL ROLE clientele_other;
    EXECUTE statement;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;
SELECT is(pg_temp.state_for_other($$ SELECT attach_customers('orders', customer => 'customer') $$), '42501', 'the workspace of somebody else');
SELECT is(pg_temp.state_for_other('SELECT detach_customers()'), '42501', '... is not detached either');

SELECT * FROM finish();
ROLLBACK;
