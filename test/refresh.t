#!/usr/bin/env bash
# A refresh holds up neither readers nor writers, and a second one waits for it
set -u
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }
# shellcheck source=test/include/tap.sh
source "$(dirname "$0")/include/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sql <<'SQL' >/dev/null
SET client_min_messages = warning;
CREATE TABLE orders AS SELECT n AS id, n % 100 AS customer, date '2024-01-01' + n % 400 AS ordered_at, n AS amount FROM generate_series(1, 4000) n;
SELECT attach_orders('orders', storage => 'materialized', diagnose => false);
SELECT attach_orders('orders', workspace => 'other', storage => 'materialized', diagnose => false);
UPDATE orders SET amount = 0;
SQL

# The session that refreshes is left in its transaction; the others give up where they would have to wait.
coproc REFRESHING { psql -XqAt -v ON_ERROR_STOP=1 2>&1; }
tell() { printf '%s\n' "$1" '\echo done' >&"${REFRESHING[1]}" && hear; }
hear() { local line && while read -r -t 60 line <&"${REFRESHING[0]}"; do [ "$line" != done ] || return 0; done; return 1; }
impatient() { PGOPTIONS='-c lock_timeout=2s' sql "$@"; }
read_all() {
  impatient >/dev/null <<'SQL'
SELECT format('SELECT count(x::text) FROM loyalty.%I x', relname) FROM pg_class WHERE relnamespace = 'loyalty'::regnamespace AND relkind IN ('r', 'v', 'm')
\gexec
SQL
}
revenue_is() { [ "$(impatient -c 'SELECT sum(revenue) FROM loyalty.customers')" = "$1" ]; }
waits() { ! impatient -c "$1" 2>"$work/error" && grep -q 'lock timeout' "$work/error"; }

ok 'a refresh' tell 'BEGIN; SELECT refresh_workspace();'
ok '... under way leaves every view readable' read_all
ok '... with the figures of before' revenue_is 8002000.00
ok '... and lets orders be written' impatient -c "INSERT INTO orders VALUES (4001, 5, '2024-05-05', 7)"
ok '... and settings' impatient -c 'UPDATE loyalty.settings SET enough = 31'
ok '... and other workspaces refreshed' impatient -o "$work/none" -c "SELECT refresh_workspace('other')"
ok '... a second one waits' waits 'SELECT refresh_workspace()'
ok '... and so does attaching again' waits "SELECT attach_orders('orders')"
ok '... or a plan of it' waits "SELECT attach_orders('orders', plan => true)"
ok 'it is committed' tell 'COMMIT;'
ok '... and its figures are seen' revenue_is 0.00
ok 'the next one' impatient -o "$work/none" -c 'SELECT refresh_workspace()'
ok '... sees what was written meanwhile' revenue_is 7.00
ok 'a refresh that is rolled back' tell 'BEGIN; DELETE FROM orders; SELECT refresh_workspace(); ROLLBACK;'
ok '... leaves everything as it was' revenue_is 7.00
printf '\\q\n' >&"${REFRESHING[1]}"
wait

# Readers lock a view before those it stands on; so does whoever makes them anew.
read_on() { while [ ! -e "$work/stop" ]; do sql -o /dev/null -c 'SELECT * FROM loyalty.win_back' -c 'SELECT * FROM loyalty.overview' -c 'SELECT * FROM loyalty.cell_migration'; done; }
attach_on() {
  local n
  for n in 1 2 3 4 5 6 7 8; do
    sql -o /dev/null -c "SELECT attach_orders('orders', storage => '$([ $((n % 2)) = 0 ] && echo materialized || echo view)', diagnose => false)" \
      -c "SELECT attach_orders('orders', plan => true)" || return
  done
}
readers=()
for _ in 1 2 3; do read_on 2>>"$work/errors" & readers+=($!); done
ok 'attaching again beside readers' attach_on
touch "$work/stop"
wait "${readers[@]}"
ok '... ends in no deadlock for any of them' test ! -s "$work/errors"
sed 's/^/# /' "$work/errors"
echo "1..$number"
