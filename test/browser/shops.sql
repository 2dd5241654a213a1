-- The shops whose pages are opened: the demo's, Northwind where it is there, one without orders, and one of hostile names.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
\set customers 1200
\set seed 1
\ir ../../demo/shop.sql
SELECT attach_orders('shop.orders', workspace => 'shop_loyalty', time_zone => 'Europe/Berlin', diagnose => false), attach_customers('shop.customers', workspace => 'shop_loyalty', name => '{name}', contact => '{email}'),
    attach_answers('shop.answers', workspace => 'shop_loyalty'), attach_costs('shop.costs', workspace => 'shop_loyalty'), attach_touchpoints('shop.contacts', workspace => 'shop_loyalty'),
    attach_lines('shop.order_lines', workspace => 'shop_loyalty'), attach_offers('shop.offers', workspace => 'shop_loyalty'), attach_points('shop.points', workspace => 'shop_loyalty') \g /dev/null
INSERT INTO shop_loyalty.funnel_stages VALUES ('online', 1, 'website'), ('online', 2, 'product page'), ('online', 3, 'basket'), ('online', 4, 'PURCHASE');
INSERT INTO shop_loyalty.tiers (tier, threshold, discount) VALUES ('silver', 100, 0.03), ('gold', 300, 0.05);
UPDATE shop_loyalty.settings SET point_cost = 0.01;
SELECT start_campaign('a letter', 'SELECT customer FROM shop_loyalty.customers', strata => 'none', discount => 0.1, workspace => 'shop_loyalty',
    started => (SELECT as_of - 90 FROM shop_loyalty.reporting_date)) \g /dev/null

CREATE TABLE no_orders (customer integer, ordered_at timestamptz, amount numeric);
SELECT attach_orders('no_orders', workspace => 'empty_loyalty') \g /dev/null

CREATE TABLE hostile_orders AS
SELECT n AS id, (ARRAY['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', repeat('W', 500), '</style></main>', '%s %1$s', U&'\202Edesrever', ''''''';--', 'Ann ' || repeat('Longnamed', 20)])[1 + n % 8] || n % 40 AS customer,
    timestamptz '2024-01-01 12:00+00' + n * interval '11 hours' AS ordered_at, n * 7919 % 1000 * 1000000 / 10.0 AS amount,
    (ARRAY['<script>alert(2)</script>', repeat('source', 30), E'a\\b'])[1 + n % 3] AS source
FROM generate_series(1, 1200) n;
CREATE TABLE hostile_answers AS
SELECT customer, ordered_at + interval '1 day' AS answered_at, (row_number() OVER () % 11)::integer AS score, repeat('touchpoint', 12) || row_number() OVER () % 3 AS touchpoint,
    (ARRAY['negative', 'idea', 'question'])[1 + row_number() OVER () % 3] AS kind, '<script>alert(3)</script>' || repeat('wish', 50) AS wish, repeat('unbroken', 60) AS comment
FROM hostile_orders;
CREATE TABLE hostile_lines AS
SELECT o.id AS order_id, '<script>alert(6)</script>' || repeat('product', 15) || (o.id * 31 + k * k) % 7 AS product, '"kind' || k AS category FROM hostile_orders o CROSS JOIN generate_series(1, 3) k;
CREATE TABLE hostile_offers AS
SELECT customer, ordered_at + interval '2 days' AS offered_at, '<b>' || repeat('offer', 30) || id % 3 AS offer, (ARRAY['yes', 'no', '<i>no'])[1 + id % 3] AS outcome, '</td>' || repeat('reason', 20) AS reason FROM hostile_orders;
CREATE TABLE hostile_points AS SELECT customer, ordered_at AS happened_at, CASE WHEN id % 5 = 0 THEN -400000000 ELSE 123456789 END AS points FROM hostile_orders;
SELECT attach_orders('hostile_orders', workspace => 'hostile_loyalty', diagnose => false), attach_answers('hostile_answers', workspace => 'hostile_loyalty', stored_in => 'UTC'),
    attach_lines('hostile_lines', workspace => 'hostile_loyalty'), attach_offers('hostile_offers', workspace => 'hostile_loyalty'), attach_points('hostile_points', workspace => 'hostile_loyalty') \g /dev/null
INSERT INTO hostile_loyalty.tiers (tier, threshold, discount, benefits) VALUES ('<script>alert(7)</script>' || repeat('tier', 20), 1000, 0.03, repeat('benefit', 40));
SELECT start_campaign('<script>alert(8)</script>' || repeat('campaign', 10), 'SELECT customer FROM hostile_loyalty.customers', strata => 'none', workspace => 'hostile_loyalty',
    started => (SELECT as_of - 90 FROM hostile_loyalty.reporting_date)) \g /dev/null
UPDATE hostile_loyalty.settings SET lost_after = '1 month', new_within = '2 weeks', risk_gaps = 0, enough = 0;
UPDATE hostile_loyalty.approaches SET approach = '<script>alert(5)</script>' || repeat('approach', 40);
UPDATE hostile_loyalty.policies SET action = repeat('action', 20);

\if :{?northwind}
CREATE SCHEMA northwind;
SET search_path = northwind, public;
\set file :data '/northwind/northwind.sql'
SELECT regexp_replace(pg_read_file(:'file'), '^(\\|DROP DATABASE|CREATE DATABASE|SET )[^\n]*$', '', 'gn') AS statements \gset
:statements
CREATE VIEW order_totals AS
SELECT o.order_id, o.customer_id, o.order_date, sum(round(d.unit_price::text::numeric * d.quantity * (1 - d.discount::text::numeric), 2)) AS total
FROM orders o JOIN order_details d USING (order_id) GROUP BY o.order_id, o.customer_id, o.order_date;
SELECT attach_orders('order_totals', workspace => 'northwind_loyalty', time_zone => 'UTC'), attach_customers('customers', workspace => 'northwind_loyalty', name => '{company_name}', contact => '{phone}') \g /dev/null
\endif
