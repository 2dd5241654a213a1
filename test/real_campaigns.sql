-- Campaigns that did nothing, on real customers: as many false findings as the level says in groups of equal size, and a warning where
-- the control group is small; and one that did something, found as often as it said beforehand. Names are fixed, so it is always the same.
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

CREATE TABLE cdnow_rows (cust integer, date date, cds integer, sales numeric);
\set copy_cdnow 'gzip -dc ' :data '/cdnow/cdnow_master_transactions.csv.gz'
COPY cdnow_rows FROM PROGRAM :'copy_cdnow' (FORMAT csv, HEADER);
CREATE TABLE cdnow AS SELECT cust AS customer, date AS ordered_at, sales AS amount FROM cdnow_rows WHERE cust % 10 = 1;
CREATE TABLE retail_lines (invoice_no text, stock_code text, description text, quantity integer, invoice_date timestamp, unit_price numeric, customer_id integer, country text);
\set copy_retail 'gzip -dc ' :data '/online_retail/online_retail.csv.gz'
COPY retail_lines FROM PROGRAM :'copy_retail' (FORMAT csv, HEADER);
CREATE TABLE retail AS SELECT customer_id AS customer, min(invoice_date)::date AS ordered_at, sum(quantity * unit_price) AS amount FROM retail_lines WHERE customer_id IS NOT NULL GROUP BY customer_id, invoice_no HAVING sum(quantity * unit_price) > 0;
SELECT attach_orders('cdnow', workspace => 'cdnow_shop', time_zone => 'UTC', diagnose => false), attach_orders('retail', workspace => 'retail_shop', time_zone => 'UTC', diagnose => false) \g /dev/null

-- Everybody is in each of these, so that they could not be started side by side.
CREATE FUNCTION pg_temp.try(workspace text, started date, ended date, trials integer, shares float8[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TEMP TABLE everybody AS SELECT array_agg(customer::text) AS customers FROM %I.customers', workspace);
    PERFORM start_campaign('cap', format('SELECT customer FROM %I.customers', workspace), shares, strata => 'stage', started => started, workspace => workspace, cap_quantile => 0.98);
    EXECUTE format($q$ INSERT INTO %1$I.campaigns SELECT (jsonb_populate_record(c, jsonb_build_object('campaign', 'trial ' || n, 'ended_on', $2, 'standing', true))).* FROM %1$I.campaigns c, generate_series(1, $1) n $q$, workspace) USING trials, ended;
    EXECUTE format($q$ INSERT INTO %1$I.campaign_groups SELECT 'trial ' || n, grp, "position", share FROM %1$I.campaign_groups, generate_series(1, $1) n $q$, workspace) USING trials;
    EXECUTE format('DELETE FROM %I.campaigns WHERE campaign = %L', workspace, 'cap');
    EXECUTE format($q$ INSERT INTO %1$I.campaign_members
        SELECT 'trial ' || n, d.customer, d.grp, d.stratum FROM everybody, generate_series(1, $1) n, %1$I.campaign_draw('trial ' || n, customers, $2, '{control,treated}', 'stage', $3) d WHERE d.left_out IS NULL $q$, workspace) USING trials, shares, started;
    EXECUTE format('CREATE TABLE %I AS SELECT * FROM %I.campaign_effect', workspace || ' ' || shares::text, workspace);
    EXECUTE format('DELETE FROM %I.campaigns', workspace);
    DROP TABLE everybody;
END
$$;
SELECT pg_temp.try('cdnow_shop', '1998-04-01', '1998-07-01', 60, '{0.5,0.5}'), pg_temp.try('cdnow_shop', '1998-04-01', '1998-07-01', 60, '{0.1,0.9}'),
    pg_temp.try('retail_shop', '2011-09-10', '2011-12-10', 60, '{0.5,0.5}'), pg_temp.try('retail_shop', '2011-09-10', '2011-12-10', 60, '{0.1,0.9}') \g /dev/null
-- 3 of 60 are to be expected; 0 to 9 are, by chance, 99.9 times of 100
SELECT cmp_ok(found, '<=', 9::bigint, format('%s, %s: %s of 60 found something', shop, measure, found))
FROM (SELECT shop, measure, count(*) FILTER (WHERE verdict <> 'not shown') AS found, count(*) AS trials
    FROM (SELECT 'CDNOW' AS shop, * FROM "cdnow_shop {0.5,0.5}" UNION ALL SELECT 'Online Retail', * FROM "retail_shop {0.5,0.5}") e WHERE NOT is_guardrail GROUP BY 1, 2) f;
SELECT is(count(*), 480::bigint, 'all of them, in four measures') FROM (SELECT * FROM "cdnow_shop {0.5,0.5}" UNION ALL SELECT * FROM "retail_shop {0.5,0.5}") e WHERE NOT is_guardrail AND enough AND p_value IS NOT NULL;
SELECT cmp_ok(count(*) FILTER (WHERE verdict <> 'not shown'), '>', 0::bigint, 'a level that finds nothing would be no level') FROM "cdnow_shop {0.5,0.5}";
-- A small control group flatters, and is not enough; more gains than losses by far
SELECT results_eq($$ SELECT DISTINCT measure, enough FROM (SELECT * FROM "cdnow_shop {0.1,0.9}" UNION ALL SELECT * FROM "retail_shop {0.1,0.9}") e WHERE measure IN ('ordered', 'revenue') ORDER BY 1 $$, $$ VALUES ('ordered', true), ('revenue', false) $$, 'a small group is not enough for revenue, and is for who ordered');
SELECT cmp_ok(count(*) FILTER (WHERE verdict = 'better'), '>', 2 * count(*) FILTER (WHERE verdict = 'worse'), format('%s gains, %s losses', count(*) FILTER (WHERE verdict = 'better'), count(*) FILTER (WHERE verdict = 'worse')))
FROM (SELECT * FROM "cdnow_shop {0.1,0.9}" UNION ALL SELECT * FROM "retail_shop {0.1,0.9}") e WHERE measure = 'revenue';

-- Forty shops of 200 customers, of whom half order in a quarter; the treated as many more as it said would be seen four times in five
CREATE FUNCTION pg_temp.chance(what text, customer integer) RETURNS float8 LANGUAGE sql AS $$ SELECT experiment_position(customer, what) $$;
CREATE TABLE orders AS
SELECT c AS customer, date '2025-01-01' - 400 AS ordered_at, 10 AS amount FROM generate_series(1, 8000) c
UNION ALL SELECT c, date '2025-01-01' - 45, 10 FROM generate_series(1, 8000) c WHERE pg_temp.chance('before', c) < 0.5
UNION ALL SELECT c, date '2025-01-01' + 45, 10 FROM generate_series(1, 8000) c WHERE pg_temp.chance('after', c) < 0.5;
SELECT count(*) FROM attach_orders('orders', workspace => 'w', time_zone => 'UTC', diagnose => false) \g /dev/null
UPDATE w.settings SET as_of = '2025-04-01';
CREATE TABLE told AS SELECT n, f.* FROM generate_series(1, 40) n, start_campaign('shop ' || n, format('SELECT generate_series(%s, %s)', 200 * n - 199, 200 * n), strata => 'none', started => '2025-01-01', workspace => 'w') f;
SELECT end_campaign('shop ' || n, 'w', '2025-04-01') FROM generate_series(1, 40) n \g /dev/null
CREATE TABLE sees AS SELECT n, 0.5 * substring(finding FROM 'ordered: a change of ([0-9.]+) %')::float8 / 100 AS difference FROM told WHERE finding LIKE 'ordered:%';
SELECT is(count(*), 40::bigint, 'what each will see') FROM sees;
SELECT cmp_ok(count(*), '<=', 6::bigint, format('%s of 40 find what is not there', count(*))) FROM w.campaign_effect WHERE measure = 'ordered' AND verdict <> 'not shown';
INSERT INTO orders SELECT m.customer::integer, date '2025-01-01' + 50, 10 FROM w.campaign_members m JOIN sees s ON m.campaign = 'shop ' || s.n WHERE m.grp = 'treated' AND pg_temp.chance('effect', m.customer::integer) < 2 * s.difference AND pg_temp.chance('after', m.customer::integer) >= 0.5;
-- 32 are to be expected; 25 to 38 are, by chance, 99 times of 100
SELECT ok(count(*) BETWEEN 25 AND 38, format('%s of 40 find what is there', count(*))) FROM w.campaign_effect WHERE measure = 'ordered' AND verdict = 'better';

SELECT * FROM finish();
ROLLBACK;
