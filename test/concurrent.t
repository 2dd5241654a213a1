#!/usr/bin/env bash
# Many sessions make, change, drop, refresh, grant and read workspaces at once, while the orders are written and altered
#
#   CONCURRENT_SECONDS=60 bash test/run.sh concurrent    a minute of each instead of a few seconds
set -u
# shellcheck source=test/include/tap.sh
source "$(dirname "$0")/include/tap.sh"
work=$(mktemp -d)
clean_up() {
  touch "$work/stop"
  wait
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
seconds=${CONCURRENT_SECONDS:-3}
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }

sql <<'SQL' >"$work/out" 2>&1 || { cat "$work/out" && exit 1; }
SET client_min_messages = warning;
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY, customer integer, ordered_at date, amount numeric, source text);
INSERT INTO orders (customer, ordered_at, amount, source) SELECT n % 50, date '2024-01-01' + n % 400, n % 90, 'from ' || n % 3 FROM generate_series(1, 2000) n;
CREATE TABLE people AS SELECT n AS id, 'name ' || n AS name, 'town ' || n % 3 AS town FROM generate_series(0, 49) n;
CREATE ROLE clientele_concurrent;
SQL
trap 'clean_up; sql -c "DROP OWNED BY clientele_concurrent" -c "DROP ROLE clientele_concurrent"' EXIT

# --- Who does what, over and over; the errors that are answers and not accidents are named ---

# again NAME SQLSTATES STATEMENT...: one after the other until the time is up. A statement may fail with these only.
again() {
  local name=$1 allowed=$2 rounds=0 statement
  shift 2
  while [ ! -e "$work/stop" ]; do
    for statement; do
      sql -v VERBOSITY=verbose -o /dev/null -c 'SET client_min_messages = error' -c "$statement" 2>&1 | grep -E '^ERROR|FATAL|PANIC|connection' | grep -Ev "^ERROR: +($allowed):" | sed "s/^/$name: /" >>"$work/errors"
    done
    rounds=$((rounds + 1))
  done
  echo "$name $rounds" >>"$work/rounds"
}
# together NAME: those begun with again, for some seconds; none may have met an error that is not allowed
together() {
  sleep "$seconds"
  touch "$work/stop"
  wait
  ok "$1" test ! -s "$work/errors"
  sort "$work/errors" | uniq -c | sort -rn | head -n 8 | sed 's/^/# /'
  ok '... each of them at least once' sh -c "! grep -E ' 0\$' '$work/rounds'"
  rm -f "$work/stop" "$work/errors" "$work/rounds"
  : >"$work/errors"
}
: >"$work/errors"
same() { # same WORKSPACE: its figures are those of a workspace made now
  sql -o /dev/null -c 'SET client_min_messages = warning' -c "SELECT attach_orders('orders', workspace => 'fresh', storage => 'view', time_zone => 'UTC', diagnose => false)"
  test "$(sql -c "SELECT count(*) FROM ((TABLE $1.customers EXCEPT ALL TABLE fresh.customers) UNION ALL (TABLE fresh.customers EXCEPT ALL TABLE $1.customers)) d")" = 0
}

# The first of all: nothing is there yet
for n in 1 2 3 4; do
  sql -o /dev/null -c 'SET client_min_messages = warning' -c "SELECT attach_orders('orders', workspace => 'first', storage => $([ $n = 1 ] && echo "'materialized'" || echo NULL), time_zone => 'UTC')" 2>>"$work/errors" &
done
wait
ok 'four sessions make the same workspace at once, and all succeed' test ! -s "$work/errors"
sed 's/^/# /' "$work/errors"
: >"$work/errors"
ok '... it is there' same first
ok '... in one storage' test "$(sql -c "SELECT (storage = 'materialized') = (SELECT count(*) > 0 FROM pg_class WHERE relname ~ '_data\$' AND relnamespace = 'first'::regnamespace) FROM first.settings")" = t

attach() { echo "SELECT attach_orders('orders', workspace => '$1', storage => '$2', time_zone => 'UTC', diagnose => false)"; }
again 'attach' none "$(attach own view)" "$(attach own materialized)" "$(attach own incremental)" &
again 'attach too' none "$(attach own materialized)" "SELECT attach_customers('people', workspace => 'own')" "SELECT detach_customers('own')" &
again 'refresh' '55000|3F000' "SELECT refresh_workspace('own')" &
again 'upgrade' '3F000' "SELECT upgrade_workspace('own')" &
again 'grant' '3F000' "SELECT grant_workspace('own', 'clientele_concurrent')" &
again 'grant too' '3F000' "SELECT grant_workspace('own', 'clientele_concurrent')" &
together 'a workspace is attached, upgraded, refreshed and granted at once'
ok '... it is as it should be' same own

again 'read' '3F000|42P01' 'SELECT count(x::text) FROM own.orders_enriched x' 'SELECT count(x::text) FROM own.overview x' 'SELECT count(x::text) FROM own.first_orders x' &
again 'read too' '3F000|42P01' 'SELECT count(x::text) FROM own.win_back x' 'SELECT count(x::text) FROM own.data_quality x' &
again 'attach' none "$(attach own incremental)" "$(attach own view)" "$(attach own materialized)" &
again 'write' none "INSERT INTO orders (customer, ordered_at, amount) SELECT g, '2024-05-05', 3 FROM generate_series(1, 30) g" 'UPDATE orders SET amount = amount + 1 WHERE customer = 7' 'DELETE FROM orders WHERE customer = 9' &
again 'fold' '55000|3F000' "SELECT fold_workspace('own')" 'UPDATE own.settings SET fold_after = 100' &
again 'settings' none "UPDATE own.settings SET time_zone = 'Asia/Tokyo', zero_amounts = 'skipped'" "UPDATE own.settings SET time_zone = 'UTC', zero_amounts = 'orders'" &
together 'its storage changes beside readers, writers, folds and settings'
ok '... attached once more' sql -o "$work/none" -c 'SET client_min_messages = warning' -c "UPDATE own.settings SET time_zone = 'UTC', zero_amounts = 'orders'" -c "$(attach own incremental)"
ok '... it is as it should be' same own

again 'one' none "$(attach one incremental)" "$(attach one view)" &
again 'two' none "$(attach two incremental)" "SELECT drop_workspace('two')" &
again 'three' none "$(attach three materialized)" "SELECT drop_workspace('three')" &
again 'write' none "INSERT INTO orders (customer, ordered_at, amount) SELECT g, '2024-05-05', 3 FROM generate_series(1, 30) g" 'UPDATE orders SET amount = amount + 1 WHERE customer = 8' &
together 'the same orders in several workspaces that come and go'
ok '... what is left is as it should be' same one
ok '... and nothing of the others' test "$(sql -c "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'orders'::regclass AND tgname ~ 'two|three' AND to_regnamespace('two') IS NULL")" = 0

again 'attach' none "$(attach come incremental)" &
again 'attach too' none "$(attach come materialized)" &
again 'drop' '3F000' "SELECT drop_workspace('come')" &
again 'detach' '3F000' "SELECT detach_orders('come')" &
again 'refresh' '3F000|55000' "SELECT refresh_workspace('come')" &
again 'customers' '3F000' "SELECT attach_customers('people', workspace => 'come')" &
again 'verify' '3F000|55000' "SELECT * FROM verify_workspace('come')" &
again 'settings' '3F000|42P01' "UPDATE come.settings SET zero_amounts = CASE zero_amounts WHEN 'orders' THEN 'skipped' ELSE 'orders' END" &
together 'a workspace that is made and dropped all the time'

again 'attach' none "$(attach altered view)" "$(attach altered incremental)" "$(attach altered materialized)" &
again 'refresh' '3F000|55000' "SELECT refresh_workspace('altered')" "SELECT fold_workspace('altered')" &
again 'columns' none 'ALTER TABLE orders ADD COLUMN more text' 'ALTER TABLE orders DROP COLUMN more' &
again 'index' none 'CREATE INDEX orders_index ON orders (customer)' 'DROP INDEX orders_index' 'ANALYZE orders' &
again 'write' none "INSERT INTO orders (customer, ordered_at, amount) SELECT g, '2024-06-05', 3 FROM generate_series(1, 30) g" 'VACUUM orders' &
again 'trigger' none 'ALTER TABLE orders DISABLE TRIGGER USER; ALTER TABLE orders ENABLE TRIGGER USER' &
together 'the orders are altered beside it'
ok '... attached once more' sql -o "$work/none" -c 'SET client_min_messages = warning' -c "$(attach altered incremental)"
ok '... it is as it should be' same altered

sql -o "$work/none" -c 'SET client_min_messages = warning' -c 'CREATE TABLE template_orders AS TABLE orders' -c 'CREATE TABLE gone AS TABLE orders'
again 'drop' '42P01' 'BEGIN; DROP TABLE gone CASCADE; CREATE TABLE gone AS TABLE template_orders; COMMIT' &
again 'attach' '42P01' "SELECT attach_orders('gone', workspace => 'gone_1', storage => 'view')" "SELECT attach_orders('gone', workspace => 'gone_1', storage => 'materialized')" &
again 'attach too' '42P01' "SELECT attach_orders('gone', workspace => 'gone_2', storage => 'incremental')" &
again 'refresh' '42P01|3F000|55000' "SELECT refresh_workspace('gone_1')" "SELECT fold_workspace('gone_2')" &
together 'the orders are dropped and made again beside it'
sql -o "$work/none" -c 'SET client_min_messages = warning' -c "$(attach trial view)"
start() { echo "BEGIN $1; SELECT count(*) FROM trial.settings; SELECT start_campaign('$2 ' || clock_timestamp(), 'SELECT customer FROM trial.customers WHERE random() < 0.2', strata => 'none', started => '2025-01-01', workspace => 'trial'); COMMIT"; }
again 'start' '22023' "$(start '' one)" &
again 'start too' '22023|40001' "$(start 'ISOLATION LEVEL REPEATABLE READ' two)" &
again 'start too' '22023|40001' "$(start 'ISOLATION LEVEL SERIALIZABLE' three)" &
again 'end' '22023|42704|55000' "SELECT end_campaign(c.campaign, 'trial', '2025-01-01') FROM (SELECT campaign FROM trial.campaigns WHERE ended_on IS NULL ORDER BY random() LIMIT 1) c" &
again 'read' none 'SELECT count(x::text) FROM trial.campaign_effect x' &
together 'campaigns are started and ended at once'
ok '... and nobody is in two that run' test "$(sql -c "SELECT count(*) FROM (SELECT m.customer FROM trial.campaign_members m JOIN trial.campaigns c USING (campaign) WHERE c.ended_on IS NULL GROUP BY 1 HAVING count(*) > 1) x")" = 0
ok '... of whom there are some' test "$(sql -c "SELECT count(*) > 0 FROM trial.campaign_members")" = t
echo "1..$number"
