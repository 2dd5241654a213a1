-- Histories kept by triggers: what they cost who writes, and what they save who reads

-- The same customers, who buy on the same days once, five and ten times: a tenth, a half and all of the orders, each in a
-- workspace of its own. What is read grows with customers and days, and not with orders. And the orders without
SET client_min_messages = warning;
SET max_parallel_workers_per_gather = 0; -- below, statements are made in the order in which they are to run
SELECT format('CREATE TABLE shop_%1$s AS SELECT o.customer, o.ordered_on, o.amount FROM (SELECT * FROM orders LIMIT %2$s) o CROSS JOIN generate_series(1, %1$s)', tenths, :orders / 10) FROM unnest('{1,5,10}'::integer[]) tenths
UNION ALL SELECT 'CREATE TABLE plain_orders AS TABLE shop_10'
UNION ALL SELECT format('CREATE INDEX ON %s (customer)', t) FROM unnest('{shop_1,shop_5,shop_10,plain_orders}'::text[]) t
UNION ALL SELECT 'CREATE TABLE batch AS SELECT customer, ordered_on, amount FROM orders LIMIT 1000'
UNION ALL SELECT 'VACUUM ANALYZE ' || t FROM unnest('{shop_1,shop_5,shop_10,plain_orders,batch}'::text[]) t
UNION ALL SELECT format('SELECT count(*) AS attached FROM attach_orders(%L, ordered_at => %L, workspace => %L, storage => %L, diagnose => false)', w, 'ordered_on', w, 'incremental') FROM unnest('{shop_1,shop_5,shop_10}'::text[]) w
UNION ALL SELECT $$ SELECT count(*) AS attached FROM attach_orders('shop_10', ordered_at => 'ordered_on', workspace => 'read_anew', storage => 'view', diagnose => false) $$
\gexec
SELECT format('UPDATE %I.settings SET fold_after = NULL, period = %L', w, 'month') FROM unnest('{shop_1,shop_5,shop_10}'::text[]) w
UNION ALL SELECT 'UPDATE read_anew.settings SET period = ''month'''
\gexec
RESET client_min_messages;

SELECT format($$ CALL bench.compare('%1$s with kept histories, %2$s times the orders', 'SELECT * FROM shop_%2$s.%1$s', 'SELECT * FROM shop_1.%1$s', least(%3$s, 3)) $$, view, tenths, :rounds)
FROM unnest('{overview,abc_summary,data_quality}'::text[]) view CROSS JOIN unnest('{5,10}'::integer[]) tenths
UNION ALL
SELECT format($$ CALL bench.compare('%1$s with kept histories, against the orders read anew', 'SELECT * FROM shop_10.%1$s', 'SELECT * FROM read_anew.%1$s', least(%2$s, 3)) $$, view, :rounds)
FROM unnest('{overview,abc_summary,data_quality}'::text[]) view
\gexec

CALL bench.compare('insert of 1,000 orders, with kept histories',
    'INSERT INTO shop_10 SELECT * FROM batch', 'INSERT INTO plain_orders SELECT * FROM batch', :rounds * 10);
CALL bench.compare('insert of one order, with kept histories',
    $$ INSERT INTO shop_10 VALUES (7, '2024-05-05', 12.5) $$, $$ INSERT INTO plain_orders VALUES (7, '2024-05-05', 12.5) $$, :rounds * 20);
UPDATE shop_10.settings SET fold_after = 10000;
CREATE FUNCTION bench.inserted(relation text, n integer) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..n LOOP
        EXECUTE format('INSERT INTO %s SELECT (customer + %s) %% 90000 + 1, ordered_on, amount FROM batch', relation, i * 7919);
    END LOOP;
    RETURN n;
END
$$;
CALL bench.compare('30 inserts of 1,000 orders, folds of every 10,000 changes included',
    $$ SELECT bench.inserted('shop_10', 30) $$, $$ SELECT bench.inserted('plain_orders', 30) $$, least(:rounds, 3));
