-- Order tables of others, attached as a new user would, against plain SQL to the last digit
\if :{?data}
\else
\set data ''
\endif
SELECT :'data' = '' AS no_data \gset
\if :no_data
\echo 1..0 # SKIP no real data: the folder ../shared/data is absent
\quit
\endif

BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

\ir include/real_orders.sql
-- CDNOW
SELECT is((SELECT count(*) FROM cdnow), 69659::bigint, 'CDNOW: all rows are there');
SELECT results_eq($$ SELECT topic, finding FROM attach_orders('cdnow', workspace => 'cdnow_loyalty', time_zone => 'UTC') WHERE topic IN
    ('customer', 'ordered_at', 'amount', 'orders', 'zero amounts') $$, $$ VALUES
    ('customer', 'column cust (integer), found by its name'), ('ordered_at', 'column date (date), found by its name'),
    ('amount', 'column sales (numeric), found by its name'),
    ('orders', 'orders: 69659, customers: 23570, from 1997-01-01 to 1998-06-30; the views speak of 1998-07-01'),
    ('zero amounts', 'rows that count as orders of 0: 80') $$, 'CDNOW: the columns are found');
SELECT set_eq('SELECT customer, orders, purchase_days, revenue, first_order, last_order FROM cdnow_loyalty.customers',
    'SELECT cust, count(*) AS n, count(DISTINCT date) AS days, sum(sales), min(date), max(date) FROM cdnow GROUP BY cust', 'CDNOW: every customer');
SELECT is((SELECT sum(revenue) FROM cdnow_loyalty.customers), (SELECT sum(sales) FROM cdnow), 'CDNOW: the total');
SELECT is((SELECT revenue(rollup(history)) FROM cdnow_loyalty.customer_history), (SELECT sum(sales) FROM cdnow), 'CDNOW: the rollup');
UPDATE cdnow_loyalty.settings SET as_of = '1997-10-01';
SELECT set_eq('SELECT customer, orders, revenue, days_since_last FROM cdnow_loyalty.customers', $$
    SELECT cust, count(*), sum(sales), date '1997-10-01' - max(date) FROM cdnow WHERE date < '1997-10-01' GROUP BY cust $$,
    'CDNOW: as it stood on 1997-10-01');

-- Online Retail: amounts by a view
CREATE VIEW retail_lines AS SELECT customer_id, invoice_date, quantity * unit_price AS amount FROM online_retail;
SELECT lives_ok($$ SELECT attach_orders('retail_lines', workspace => 'lines', time_zone => 'Europe/London', stored_in => 'Europe/London') $$, 'Online Retail: lines');
SELECT set_eq('SELECT customer, orders, purchase_days, revenue, first_order, last_order FROM lines.customers', $$
    SELECT customer_id, count(*) FILTER (WHERE amount >= 0) AS n,
        count(DISTINCT invoice_date::date) FILTER (WHERE amount >= 0) AS days, sum(amount),
        min(invoice_date::date) FILTER (WHERE amount >= 0), max(invoice_date::date) FILTER (WHERE amount >= 0)
    FROM retail_lines WHERE customer_id IS NOT NULL
    GROUP BY customer_id HAVING bool_or(amount >= 0) $$, 'Online Retail: every customer, cancellations are returns');
SELECT set_eq('SELECT reason, order_rows, revenue FROM lines.data_quality WHERE order_rows > 0', $$
    SELECT CASE WHEN customer_id IS NULL THEN 'no_customer' WHEN ordered THEN 'used' ELSE 'only_returns' END, count(*), sum(amount)
    FROM (SELECT *, bool_or(amount >= 0) OVER (PARTITION BY customer_id) AS ordered FROM retail_lines) l GROUP BY 1 $$,
    'Online Retail: the rows without customer are counted, with their revenue');
SELECT lives_ok($$ SELECT attach_orders('retail_invoices', workspace => 'invoices', time_zone => 'Europe/London', stored_in => 'Europe/London') $$, 'Online Retail: invoices');
SELECT results_eq('SELECT sum(revenue), count(*) FROM invoices.customers', $$
    SELECT sum(total), count(DISTINCT customer_id) FROM retail_invoices
    WHERE customer_id IN (SELECT customer_id FROM retail_invoices WHERE total >= 0) $$, 'Online Retail: the total by invoices');

-- Chinook: invoices with totals, found as they are
CREATE FUNCTION pg_temp.load(file text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE regexp_replace(pg_read_file(file), '^(\\|DROP DATABASE|CREATE DATABASE|SET )[^\n]*$', '', 'gn');
END
$$;
\set file :data '/chinook/chinook.sql'
CREATE SCHEMA chinook;
SET LOCAL search_path = chinook, public, tap;
SELECT pg_temp.load(:'file') \g /dev/null
SELECT is((SELECT count(*) FROM chinook.invoice), 412::bigint, 'Chinook: all invoices are there');
SELECT lives_ok($$ SELECT attach_orders('invoice', workspace => 'chinook_loyalty', time_zone => 'UTC', stored_in => 'UTC') $$, 'Chinook: found without naming a column');
SELECT set_eq('SELECT customer, orders, revenue, first_order, last_order FROM chinook_loyalty.customers',
    'SELECT customer_id, count(*), sum(total), min(invoice_date)::date, max(invoice_date)::date FROM chinook.invoice GROUP BY customer_id',
    'Chinook: every customer');

-- Northwind: orders without an amount, which their lines hold, in single precision
\set file :data '/northwind/northwind.sql'
CREATE SCHEMA northwind;
SET LOCAL search_path = northwind, public, tap;
SELECT pg_temp.load(:'file') \g /dev/null
SELECT is((SELECT count(*) FROM northwind.orders), 830::bigint, 'Northwind: all orders are there');
SELECT throws_ok($$ SELECT attach_orders('northwind.orders') $$, '42703', NULL, 'Northwind: the orders hold no amount');
CREATE VIEW order_totals AS
SELECT o.order_id, o.customer_id, o.order_date,
    sum(round(d.unit_price::text::numeric * d.quantity * (1 - d.discount::text::numeric), 2)) AS total
FROM orders o JOIN order_details d USING (order_id) GROUP BY o.order_id, o.customer_id, o.order_date;
SELECT lives_ok($$ SELECT attach_orders('order_totals', workspace => 'northwind_loyalty', time_zone => 'UTC') $$, 'Northwind: through a view');
SELECT set_eq('SELECT customer, orders, revenue, first_order, last_order FROM northwind_loyalty.customers',
    'SELECT customer_id::text, count(*), sum(total), min(order_date), max(order_date) FROM order_totals GROUP BY customer_id',
    'Northwind: every customer');
CREATE VIEW freight AS SELECT customer_id, order_date, freight AS amount FROM orders;
SELECT lives_ok($$ SELECT attach_orders('freight', workspace => 'freight_loyalty', time_zone => 'UTC') $$, 'Northwind: real amounts');
SELECT set_eq('SELECT customer, revenue FROM freight_loyalty.customers',
    'SELECT customer_id::text, sum(amount::text::numeric) FROM freight GROUP BY customer_id', 'Northwind: real amounts by their shortest decimal');

SELECT * FROM finish();
ROLLBACK;
