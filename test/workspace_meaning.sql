-- attach_orders(): what the data mean. Each finding with a table where it comes and one where it does not, and its statement, which is run.
\if :{?data}
\else
\set data ''
\endif
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
SET DateStyle = 'ISO';

CREATE FUNCTION pg_temp.error_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    state text; message text; hint text;
BEGIN
    EXECUTE statement;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
    RETURN state || ' ' || message || ' | ' || hint;
END
$$;

CREATE FUNCTION pg_temp.places_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    places text;
BEGIN
    EXECUTE statement;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS places = PG_EXCEPTION_CONTEXT;
    RETURN places;
END
$$;

-- What attaching tells under a topic.
CREATE FUNCTION pg_temp.told(relation regclass, topic text, storage text DEFAULT 'view') RETURNS SETOF attach_finding LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT f.* FROM attach_orders(relation, storage => told.storage) f WHERE f.topic = told.topic;
    PERFORM drop_workspace('loyalty');
END
$$;

-- Whether the statement of a finding can be run as it is, and the finding is gone then; in all storages that take a table.
CREATE FUNCTION pg_temp.is_settled(relation regclass, topic text, storage text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    advice text;
    attached regclass;
    still boolean;
BEGIN
    SELECT f.advice INTO STRICT advice FROM attach_orders(relation, storage => is_settled.storage) f WHERE f.topic = is_settled.topic;
    EXECUTE substring(advice FROM '(?:CREATE VIEW |ALTER TABLE |SELECT attach_orders|UPDATE ).*$');
    SELECT to_regclass(a.relation) INTO attached FROM loyalty.attached a WHERE a.relation_role = 'orders';
    SELECT EXISTS (SELECT FROM attach_orders(attached) f WHERE f.topic = is_settled.topic) INTO still;
    IF storage = 'incremental' AND EXISTS (SELECT FROM verify_workspace()) THEN
        RETURN NULL;
    END IF;
    PERFORM drop_workspace('loyalty');
    RETURN NOT still;
END
$$;

-- A shop as it should be: thirty customers, of whom each comes six times.
CREATE SCHEMA shop;
CREATE TABLE shop.orders AS
SELECT n AS id, 'k' || n % 30 AS customer, date '2025-01-01' + n / 2 AS order_date, (n % 7 + 1)::numeric(10,2) AS total FROM generate_series(1, 180) n;
ALTER TABLE shop.orders ADD PRIMARY KEY (id);
CREATE TABLE shop.told AS SELECT * FROM attach_orders('shop.orders');
SELECT is_empty($$ SELECT * FROM shop.told WHERE topic NOT IN ('customer', 'ordered_at', 'amount', 'order_id', 'time_zone', 'settings', 'storage', 'orders', 'cadence', 'not attached') $$,
    'of a shop as it should be there is nothing to tell');
SELECT drop_workspace('loyalty');

-- Each subtransaction goes through all that its transaction has made so far: the less the faster. The database is dropped in the end.
COMMIT AND CHAIN;

-- states
CREATE TABLE shop.drafts AS SELECT *, (ARRAY['paid', 'draft', 'paid', 'Отменён'])[1 + id % 4] AS status, id % 10 = 0 AS is_test,
    CASE WHEN id % 20 = 0 THEN timestamptz '2026-01-01 12:00+00' END AS archived_at, 'EUR' AS currency, 'sale' AS type FROM shop.orders;
SELECT results_eq($$ SELECT finding FROM pg_temp.told('shop.drafts', 'status') $$, format($$ VALUES
        (format('every row counts, whatever its status: paid %%s rows, %%s; draft %%s rows, %%s; Отменён %%s rows, %%s', %s)),
        (format('every row counts, whatever its is_test: false %%s rows, %%s; true %%s rows, %%s', %s)),
        (format('every row counts, whatever its archived_at: empty %%s rows, %%s; filled %%s rows, %%s', %s)) $$,
    (SELECT string_agg(format('%s, %s', s.n, s.amount), ', ' ORDER BY s.n DESC, s.status) FROM (SELECT status, count(*) AS n, sum(total) AS amount FROM shop.drafts GROUP BY 1) s),
    (SELECT string_agg(format('%s, %s', s.n, s.amount), ', ' ORDER BY s.is_test) FROM (SELECT is_test, count(*) AS n, sum(total) AS amount FROM shop.drafts GROUP BY 1) s),
    (SELECT string_agg(format('%s, %s', s.n, s.amount), ', ' ORDER BY s.filled) FROM (SELECT archived_at IS NOT NULL AS filled, count(*) AS n, sum(total) AS amount FROM shop.drafts GROUP BY 1) s)),
    'columns of states are told with rows and sums, those of one value are not');
SELECT matches((SELECT advice FROM pg_temp.told('shop.drafts', 'status') LIMIT 1), 'Отменён.*draft|draft.*Отменён', '... and a statement names what is no order');
CREATE VIEW shop.by_status AS SELECT id, customer, order_date, total, status FROM shop.drafts;
CREATE VIEW shop.by_test AS SELECT id, customer, order_date, total, is_test FROM shop.drafts;
CREATE VIEW shop.by_archive AS SELECT id, customer, order_date, total, archived_at FROM shop.drafts;
SELECT ok(pg_temp.is_settled(relation, 'status', 'view'), relation || ': the statement settles it')
FROM unnest('{shop.by_status,shop.by_test,shop.by_archive}'::text[]) relation;
CREATE TABLE shop.kept_status (LIKE shop.orders INCLUDING ALL, "Статус" text);
INSERT INTO shop.kept_status SELECT id, customer, order_date, total, status FROM shop.drafts;
SELECT ok(pg_temp.is_settled('shop.kept_status', 'status', 'incremental'), '... by a generated column where triggers keep the figures');
SELECT matches((SELECT finding FROM pg_temp.told('shop.kept_status', 'status')), 'amount_counted|Статус', 'columns are known in Russian');
CREATE TABLE shop.many_states AS SELECT *, 's' || lpad((id % 13)::text, 2, '0') AS stage FROM shop.orders;
SELECT matches((SELECT finding FROM pg_temp.told('shop.many_states', 'status')), '^every row counts, whatever its stage: ([^;]+; ){10}and 3 more$', 'ten values are listed, others counted');
CREATE TABLE shop.one_state AS SELECT *, 'paid'::text AS status, false AS test_mode FROM shop.orders;
CREATE TABLE shop.returned AS SELECT *, 'paid' AS status FROM shop.orders UNION ALL SELECT id, customer, order_date + 3, -total, 'refunded' FROM shop.orders WHERE id % 20 = 0
    UNION ALL SELECT id + 500, customer, order_date, 5, 'open' FROM shop.orders WHERE id % 60 = 0;
SELECT matches((SELECT advice FROM pg_temp.told('shop.returned', 'status')), 'status IN [(]''open''[)]', 'returns, which take something off, are not to be left out');
CREATE TABLE shop.whole_sums AS SELECT *, 100 + id AS amount_paid FROM shop.orders;
SELECT is_empty($$ SELECT * FROM pg_temp.told('shop.whole_sums', 'status') $$, 'sums are no states');
SELECT is_empty($$ SELECT * FROM pg_temp.told('shop.one_state', 'status') $$, 'a column of one value tells nothing apart');
SELECT is((SELECT string_agg(topic, ',') FROM attach_orders('shop.drafts', plan => true) WHERE topic = 'status'), 'status', 'a plan, which reads no rows, says that nothing is filtered');

-- whether a column says no, in both directions and in words
SELECT is((SELECT bool_and(_clientele.workspace_says_no(col, value) = expected) FROM (VALUES ('is_test', 'true', true), ('is_test', 'false', false), ('livemode', 'false', true), ('livemode', 'true', false),
    ('posted', '0', true), ('ПометкаУдаления', 'true', true), ('Проведён', 'false', true), ('Storno', 'true', true), ('removed_at', 'filled', true), ('removed_at', 'empty', false), ('status', 'Cancelled', true), ('status', 'completed', false),
    ('type', 'test order', true), ('type', 'contest', false), ('Стадия', 'Не оплачен', true), ('Стадия', 'Оплачен', false), ('Статус', 'Отказ клиента', true)) v(col, value, expected)), true, 'what is no order');

COMMIT AND CHAIN;

-- currencies
CREATE TABLE shop.currencies AS SELECT *, CASE WHEN id % 3 = 0 THEN 'USD' ELSE 'EUR' END AS currency_code FROM shop.orders;
SELECT results_eq($$ SELECT finding FROM pg_temp.told('shop.currencies', 'currencies') $$,
    $$ SELECT 'amounts of several currencies, by currency_code, are summed up as one: ' || string_agg(format('%s %s rows, %s', currency_code, n, amount), '; ' ORDER BY n DESC)
       FROM (SELECT currency_code, count(*) AS n, sum(total) AS amount FROM shop.currencies GROUP BY 1) s $$, 'several currencies are told');
SELECT ok(pg_temp.is_settled('shop.currencies', 'currencies', 'view'), '... and settled');
SELECT is_empty($$ SELECT * FROM pg_temp.told('shop.drafts', 'currencies') $$, '... one is not');

COMMIT AND CHAIN;

-- the price of one piece
CREATE TABLE shop.pieces AS SELECT id, customer, order_date, id % 3 + 1 AS quantity, total AS price FROM shop.orders;
SELECT is(pg_temp.error_of($$ SELECT attach_orders('shop.pieces') $$),
    '42703 no column of shop.pieces looks like the amount: "price" is of one piece, as there is "quantity" | Attach a view that multiplies: CREATE VIEW shop.pieces_amounts AS SELECT *, price * quantity AS amount FROM shop.pieces; SELECT attach_orders(''shop.pieces_amounts''); or, if it is of the whole row, say amount => ''price''.',
    'the price of one piece is no amount');
DO $$ BEGIN EXECUTE substring(pg_temp.error_of('SELECT attach_orders(''shop.pieces'')') FROM '(CREATE VIEW [^;]+; SELECT [^;]+);'); END $$;
SELECT is((SELECT sum(revenue) FROM loyalty.customers), (SELECT sum(price * quantity) FROM shop.pieces), '... the view that multiplies is');
SELECT is_empty($$ SELECT * FROM attach_orders('shop.pieces_amounts') WHERE topic = 'unit price' $$, '... and leaves nothing to tell');
SELECT results_eq($$ SELECT finding FROM attach_orders('shop.pieces', amount => 'price') WHERE topic = 'unit price' $$,
    $$ SELECT format('rows whose price is not price times quantity: %s; they bring %s, and the product %s', _clientele.workspace_row_share(count(*) FILTER (WHERE quantity > 1), count(*)),
        sum(price) FILTER (WHERE quantity > 1), sum(price * quantity) FILTER (WHERE quantity > 1)) FROM shop.pieces $$, 'who insists is told');
SELECT drop_workspace('loyalty');
CREATE TABLE shop.both_prices AS SELECT id, customer, order_date, id % 3 + 1 AS qty, total AS unit_price, total AS amount FROM shop.orders;
SELECT is((SELECT count(*) FROM pg_temp.told('shop.both_prices', 'unit price')), 1::bigint, 'an amount that is the price of one piece is told');
SELECT ok(pg_temp.is_settled('shop.both_prices', 'unit price', 'view'), '... and settled');
CREATE TABLE shop.priced AS SELECT id, customer, order_date, total AS price FROM shop.orders;
SELECT is((SELECT finding FROM pg_temp.told('shop.priced', 'amount')), 'column price (numeric), found by its name', 'without a quantity a price is an amount');

COMMIT AND CHAIN;

-- lines, and refunds under the number of the order
CREATE TABLE shop.lines AS SELECT 1 + n / 3 AS order_id, 'k' || n / 3 % 30 AS customer, date '2025-01-01' + n / 3 AS order_date, 10::numeric AS total FROM generate_series(0, 89) n;
SELECT is((SELECT finding FROM pg_temp.told('shop.lines', 'order lines')), 'rows whose order_id another row has too: 60 of 90 (66.67 %)', 'lines of orders are told');
CREATE TABLE shop.refunds AS SELECT id AS order_id, customer, order_date, total FROM shop.orders UNION ALL SELECT id, customer, order_date + 3, -total FROM shop.orders WHERE id % 2 = 0 UNION ALL SELECT id, customer, order_date + 4, -1 FROM shop.orders;
SELECT is_empty($$ SELECT * FROM pg_temp.told('shop.refunds', 'order lines') $$, 'refunds under the number of their order are no lines');

COMMIT AND CHAIN;

-- refunded amounts in a column
CREATE TABLE shop.refunded (LIKE shop.orders INCLUDING ALL, refunded_amount numeric);
INSERT INTO shop.refunded SELECT o.*, CASE WHEN id % 10 = 0 THEN total WHEN id % 10 = 1 THEN total + 1 WHEN id % 10 = 2 THEN -0.5 WHEN id % 10 = 3 THEN 'NaN' WHEN id % 10 = 4 THEN NULL ELSE 0 END FROM shop.orders o;
INSERT INTO shop.refunded VALUES (1001, 'k1', '2025-02-02', -5, 5), (1002, 'k2', '2025-02-03', 0, 3);
SELECT results_eq($$ SELECT finding FROM pg_temp.told('shop.refunded', 'refunds') $$,
    $$ SELECT format('not taken off what orders brought: refunded_amount, %s in %s rows', sum(abs(refunded_amount)), count(*)) FROM shop.refunded WHERE total > 0 AND abs(refunded_amount) BETWEEN 0.01 AND 1000 $$,
    'a column of refunds is told, not taken');
SELECT is_empty($$ SELECT * FROM shop.told WHERE topic = 'refunds' $$, '... where there is one');
CREATE VIEW shop.expected AS
SELECT customer, sum(brought) AS revenue, count(*) FILTER (WHERE total >= 0) AS orders, count(*) FILTER (WHERE total >= 0 AND NOT is_whole) AS kept_orders
FROM (
    SELECT customer, total, CASE WHEN total > 0 AND abs(refunded_amount) < 1e9 THEN greatest(total - abs(refunded_amount), 0) ELSE total END AS brought,
        coalesce(total > 0 AND abs(refunded_amount) < 1e9 AND total <= abs(refunded_amount), false) AS is_whole
    FROM shop.refunded) x
GROUP BY customer;
CREATE FUNCTION pg_temp.attach_refunds(storage text) RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM attach_orders('shop.refunded', refunded => 'refunded_amount', workspace => storage, storage => storage) $$;
SELECT cmp_ok(pg_temp.attach_refunds(storage), '>', 0::bigint, storage || ': attached') FROM unnest('{view,materialized,incremental}'::text[]) storage;
SELECT set_eq(format('SELECT customer, revenue, orders FROM %I.customers', storage), 'SELECT customer, revenue, orders FROM shop.expected', storage || ': refunds are taken off on the day of the order')
FROM unnest('{view,materialized,incremental}'::text[]) storage;
INSERT INTO shop.refunded SELECT id + 2000, customer, order_date + 100, total, total / 2 FROM shop.orders WHERE id % 3 = 0;
UPDATE shop.refunded SET refunded_amount = total WHERE id % 7 = 0;
DELETE FROM shop.refunded WHERE id % 11 = 0;
SELECT refresh_workspace('materialized');
SELECT set_eq(format('SELECT customer, revenue, orders FROM %I.customers', storage), 'SELECT customer, revenue, orders FROM shop.expected', storage || ': ... after changes')
FROM unnest('{view,materialized,incremental}'::text[]) storage;
SELECT is_empty($$ SELECT * FROM verify_workspace('incremental') $$, '... which triggers have kept');
UPDATE view.settings SET refunded_orders = 'skipped';
UPDATE materialized.settings SET refunded_orders = 'skipped';
UPDATE incremental.settings SET refunded_orders = 'skipped';
SELECT refresh_workspace('materialized');
UPDATE shop.refunded SET refunded_amount = total WHERE id % 13 = 0;
SELECT refresh_workspace('materialized');
SELECT set_eq(format('SELECT customer, revenue, orders FROM %I.customers', storage), 'SELECT customer, revenue, kept_orders FROM shop.expected WHERE kept_orders > 0', storage || ': an order given back as a whole may be none')
FROM unnest('{view,materialized,incremental}'::text[]) storage;
SELECT is_empty($$ SELECT * FROM verify_workspace('incremental') $$, '... for triggers too');
SELECT set_eq(format('SELECT reason, order_rows, revenue FROM %I.data_quality', storage), 'SELECT reason, order_rows, revenue FROM view.data_quality', storage || ': data_quality counts them so')
FROM unnest('{materialized,incremental}'::text[]) storage;
SELECT cmp_ok((SELECT order_rows FROM view.data_quality WHERE reason = 'zero_amount'), '=', (SELECT sum(orders - kept_orders)::bigint FROM shop.expected), '... under zero_amount');
SELECT cmp_ok((SELECT sum(order_rows) FROM view.data_quality), '=', (SELECT count(*)::numeric FROM shop.refunded), '... each row once');
SELECT is(pg_temp.error_of($$ UPDATE view.settings SET refunded_orders = 'no' $$) LIKE '23514 %refunded_orders is orders or skipped%', true, 'refunded_orders is checked');
SELECT lives_ok($$ SELECT upgrade_workspace('incremental') $$, 'an upgrade keeps the column');
SELECT is_empty($$ SELECT * FROM verify_workspace('incremental') $$, '... and what is kept of it');
SELECT is((SELECT columns->>'refunded' FROM incremental.attached WHERE relation_role = 'orders'), 'refunded_amount', '... by its name');
CREATE TABLE shop.real_refunds AS SELECT customer, order_date, total::real AS total, 0.1::double precision AS total_refunded FROM shop.orders;
SELECT lives_ok($$ SELECT attach_orders('shop.real_refunds', refunded => 'total_refunded', workspace => 'floating') $$, 'refunds in floating point');
SELECT is((SELECT sum(revenue) FROM floating.customers), (SELECT sum(total - 0.1) FROM shop.orders), '... are taken off as decimals');

COMMIT AND CHAIN;

-- nobody
CREATE TABLE shop.guests AS SELECT id, CASE WHEN id % 6 = 0 THEN 'Guest' WHEN id % 30 = 1 THEN 'Розничный покупатель' ELSE customer END AS customer, order_date, total FROM shop.orders;
SELECT results_eq($$ SELECT finding FROM pg_temp.told('shop.guests', 'nobody') $$,
    $$ SELECT 'customers that look like nobody known: ' || string_agg(format('%s: %s orders, %s', customer, n, amount), '; ' ORDER BY n DESC)
       FROM (SELECT customer, count(*) AS n, sum(total) AS amount FROM shop.guests WHERE customer IN ('Guest', 'Розничный покупатель') GROUP BY 1) s $$, 'guests are told');
SELECT ok(pg_temp.is_settled('shop.guests', 'nobody', 'view'), '... and settled');
CREATE TABLE shop.kept_guests (LIKE shop.orders INCLUDING ALL);
INSERT INTO shop.kept_guests SELECT * FROM shop.guests;
SELECT ok(pg_temp.is_settled('shop.kept_guests', 'nobody', 'incremental'), '... where triggers keep the figures');
CREATE TABLE shop.numbered AS SELECT id, id % 30 AS customer_id, order_date, total FROM shop.orders;
SELECT is((SELECT finding LIKE 'customers that look like nobody known: 0: 6 orders, %' FROM pg_temp.told('shop.numbered', 'nobody')), true, 'the number 0 is nobody');
SELECT ok(pg_temp.is_settled('shop.numbered', 'nobody', 'view'), '... and settled');
SELECT is_empty($$ SELECT * FROM shop.told WHERE topic = 'nobody' $$, 'others are somebody');
SELECT is((SELECT array_agg(k ~ _clientele.workspace_nobody_pattern() ORDER BY n) FROM unnest('{0,-1,guest,n/a,-,unknown,розничный покупатель,0000-1,guesthouse ltd,nathan,anna}'::text[]) WITH ORDINALITY u(k, n)),
    '{t,t,t,t,t,t,t,f,f,f,f}'::boolean[], 'what stands for nobody');
CREATE TABLE shop.one_large AS SELECT id, CASE WHEN id % 5 = 0 THEN 'k-large' ELSE customer END AS customer, order_date, total FROM shop.orders;
SELECT results_eq($$ SELECT finding FROM pg_temp.told('shop.one_large', 'one customer') $$,
    $$ SELECT format('k-large has %s, which bring %s', _clientele.workspace_row_share(count(*) FILTER (WHERE customer = 'k-large'), count(*)) || ' orders', sum(total) FILTER (WHERE customer = 'k-large')) FROM shop.one_large $$,
    'one customer with more than a tenth of the orders is told');
SELECT ok(pg_temp.is_settled('shop.one_large', 'one customer', 'view'), '... and settled');
SELECT is_empty($$ SELECT * FROM shop.told WHERE topic = 'one customer' $$, '... where there is one');
CREATE TABLE shop.spelled (LIKE shop.orders INCLUDING ALL);
INSERT INTO shop.spelled SELECT id, CASE WHEN id % 4 = 0 THEN upper(customer) WHEN id % 4 = 1 THEN ' ' || customer ELSE customer END, order_date, total FROM shop.orders;
SELECT results_eq($$ SELECT finding FROM pg_temp.told('shop.spelled', 'spelling') $$,
    $$ SELECT format('customers that differ by capitals or blanks around them alone: %s of %s, who have %s orders and bring %s; there would be %s', sum(k), sum(k), sum(n), sum(amount), count(*))
       FROM (SELECT count(DISTINCT customer) AS k, count(*) AS n, sum(total) AS amount FROM shop.spelled GROUP BY lower(btrim(customer)) HAVING count(DISTINCT customer) > 1) s $$, 'keys that differ by case and blanks are told');
SELECT ok(pg_temp.is_settled('shop.spelled', 'spelling', storage), storage || ': ... and settled') FROM unnest('{view,incremental}'::text[]) storage;
SELECT is_empty($$ SELECT * FROM shop.told WHERE topic = 'spelling' $$, '... where they do');
CREATE TABLE shop.exponents AS SELECT id, CASE WHEN id % 9 = 0 THEN '4.915' || id % 4 || 'E+11' ELSE '4915112345' || lpad((id % 30)::text, 2, '0') END AS customer, order_date, total FROM shop.orders;
SELECT matches((SELECT finding || advice FROM pg_temp.told('shop.exponents', 'exponents')), '4[.]915[0-9]E[+]11: 4, with 20 orders, which bring [0-9.]+A spreadsheet', 'telephone numbers that a spreadsheet wrote are told');
SELECT ok(pg_temp.is_settled('shop.exponents', 'exponents', 'view'), '... and settled');
SELECT is_empty($$ SELECT * FROM shop.told WHERE topic = 'exponents' $$, '... others are not');
CREATE TABLE shop.everybody AS SELECT 'o' || id AS customer, customer AS buyer_name, order_date, total FROM shop.orders;
SELECT is((SELECT finding FROM pg_temp.told('shop.everybody', 'as many customers as orders')), (SELECT format('each of %s orders, which bring %s, has a customer of its own', count(*), sum(total)) FROM shop.everybody),
    'as many customers as orders are told');
SELECT ok(pg_temp.is_settled('shop.everybody', 'as many customers as orders', 'view'), '... and settled');
SELECT is_empty($$ SELECT * FROM shop.told WHERE topic = 'as many customers as orders' $$, '... fewer are not');

COMMIT AND CHAIN;

-- times
CREATE TABLE shop.times AS SELECT id, customer, order_date + time '22:30' AS created_at, CASE WHEN id % 4 > 0 THEN order_date + (id % 3) * interval '2 days' END AS paid_at, order_date AS completed_at, total FROM shop.orders;
SELECT results_eq($$ SELECT finding FROM pg_temp.told('shop.times', 'times') $$,
    $$ SELECT format('created_at counts, not paid_at, which is of another day in %s rows, by %s days in the median, and empty in %s of %s rows; these bring %s', count(*) FILTER (WHERE paid_at::date <> created_at::date),
        percentile_disc(0.5) WITHIN GROUP (ORDER BY paid_at::date - created_at::date) FILTER (WHERE paid_at::date <> created_at::date), count(*) FILTER (WHERE paid_at IS NULL), count(*),
        sum(total) FILTER (WHERE (paid_at::date = created_at::date) IS NOT TRUE)) FROM shop.times $$, 'another time of another day is told, one of the same day is not');
SELECT matches((SELECT advice FROM pg_temp.told('shop.times', 'times')), 'SELECT attach_orders[(]''shop.times'', ordered_at => ''paid_at''', '... with the statement that takes it');
SELECT is(pg_temp.error_of($$ SELECT attach_orders('shop.times', time_zone => 'America/New_York') $$),
    '22023 column "created_at" has a clock without a time zone | Say whose clock it is: stored_in => ''UTC'', as most servers keep time, or stored_in => ''America/New_York'', if it shows the time there; or leave out time_zone, and its days count as they are.',
    'a clock without a zone is refused where a zone is given');
SELECT is(pg_temp.error_of($$ SELECT attach_orders('shop.orders', stored_in => 'UTC') $$),
    '22023 stored_in says whose clock a timestamp without time zone shows, and column "order_date" has the type date | Leave out stored_in.', 'a date has no clock');
SELECT matches(pg_temp.error_of($$ SELECT attach_orders('shop.times', stored_in => 'CET') $$), '^22023 .*"stored_in": "CET"', 'a clock is of a full zone');
SELECT lives_ok($$ SELECT attach_orders('shop.orders', time_zone => 'America/New_York', workspace => 'dated') $$, '... so that nothing is asked');
CREATE TABLE shop.clocks (LIKE shop.orders INCLUDING ALL);
ALTER TABLE shop.clocks RENAME order_date TO ordered_at;
ALTER TABLE shop.clocks ALTER ordered_at TYPE timestamp;
INSERT INTO shop.clocks SELECT id, customer, order_date + id % 24 * interval '1 hour', total FROM shop.orders;
INSERT INTO shop.clocks VALUES (1001, 'k1', 'infinity', 1), (1002, 'k1', '-infinity', 1), (1003, 'k1', '290000-01-01', 1), (1004, 'k1', '4000-01-01 BC', 1), (1005, 'k1', NULL, 1);
SELECT lives_ok(format($$ SELECT attach_orders('shop.clocks', time_zone => 'America/New_York', stored_in => 'UTC', workspace => 'clock_%1$s', storage => %1$L) $$, storage), storage || ': whose clock it is')
FROM unnest('{view,materialized,incremental}'::text[]) storage;
INSERT INTO shop.clocks SELECT id + 3000, customer, order_date + id % 24 * interval '1 hour' + interval '40 days', total FROM shop.orders;
SELECT refresh_workspace('clock_materialized');
SELECT set_eq(format('SELECT customer, day, orders FROM clock_%s.customer_history, history_days(history) WHERE orders > 0', storage),
    $$ SELECT customer, (ordered_at AT TIME ZONE 'UTC' AT TIME ZONE 'America/New_York')::date AS day, count(*) FROM shop.clocks WHERE ordered_at BETWEEN '2000-01-01' AND '2100-01-01' GROUP BY 1, 2 $$,
    storage || ': days are those of the zone, of a clock elsewhere') FROM unnest('{view,materialized,incremental}'::text[]) storage;
SELECT set_eq(format('SELECT reason, order_rows FROM clock_%s.data_quality WHERE reason LIKE ''%%time''', storage), $$ VALUES ('no_time', 1::bigint), ('invalid_time', 4) $$, storage || ': what is out of range is invalid')
FROM unnest('{view,materialized,incremental}'::text[]) storage;
SELECT is_empty($$ SELECT * FROM verify_workspace('clock_incremental') $$, 'triggers read the clock as the views do');
SELECT is((SELECT finding FROM attach_orders('shop.clocks', time_zone => 'Asia/Tokyo', workspace => 'clock_view') WHERE topic = 'ordered_at'),
    'column ordered_at (timestamp without time zone), as given; clock of UTC, days of Asia/Tokyo', 'whose clock it is is remembered');

COMMIT AND CHAIN;

-- empty dates
CREATE TABLE shop.empty_dates AS SELECT id, customer, CASE WHEN id % 10 = 0 THEN date '0001-01-01' WHEN id % 10 = 1 THEN '1970-01-01' WHEN id % 10 = 2 THEN '1899-12-30' ELSE order_date END AS order_date, total FROM shop.orders;
SELECT is((SELECT finding FROM pg_temp.told('shop.empty_dates', 'empty dates')),
    (SELECT format('rows with a date that stands for none, 0001-01-01 to 1970-01-01: %s, of %s; they have no time', count(*), sum(total)) FROM shop.empty_dates WHERE order_date < '2000-01-01'), 'dates that stand for none are told');
SELECT lives_ok($$ SELECT attach_orders('shop.empty_dates', workspace => 'empties') $$, '... and attached');
SELECT is((SELECT min(first_order) FROM empties.customers), (SELECT min(order_date) FROM shop.empty_dates WHERE order_date > '2000-01-01'), '... and are no days');
SELECT is((SELECT order_rows FROM empties.data_quality WHERE reason = 'no_time'), (SELECT count(*) FROM shop.empty_dates WHERE order_date < '2000-01-01'), '... but no time');
SELECT is_empty($$ SELECT * FROM shop.told WHERE topic = 'empty dates' $$, '... where there are any');
-- views and histories hold the same times for empty, of each type
CREATE TABLE shop.edges AS SELECT n AS id, 'k' AS customer, b.at + n * interval '1 hour' AS ordered_at, 1 AS total
FROM (VALUES (timestamp '1970-01-01'), ('1899-12-30'), ('0001-01-01')) b(at) CROSS JOIN generate_series(-30, 60) n;
CREATE VIEW shop.edge_instants AS SELECT id, customer, ordered_at AT TIME ZONE 'UTC' AS ordered_at, total FROM shop.edges;
CREATE VIEW shop.edge_days AS SELECT id, customer, ordered_at::date AS ordered_at, total FROM shop.edges;
SELECT lives_ok(format($$ SELECT attach_orders('shop.%1$s', workspace => %1$L) $$, relation), relation || ' are attached') FROM unnest('{edges,edge_instants,edge_days}'::text[]) relation;
SELECT set_eq(format('SELECT day, orders FROM %s.customer_history, history_days(history)', relation), format('SELECT day, count(*) FROM %s.order_rows WHERE usable GROUP BY day', relation), relation || ': histories hold what views hold')
FROM unnest('{edges,edge_instants,edge_days}'::text[]) relation;
SELECT is((SELECT count(*) FROM edges.order_rows WHERE left_out = 'no_time'), 72::bigint, 'the hours of these days are times without a date');

COMMIT AND CHAIN;

-- rhythm
CREATE TABLE shop.yearly AS SELECT n AS id, 'k' || n % 30 AS customer, date '2018-01-01' + n % 30 + 365 * (n / 30) AS order_date, 10::numeric AS total FROM generate_series(0, 179) n;
SELECT results_eq($$ SELECT finding FROM attach_orders('shop.yearly') WHERE topic IN ('settings', 'rhythm') $$, $$ VALUES
    ('periods: quarter, RFM scores: 1 to 3, lost after: 24 months'),
    ('customers who come back do so after 365 days in the median; lost_after is 24 months, new_within 12 months, regular_within 36 months') $$, 'a shop that sells by year gets spans that fit, and is told');
SELECT is((SELECT count(*) FROM loyalty.customers WHERE stage = 'lost'), 0::bigint, '... and nobody of it is lost');
UPDATE loyalty.settings SET lost_after = '6 months', new_within = '3 months', regular_within = '6 months';
SELECT matches((SELECT finding || ' ' || advice FROM attach_orders('shop.yearly') WHERE topic = 'rhythm'), 'lost_after is 6 months.* They count as lost in between; spans that fit: UPDATE loyalty.settings SET lost_after = ''24 months''', 'spans that do not fit are told');
SELECT is((SELECT lost_after FROM loyalty.settings), interval '6 months', '... and left as they are');
DO $$ BEGIN EXECUTE (SELECT substring(advice FROM 'UPDATE.*') FROM attach_orders('shop.yearly') WHERE topic = 'rhythm'); END $$;
SELECT is((SELECT lost_after FROM loyalty.settings), interval '24 months', '... until the statement is run');
SELECT drop_workspace('loyalty');
SELECT is_empty($$ SELECT * FROM shop.told WHERE topic = 'rhythm' $$, 'where customers come back soon there is nothing to tell');

COMMIT AND CHAIN;

-- repeat customers and orders, at every period
CREATE TABLE shop.growth AS SELECT n AS id, 'k' || n * n % 41 AS customer, date '2025-01-01' + n * n * 7 % 700 AS order_date, (n % 9 - 1)::numeric AS total FROM generate_series(1, 400) n;
SELECT lives_ok($$ SELECT attach_orders('shop.growth') $$, 'attached');
CREATE FUNCTION pg_temp.same_growth(of_period text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    UPDATE loyalty.settings SET period = of_period, as_of = '2026-11-01';
    RETURN NEXT set_eq('SELECT period_start, repeat_share, first_orders, repeat_orders FROM loyalty.overview WHERE orders > 0', format($query$
        SELECT date_trunc(%1$L, o.order_date)::date AS period_start, count(DISTINCT o.customer) FILTER (WHERE o.order_date > o.first)::double precision / count(DISTINCT o.customer) AS repeat_share,
            count(DISTINCT o.customer) FILTER (WHERE o.order_date = o.first) AS first_orders, count(*) - count(DISTINCT o.customer) FILTER (WHERE o.order_date = o.first) AS repeat_orders
        FROM (SELECT *, min(order_date) OVER (PARTITION BY customer) AS first FROM shop.growth WHERE total >= 0) o
        WHERE o.order_date >= (SELECT first_period FROM loyalty.reporting_date) AND o.order_date < '2026-11-01'
        GROUP BY 1 $query$, of_period), of_period || ': who bought again, and first and repeat orders');
END
$$;
SELECT pg_temp.same_growth(p) FROM unnest('{day,week,month,quarter,year}'::text[]) p;
SELECT drop_workspace('loyalty');

-- what is refused is told by itself, and no number of anything is offered as an amount
CREATE TABLE shop.numbers (order_id integer PRIMARY KEY, customer_id integer, employee_id integer, ship_via smallint, "invoiceNo" integer, qty integer, order_date date, freight real, gross_paid integer);
SELECT is(pg_temp.error_of($$ SELECT attach_orders('shop.numbers') $$),
    '42703 no column of shop.numbers looks like the amount | Name it with amount => ''...''; these have a type that would do: freight, gross_paid. What takes an expression, such as order lines or a cast, goes into a view first: attach the view.',
    'no key is offered as an amount');
SELECT unalike(pg_temp.places_of(statement), '%\_clientele%', 'no place in the extension is told: ' || statement)
FROM (VALUES ($$ SELECT attach_orders('shop.numbers') $$), ($$ SELECT attach_orders('shop.orders', customer => 'nobody') $$), ($$ SELECT attach_orders('shop.orders', storage => 'none') $$),
    ($$ SELECT attach_orders('shop.times', time_zone => 'UTC') $$), ($$ SELECT attach_orders(NULL) $$)) v(statement);
SELECT is(pg_temp.error_of($$ SELECT attach_orders('shop.orders', time_zone => 'Mars') $$) LIKE '2%Mars% | %', true, 'errors keep their state, value and hint');

COMMIT AND CHAIN;

-- no word where there is nothing to tell: tables of others
SELECT :'data' = '' AS no_data \gset
\if :no_data
SELECT skip('no real data: the folder ../shared/data is absent', 1);
\else
\ir include/real_orders.sql
CREATE FUNCTION pg_temp.load(file text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE regexp_replace(pg_read_file(file), '^(\\|DROP DATABASE|CREATE DATABASE|SET )[^\n]*$', '', 'gn');
END
$$;
CREATE VIEW retail_lines AS SELECT customer_id, invoice_date, quantity * unit_price AS amount FROM online_retail;
\set file :data '/chinook/chinook.sql'
CREATE SCHEMA chinook;
SET LOCAL search_path = chinook, public, tap;
SELECT pg_temp.load(:'file') \g /dev/null
\set file :data '/northwind/northwind.sql'
CREATE SCHEMA northwind;
SET LOCAL search_path = northwind, public, tap;
SELECT pg_temp.load(:'file') \g /dev/null
CREATE VIEW order_totals AS
SELECT o.*, d.total FROM orders o
JOIN (SELECT order_id, sum(round(unit_price::text::numeric * quantity * (1 - discount::text::numeric), 2)) AS total FROM order_details GROUP BY order_id) d USING (order_id);
CREATE FUNCTION pg_temp.words_about(relation regclass) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    words text;
BEGIN
    IF to_regnamespace('loyalty') IS NOT NULL THEN
        PERFORM drop_workspace('loyalty');
    END IF;
    SELECT string_agg(f.topic || ': ' || f.finding, E'\n') INTO words FROM attach_orders(relation) f
    WHERE f.topic IN ('status', 'currencies', 'unit price', 'times', 'refunds', 'nobody', 'one customer', 'spelling', 'exponents', 'as many customers as orders', 'empty dates', 'rhythm');
    PERFORM drop_workspace('loyalty');
    RETURN words;
END
$$;
SELECT is(pg_temp.words_about(relation::regclass), NULL, relation || ': no word of what is not so')
FROM unnest('{cdnow,retail_lines,retail_invoices,chinook.invoice,northwind.order_totals}'::text[]) relation;
SELECT is(pg_temp.error_of($$ SELECT attach_orders('northwind.orders') $$) LIKE '%would do: freight.%', true, 'Northwind: no number of anything is offered as an amount');
SELECT matches(pg_temp.error_of($$ SELECT attach_orders('online_retail') $$), 'unit_price \* quantity AS amount', 'Online Retail: the price of one piece is no amount');
\endif

SELECT * FROM finish();
ROLLBACK;
