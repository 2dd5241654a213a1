#!/usr/bin/env bash
# A statement_timeout ends every long function at once, whichever of its phases it comes in
#
# To measure more moments on more rows, in a database with the extension (BOUND is in milliseconds):
#   ROWS=5000000 MOMENTS='5 20 35 50 65 80 95' bash test/cancel.t
set -u
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }
rows=${ROWS:-200000}
moments=${MOMENTS:-50 85} # per cent of the time the statement takes
# Milliseconds, or a third of what the statement takes, in three tries: a machine that does other things too must pass.
bound=${BOUND:-200}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Serial, so that the function is what is stopped and not a scan beside it.
session() { sql -c 'SET max_parallel_workers_per_gather = 0' -c "SET work_mem = '256MB'" "$@"; }
# shellcheck source=test/include/cancelling.sh
source "$(dirname "$0")/include/cancelling.sh"

sql <<SQL >/dev/null
SET client_min_messages = warning;
DROP TABLE IF EXISTS events, histories;
CREATE UNLOGGED TABLE events AS
SELECT n, hashint4(n) & 2097151 AS customer, 1 + n % 7 AS step, (hashint4(n + 1) & 1048575) / 100.0 AS amount, hashint4(n + 2) & 1048575 AS whole,
    date '2000-01-01' + (hashint4(n + 3) & 8191) AS day, timestamp '2000-01-01' + n * interval '1 second' AS at
FROM generate_series(1, $rows) AS n;
CREATE UNLOGGED TABLE histories AS SELECT customer, history_agg(day, amount) AS history FROM events GROUP BY customer;
ANALYZE events, histories;
SQL

# name | statement
statements() {
  cat <<'SQL'
history_agg, sorted|SELECT history_agg(date '2000-01-01' + n, n) FROM events
history_agg, unsorted|SELECT history_agg(day + whole, amount) FROM events
history_agg, per customer|SELECT count(h) FROM (SELECT history_agg(day, amount) AS h FROM events GROUP BY customer) s
rollup of histories|SELECT rollup(history) FROM histories
history to text and back|SELECT length((history_agg(date '2000-01-01' + n, n)::text::purchase_history)::text) FROM events
history to jsonb|SELECT pg_column_size(history_agg(date '2000-01-01' + n % 200000 + half, n)::jsonb) FROM events, (VALUES (0), (200000)) h(half)
history to days|SELECT count(d) FROM (SELECT history_days(history_agg(date '2000-01-01' + n, n)) AS d FROM events) s
history sent|SELECT length(_clientele.purchase_history_send(history_agg(date '2000-01-01' + n, n))) FROM events
period_values|SELECT count(v) FROM (SELECT period_values(history_agg(date '2000-01-01' + n, n), 'month', '-infinity', '99999-01-01') AS v FROM events) s
history sum|SELECT h + h FROM (SELECT history_agg(date '2000-01-01' + n, n) AS h FROM events OFFSET 0) s
gap_days|SELECT gap_days(history_agg(date '2000-01-01' + n, n)) FROM events
xyz_class of a history|SELECT xyz_class(history_agg(date '2000-01-01' + n, n), 'day', '2000-01-01', '5000000-01-01') FROM events
lifecycle_stage|SELECT count(lifecycle_stage(history, '2020-01-01')) FROM histories
express_test|SELECT express_test(history, '2015-01-01', 0) FROM histories
retention_curve, one pass|SELECT retention_curve(customer, day, 'day', '2012-01-01') FROM events
retention_curve, texts|SELECT retention_curve(customer::text, day, 'week', '2023-01-01') FROM events
retention_curve of histories|SELECT retention_curve(history, 'month', '2023-01-01') FROM histories
retention_cohorts|SELECT count(c) FROM (SELECT retention_cohorts(retention_curve(customer, day, 'day', '2004-01-01')) AS c FROM events) s
retention to text and back|SELECT length((retention_curve(customer, day, 'day', '2004-01-01')::text::retention)::text) FROM events
retention to jsonb|SELECT pg_column_size(retention_curve(customer, day, 'day', '2005-06-01')::jsonb) FROM events
abc_class|SELECT count(c) FROM (SELECT abc_class(amount) OVER () AS c FROM events) s
abc_class of equal values|SELECT count(c) FROM (SELECT abc_class(step) OVER () AS c FROM events) s
pareto_share|SELECT count(c) FROM (SELECT pareto_share(whole) OVER () AS c FROM events) s
abc_shortfall|SELECT count(c) FROM (SELECT abc_shortfall(amount) OVER () AS c FROM events) s
rfm_score|SELECT count(c) FROM (SELECT rfm_score(whole, 5) OVER () AS c FROM events) s
shop_gap|SELECT count(c) FROM (SELECT shop_gap(whole::float8) OVER () AS c FROM events) s
gini|SELECT gini(amount) FROM events
gini of many scales|SELECT gini(whole / 10.0 ^ (n % 18)) FROM events
variation|SELECT variation(amount) FROM events
xyz_class|SELECT xyz_class(amount) FROM events
nps_agg|SELECT nps_agg(step) FROM events
survival_agg|SELECT survival_agg(whole, step > 3) FROM events
survival_points|SELECT count(p) FROM (SELECT survival_points(survival_agg(whole, step > 3)) AS p FROM events) s
restricted_mean|SELECT restricted_mean(survival_agg(whole, step > 3), 100000) FROM events
log_rank|SELECT log_rank(survival_agg(whole, step > 3), survival_agg(n, step > 3)) FROM events
survival to text and back|SELECT length((survival_agg(n, step > 3)::text::survival)::text) FROM events
survival to jsonb|SELECT pg_column_size(survival_agg(n % 200000 + part, step > 3)::jsonb) FROM events, (VALUES (0), (200000), (400000)) p(part)
rollup of survivals|SELECT rollup(s) FROM (SELECT survival_agg(whole, step > 3) AS s FROM events GROUP BY n % 10) s
funnel_level, one customer|SELECT funnel_level(at, step, '1 year') FROM events
funnel_level, latest first|SELECT funnel_level(timestamp '2020-01-01' - (at - timestamp '2000-01-01'), step, '1 year', 'strict') FROM events
funnel_times, one customer|SELECT funnel_times(at, step, '1 year') FROM events
basket_agg, sorted|SELECT basket_counts(basket_agg(n / 4, whole % 5000)) FROM events
basket_agg, unsorted|SELECT basket_counts(basket_agg(customer, whole % 5000)) FROM events
basket_agg, one order|SELECT basket_counts(basket_agg(1, whole)) FROM events
basket_pairs|SELECT count(p) FROM (SELECT basket_agg(n / 20, whole % 5000) AS b FROM events) s, basket_pairs(b, 2) p
rollup of baskets|SELECT rollup(b) FROM (SELECT basket_agg(n, whole % 5000) AS b FROM events GROUP BY n % 10) s
baskets to text and back|SELECT length((basket_agg(n / 4, whole % 5000)::text::baskets)::text) FROM events
baskets to jsonb|SELECT pg_column_size(basket_agg(n / 4, whole % 5000)::jsonb) FROM events
funnel_agg|SELECT funnel_agg(step - 1, 6) FROM events
loyalty_tier|SELECT count(loyalty_tier(history, '2023-01-01', '{100,300}', '{silver,gold}', '5 years', hold => '3 months')) FROM histories
loyalty_tier, one history|SELECT loyalty_tier(history_agg(date '2000-01-01' + n % 100000, 1), '2270-01-01', '{100,300}', '{silver,gold}', '5 years', hold => '300 years') FROM events
tier_migration|SELECT length(_clientele.tier_migration(history, _clientele.tier_rules('{100,300}', '1 year', '3 months', 'spend', false), ARRAY(SELECT date '2010-01-01' + 30 * n FROM generate_series(1, 12) n))) FROM histories
points_agg, sorted|SELECT points_left(points_agg(date '2000-01-01' + n, step - 2), '2300-01-01') IS NULL FROM events
points_agg, unsorted|SELECT points_left(points_agg(day + whole, step - 2), '2300-01-01') IS NULL FROM events
points_agg, queue|SELECT points_left(points_agg(date '2000-01-01' + n, step - 2, date '2000-01-01' + n + whole % 1000), '2300-01-01') IS NULL FROM events
points_balance, one account|SELECT points_balance(points_agg(date '2000-01-01' + n, step - 2), 365, date '2300-01-01') FROM events
points_redemption|SELECT points_redemption(p, '2023-01-01') FROM (SELECT points_agg(day, step - 2, day + 365) AS p FROM events GROUP BY customer) s
experiment_agg|SELECT experiment_agg('group ' || step, whole, n) FROM events
campaign_agg|SELECT _clientele.campaign_agg(history, NULL, 'g', '2008-01-01', '2012-01-01', '2016-01-01', NULL, false) FROM histories
group_ends|SELECT cardinality(_clientele.group_ends(1000000, array_fill(0.00001::float8, ARRAY[100000])))
randomisation|SELECT count(r) FROM (SELECT array_agg(whole::float8) AS after, array_agg(n::float8) AS before, array_agg(step % 2) AS numbers, array_agg(step / 3) AS strata FROM events WHERE n <= 20000) a, _clientele.randomisation(after, before, numbers, strata, 'c', 999) r
absorption|SELECT count(a) FROM (SELECT array_agg('s' || n % 1200) AS f, array_agg('s' || (hashint4(n) & 1023)) AS t, array_agg(n::bigint) AS c FROM events) g, absorption(f, t, c, 's1', 's2') a
absorption of few states|SELECT count(a) FROM (SELECT array_agg(step::text) AS f, array_agg((step + 1)::text) AS t, array_agg(n::bigint) AS c FROM events, generate_series(1, 5)) g, absorption(f, t, c, '8', '1') a
SQL
}

while IFS='|' read -r name statement; do ends_in_time "$name" "$statement"; done < <(statements)
sql -c 'DROP TABLE events, histories'
echo "1..$number"
