-- Whoever may create functions in the extension's schema captures no call: a look-alike stands beside each function, for each of its
-- arguments, and everything is attached, written, refreshed, folded and read.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = error;

CREATE TABLE orders AS
SELECT n % 61 AS customer, timestamptz '2024-01-01 10:00+00' + n * interval '17 hours' AS ordered_at, (n % 90 - 5)::numeric AS amount, n AS order_id,
    'source ' || n % 3 AS source, 'category ' || n % 4 AS category, (n % 7)::numeric AS profit
FROM generate_series(1, 900) n;
CREATE TABLE customers AS SELECT n AS id, 'region ' || n % 4 AS region, 'name ' || n AS name, 'mail ' || n AS mail, n / 3 AS referrer FROM generate_series(1, 60) n;
CREATE TABLE answers AS
SELECT n % 70 AS customer, timestamptz '2025-01-01 10:00+00' + n * interval '31 hours' AS answered_at, n % 11 AS score, 'place ' || n % 3 AS touchpoint, 'mail'::text AS channel,
    'me'::text AS employee, 'How?'::text AS comment, 'question'::text AS kind, 'more'::text AS wish, 'you'::text AS owner, timestamptz '2025-05-05 10:00+00' AS replied_at, NULL::timestamptz AS resolved_at
FROM generate_series(1, 200) n;
CREATE TABLE touchpoints AS
SELECT n % 70 AS customer, timestamptz '2024-06-01 10:00+00' + n * interval '31 hours' AS happened_at, 'place ' || n % 3 AS touchpoint, 'source'::text AS source, 'none'::text AS reason FROM generate_series(1, 200) n;
CREATE TABLE lines AS SELECT n AS order_id, 'product ' || n * k % 7 AS product, 'category ' || n * k % 4 AS category, k AS quantity, 5::numeric AS amount, 'me'::text AS employee FROM generate_series(1, 900) n, generate_series(1, 2) k;
CREATE TABLE offers AS
SELECT n % 70 AS customer, timestamptz '2024-06-01 10:00+00' + n * interval '31 hours' AS offered_at, 'offer ' || n % 3 AS offer, (ARRAY['yes', 'no', 'perhaps'])[1 + n % 3] AS outcome, 'none'::text AS reason, n AS order_id, 'me'::text AS employee FROM generate_series(1, 200) n;
CREATE TABLE points AS SELECT n % 70 AS customer, timestamptz '2024-06-01 10:00+00' + n * interval '31 hours' AS happened_at, n % 50 - 20 AS points, n / 2 AS order_id, date '2024-09-05' + n AS expires_on FROM generate_series(1, 200) n;
CREATE TABLE costs AS SELECT date '2024-01-01' + n AS spent_on, 'source 1'::text AS source, 5::numeric AS cost FROM generate_series(1, 200) n;
CREATE TABLE survey AS SELECT n % 70 AS respondent, 'question ' || n % 3 AS question, 'answer ' || n % 4 AS answer, timestamptz '2024-06-01 10:00+00' + n * interval '31 hours' AS answered_at FROM generate_series(1, 200) n;

\ir include/lookalikes.sql
SELECT cmp_ok(count(*), '>', 10000::bigint, 'traps are set') FROM pg_proc WHERE prosrc LIKE '%captured: %';
SELECT throws_like($$ SELECT wilson_interval(1, 10::bigint, 0.95::float8) $$, 'captured: wilson_interval', '... and hold who says a type that fits by itself');

CREATE FUNCTION pg_temp.attached(storage text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN NEXT lives_ok(format('SELECT * FROM attach_orders(''orders''::regclass, ''customer''::text, ''ordered_at''::text, ''amount''::text, ''w''::text, ''Europe/Berlin''::text, true, ''order_id''::text, ''source''::text, ''category''::text, ''profit''::text, %L::text, false, ''''::text, ''''::text)',
        storage), 'attach orders, ' || storage);
END
$$;
-- Every column of every row, as text.
CREATE FUNCTION pg_temp.read_all(storage text) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT lives_ok(format('SELECT count(x::text) FROM w.%I x', c.relname), c.relname || ' is read, ' || storage)
    FROM pg_class c WHERE c.relnamespace = to_regnamespace('w') AND c.relkind IN ('v', 'r') ORDER BY c.relname
$$;
SELECT pg_temp.attached('view');
SELECT lives_ok($$ SELECT * FROM attach_customers('customers'::regclass, 'id'::text, '{region}'::text[], 'w'::text, '{name}'::text[], '{mail}'::text[], 'referrer'::text) $$, 'attach customers');
SELECT lives_ok($$ SELECT * FROM attach_answers('answers'::regclass, 'customer'::text, 'answered_at'::text, 'score'::text, 'touchpoint'::text, 'channel'::text, 'employee'::text, 'comment'::text,
    'kind'::text, 'wish'::text, 'owner'::text, 'replied_at'::text, 'resolved_at'::text, 'w'::text, '0-10'::text, 'UTC'::text) $$, 'attach answers');
SELECT lives_ok($$ SELECT * FROM attach_touchpoints('touchpoints'::regclass, 'customer'::text, 'happened_at'::text, 'touchpoint'::text, 'source'::text, 'reason'::text, 'w'::text, 'UTC'::text) $$, 'attach touchpoints');
SELECT lives_ok($$ SELECT * FROM attach_costs('costs'::regclass, 'spent_on'::text, 'source'::text, 'cost'::text, 'w'::text, 'UTC'::text) $$, 'attach costs');
SELECT lives_ok($$ SELECT * FROM attach_lines('lines'::regclass, 'order_id'::text, 'product'::text, 'category'::text, 'quantity'::text, 'amount'::text, 'w'::text, 'employee'::text) $$, 'attach lines');
SELECT lives_ok($$ SELECT * FROM attach_offers('offers'::regclass, 'customer'::text, 'offered_at'::text, 'offer'::text, 'outcome'::text, 'reason'::text, 'order_id'::text, 'employee'::text, 'w'::text, 'UTC'::text) $$, 'attach offers');
SELECT lives_ok($$ SELECT * FROM attach_points('points'::regclass, 'customer'::text, 'happened_at'::text, 'points'::text, 'order_id'::text, 'expires_on'::text, 'w'::text, 'UTC'::text) $$, 'attach points');
SELECT lives_ok($$ SELECT * FROM attach_survey('survey'::regclass, 'respondent'::text, 'question'::text, 'answer'::text, 'answered_at'::text, 'w'::text, ', '::text, 'UTC'::text) $$, 'attach a survey');
SELECT lives_ok($$ SELECT * FROM start_campaign('spring'::text, 'SELECT customer FROM w.customers'::text, '{0.5,0.5}'::double precision[], '{control,treated}'::text[], 'segment'::text, 0.1::numeric, 30::integer, '2024-06-01'::date,
    false, 'why'::text, 'control'::text, false, 0.99::double precision, 'w'::text) $$, 'start a campaign');
INSERT INTO w.funnel_stages VALUES ('sales', 1, 'place 1'), ('sales', 2, 'PURCHASE');
INSERT INTO w.knowledge_base (question, answer) VALUES ('How?', 'So.');
INSERT INTO w.touchpoint_ratings VALUES ('me', '2024-06-06', 'parking', 'wow');
INSERT INTO w.tiers (policy, tier, threshold, discount) VALUES ('current', 'silver', 100, 0.05), ('current', 'gold', 300, 0.1), ('plan', 'gold', 200, 0.1);
UPDATE w.policies SET discount = 0.05, valid_from = '2025-02-01', review_by = '2025-03-01';
UPDATE w.approaches SET valid_from = '2025-02-01', review_by = '2025-03-01';
SELECT pg_temp.read_all('view');
SELECT lives_ok('SELECT * FROM w.tier_what_if(''plan''::text)', 'try another policy');
SELECT lives_ok('SELECT * FROM w.find_answers(''how''::text, 5)', 'find answers');
SELECT lives_ok('SELECT * FROM w.check_segments()', 'check segments');
SELECT lives_ok($$ SELECT * FROM w.not_yet_bought('product 1'::text, 'product 2'::text), w.offer_holdout('2024-12-01'::date, 3) $$, 'functions on lines');
SELECT lives_ok($$ SELECT * FROM w.campaign_randomisation('spring'::text, 'revenue_capped'::text, 9), w.campaign_spread('spring'::text) $$, 'functions on campaigns');
SELECT lives_ok($$ SELECT end_campaign('spring'::text, 'w'::text, '2024-12-01'::date) $$, 'end a campaign');
SELECT lives_ok($$ SELECT describe_for_metabase('w'::text, 'EUR'::text) $$, 'describe for Metabase');
SELECT lives_ok($$ SELECT grant_workspace('w'::text, 'pg_monitor'::regrole, true) $$, 'grant');
SELECT lives_ok($$ UPDATE w.settings SET count_by = 'orders', xyz_by = 'variation', abc_by = 'profit', class_window = NULL, nps_answers = 'all' $$, 'change settings');
SELECT pg_temp.read_all('view, with other settings');

SELECT pg_temp.attached('materialized');
SELECT lives_ok($$ SELECT refresh_workspace('w'::text) $$, 'refresh');
SELECT pg_temp.read_all('materialized');

SELECT pg_temp.attached('incremental');
SELECT lives_ok($$ INSERT INTO orders SELECT n % 61, timestamptz '2025-03-01 10:00+00', n, 1000 + n, 'source 1', 'category 1', 1 FROM generate_series(1, 300) n $$, 'insert');
SELECT lives_ok('UPDATE orders SET amount = amount + 1 WHERE customer % 10 = 1', 'update');
SELECT lives_ok('DELETE FROM orders WHERE customer % 17 = 1', 'delete');
SELECT pg_temp.read_all('incremental');
SELECT isnt(fold_workspace('w'::text), 0::bigint, 'fold');
SELECT is_empty($$ SELECT * FROM verify_workspace('w'::text, false) $$, 'verify');
SELECT is_empty($$ SELECT * FROM verify_workspace('w'::text, true) $$, 'repair');
SELECT is_empty('SELECT * FROM w.missed_changes', 'nothing was missed');
SELECT lives_ok($$ UPDATE w.settings SET time_zone = 'Europe/Rome' $$, 'compute anew what is kept');
SELECT lives_ok('TRUNCATE orders', 'truncate');
SELECT is_empty('SELECT * FROM w.missed_changes', '... and it was seen');
SELECT lives_ok($$ SELECT upgrade_workspace('w'::text) $$, 'upgrade');
SELECT lives_ok($$ SELECT detach_survey('w'::text), detach_answers('w'::text), detach_touchpoints('w'::text), detach_costs('w'::text), detach_customers('w'::text), detach_lines('w'::text), detach_offers('w'::text), detach_points('w'::text) $$, 'detach what else there is');
SELECT lives_ok($$ SELECT detach_orders('w'::text, false) $$, 'detach orders');
SELECT lives_ok($$ SELECT drop_workspace('w'::text, false) $$, 'drop');

SELECT * FROM finish();
ROLLBACK;
