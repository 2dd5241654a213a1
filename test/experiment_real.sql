-- Equal groups of real customers: as many false findings as the level says, in groups of equal size; fixed salts, so always the same
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
CREATE TABLE cdnow (cust integer, date date, cds integer, sales numeric);
\set copy_cdnow 'gzip -dc ' :data '/cdnow/cdnow_master_transactions.csv.gz'
COPY cdnow FROM PROGRAM :'copy_cdnow' (FORMAT csv, HEADER);

-- CDNOW: a tenth of the customers, the last quarter, and the nine months before it
CREATE TABLE buyers AS
SELECT cust, coalesce(sum(sales) FILTER (WHERE date >= '1998-04-01'), 0) AS after, coalesce(sum(sales) FILTER (WHERE date >= '1997-07-01' AND date < '1998-04-01'), 0) AS before,
    count(*) FILTER (WHERE date >= '1998-04-01') AS orders
FROM cdnow WHERE cust % 10 = 1 GROUP BY cust;
SELECT is(count(*), 2357::bigint, 'the customers') FROM buyers;
CREATE TABLE trials AS
SELECT salt, experiment_agg(g::text, after, before) AS revenue, experiment_agg(g::text, least(orders, 1), 0) AS ordered, experiment_agg(g::text, after, before, orders) AS per_order
FROM generate_series(1, 200) salt, buyers, experiment_group(cust, 'trial ' || salt, '{0.5,0.5}') g GROUP BY salt;
CREATE FUNCTION pg_temp.found(e experiment, adjusted boolean) RETURNS boolean LANGUAGE sql AS $$ SELECT p_value < 0.05 FROM experiment_effect(e, '1', adjusted) $$;
-- 10 of 200 are to be expected; 3 to 18 are, by chance, 99 times of 100
SELECT ok(findings BETWEEN 3 AND 18, format('%s: %s of 200', what, findings)) FROM (SELECT count(*) FILTER (WHERE pg_temp.found(revenue, false)) AS revenue, count(*) FILTER (WHERE pg_temp.found(revenue, true)) AS adjusted,
    count(*) FILTER (WHERE pg_temp.found(ordered, false)) AS ordered, count(*) FILTER (WHERE pg_temp.found(per_order, false)) AS per_order FROM trials) t,
    LATERAL (VALUES ('revenue', revenue), ('adjusted', adjusted), ('who ordered', ordered), ('revenue per order', per_order)) v(what, findings);
SELECT cmp_ok(avg(variance_saved), '>', 0.05::float8, 'what was bought before tells something') FROM trials, experiment_effect(revenue, '1');

SELECT * FROM finish();
ROLLBACK;
