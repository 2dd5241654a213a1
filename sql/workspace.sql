-- A workspace as its user meets it
\pset format unaligned
\pset fieldsep ' | '
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE TABLE shop_orders (id integer, customer_id integer, order_date date, total numeric(10,2));
INSERT INTO shop_orders VALUES
    (1, 1, '2025-01-03', 12.50), (2, 2, '2025-01-20', 40.00), (3, 1, '2025-02-01', 7.25), (4, 1, '2025-02-01', 3.00),
    (5, 3, '2025-02-14', 99.90), (6, 3, '2025-02-20', -99.90), (7, NULL, '2025-03-01', 5.00), (8, 1, '2025-03-04', 11.00),
    (9, 2, '2099-01-01', 1.00), (10, 2, '2025-03-02', 'NaN'), (11, 4, '2025-03-03', -4.00);

SELECT topic, finding FROM attach_orders('shop_orders', time_zone => 'UTC');
SELECT * FROM loyalty.customers ORDER BY customer;
SELECT position, reason, order_rows, round(pct_of_rows::numeric, 2) AS pct_of_rows, revenue FROM loyalty.data_quality ORDER BY position;
SELECT * FROM loyalty.customer_history ORDER BY customer;

-- as of a past day
UPDATE loyalty.settings SET as_of = '2025-02-20';
SELECT as_of FROM loyalty.reporting_date;
SELECT customer, orders, revenue, days_since_last FROM loyalty.customers ORDER BY customer;

-- errors tell what to do
SELECT attach_orders('shop_orders', customer => 'client');
SELECT attach_orders('shop_orders', amount => 'order_date');
CREATE SCHEMA full_one CREATE TABLE things (thing text);
SELECT attach_orders('shop_orders', workspace => 'full_one');
DROP SCHEMA full_one CASCADE;
\set VERBOSITY terse
UPDATE loyalty.settings SET as_of = 'now';
\set VERBOSITY default
SELECT drop_workspace('nothing');

SELECT drop_workspace('loyalty');
DROP TABLE shop_orders;
