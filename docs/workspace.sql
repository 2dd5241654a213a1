-- A workspace with everything attached, to list what is in it: for docs/reference.sql and docs/views.sql, which undo it
SET client_min_messages = error;
CREATE SCHEMA example;
CREATE TABLE example.orders (customer integer, ordered_at timestamptz, amount numeric, order_id integer, source text, category text, profit numeric);
CREATE TABLE example.customers (id integer, region text);
CREATE TABLE example.answers (customer integer, answered_at timestamptz, score integer);
CREATE TABLE example.touchpoints (customer integer, happened_at timestamptz, touchpoint text);
CREATE TABLE example.costs (spent_on date, source text, cost numeric);
CREATE TABLE example.offers (customer integer, offered_at timestamptz, offer text, outcome text, reason text, order_id integer, employee text);
CREATE TABLE example.points (customer integer, happened_at timestamptz, points integer, order_id integer, expires_on date);
CREATE TABLE example.lines (order_id integer, product text, category text, quantity numeric, amount numeric, employee text);
CREATE TABLE example.survey (respondent integer, question text, answer text, answered_at timestamptz);
DO $$
BEGIN
    PERFORM attach_orders('example.orders', workspace => 'example_workspace', diagnose => false);
    PERFORM attach_customers('example.customers', workspace => 'example_workspace');
    PERFORM attach_answers('example.answers', workspace => 'example_workspace');
    PERFORM attach_touchpoints('example.touchpoints', workspace => 'example_workspace');
    PERFORM attach_costs('example.costs', workspace => 'example_workspace');
    PERFORM attach_survey('example.survey', workspace => 'example_workspace');
    PERFORM attach_lines('example.lines', workspace => 'example_workspace');
    PERFORM attach_offers('example.offers', workspace => 'example_workspace');
    PERFORM attach_points('example.points', workspace => 'example_workspace');
END
$$;
-- What is attached as makes it, where it is not always there; tables come last.
CREATE VIEW example.listed AS
SELECT c.oid, c.relname, c.relkind, obj_description(c.oid, 'pg_class') AS comment,
    (SELECT f.belongs_to FROM _clientele.workspace_files() f WHERE f.relation = c.relname AND f.variant IS NULL) AS belongs_to
FROM pg_class c
WHERE c.relnamespace = 'example_workspace'::regnamespace AND c.relkind IN ('v', 'r');
