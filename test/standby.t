#!/usr/bin/env bash
# A streaming standby answers every view of every storage; what happens on the primary arrives; promoted, it goes on
set -u
# shellcheck source=test/include/tap.sh
source "$(dirname "$0")/include/tap.sh"
work=$(mktemp -d)
tests=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=test/include/own_server.sh
source "$tests/include/own_server.sh"
clean_up() {
  stop_servers
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
if ! command -v pg_basebackup >/dev/null; then
  echo '1..0 # skipped: there is no pg_basebackup'
  exit
fi

shop() { make_server primary 'wal_level = replica' && at primary -v orders=2500 -f "$tests/include/server_shop.sql"; }
shop >"$work/out" 2>&1 || { sed 's/^/# /' "$work/out" && echo 'Bail out! no primary' && exit 1; }
make_standby() {
  pg_basebackup -h "$work/primary.socket" -U postgres -D "$work/standby" -R -c fast --no-sync &&
    mkdir "$work/standby.socket" && echo 'hot_standby_feedback = on' >>"$work/standby/postgresql.conf" && start_server standby
}
ok 'a copy of the server becomes its standby' make_standby
at standby -c 'SELECT 1' >"$work/out" 2>&1 || { tail -n 5 "$work/standby.log" | sed 's/^/# /' && echo 'Bail out! no standby' && exit 1; }

# Waits until the standby has replayed what the primary has written.
arrived() {
  local written tries=200
  written=$(at primary -c 'SELECT pg_current_wal_lsn()')
  while [ "$(at standby -c "SELECT pg_last_wal_replay_lsn() >= '$written'")" != t ]; do
    [ $((tries -= 1)) -gt 0 ] || return 1
    sleep 0.1
  done
}
# same WORKSPACE: every view of it shows on the standby, to who may only read, what it shows on the primary
same() {
  contents primary "$1" >"$work/primary.$1" && contents standby "$1" reader >"$work/standby.$1" && diff "$work/primary.$1" "$work/standby.$1"
}
many() { [ "$(grep -vc '||0$' "$work/standby.$1")" -gt 40 ]; }
refuses() { ! at standby -c "$1" 2>"$work/error" && grep -q 'read-only' "$work/error"; }
each() { for workspace in live stored kept; do "$1" "$workspace" || return; done; }
revenue() { at "$1" -c "SELECT sum(revenue) FROM $2.customers"; }

ok 'it replays' arrived
ok '... and is read-only' test "$(at standby -c 'SELECT pg_is_in_recovery()')" = t
for workspace in live stored kept; do
  ok "every view of the workspace $workspace, read by a role with SELECT alone" same $workspace
  ok '... has something to show' many $workspace
done
ok 'who reads there cannot refresh' refuses "SELECT refresh_workspace('stored')"
ok '... nor change settings' refuses 'UPDATE kept.settings SET enough = 1'
ok '... nor attach' refuses "SELECT attach_orders('orders', workspace => 'more')"
ok '... but verify what triggers keep' test -z "$(at standby -c "SELECT * FROM verify_workspace('kept')" 2>&1)"

# A reader in one snapshot, all the while
coproc READER { at standby 2>&1; }
tell() { printf '%s\n' "$1" '\echo done' >&"${READER[1]}" && hear; }
hear() { local line && while read -r -t 60 line <&"${READER[0]}"; do [ "$line" != "done" ] || return 0 && echo "$line"; done; return 1; }
count='SELECT sum(orders) FROM stored.customers'
before=$(tell "BEGIN ISOLATION LEVEL REPEATABLE READ; $count;")
ok 'a reader has a snapshot' test "$before" -gt 2000

stale=$(revenue standby stored)
at primary -c "INSERT INTO orders (customer, ordered_at, amount, source) SELECT n, '2024-09-09 12:00+00', 1000, 'from 1' FROM generate_series(1, 100) n" \
  -c 'DELETE FROM orders WHERE customer = 5' -c 'UPDATE orders SET amount = amount + 1 WHERE customer = 6'
ok 'orders are written on the primary' arrived
ok '... figures that are read follow' same live
ok '... and those that triggers keep' same kept
ok '... but cannot be folded there' refuses "SELECT fold_workspace('kept')"
ok '... they are the same' test "$(revenue standby live)" = "$(revenue standby kept)"
ok '... stored ones stay' test "$(revenue standby stored)" = "$stale"
ok '... until a refresh' at primary -c "SELECT refresh_workspace('stored')"
ok '... arrives' arrived
ok '... with every view' same stored
ok '... the same as read' test "$(revenue standby stored)" = "$(revenue standby live)"
ok 'the reader goes on' test "$(tell "$count;")" = "$before"
ok '... and ends' tell 'COMMIT;'
ok '... and then sees the new ones' test "$(tell "$count;")" != "$before"
ok 'a fold' test "$(at primary -c "SELECT fold_workspace('kept')")" -gt 100
ok '... settings' at primary -c "UPDATE live.settings SET period = 'quarter', rfm_bins = 3; UPDATE kept.settings SET zero_amounts = 'skipped', time_zone = 'Asia/Tokyo'"
ok '... and another storage' at primary -o "$work/none" -c "SET client_min_messages = warning; SELECT attach_orders('orders', workspace => 'live', storage => 'materialized', diagnose => false)"
ok '... arrive' arrived
ok '... in every view' each same
printf '\\q\n' >&"${READER[1]}"

# --- The primary is gone ---

ok 'the standby is promoted' sh -c "pg_ctl -D '$work/primary' -m immediate -s stop; pg_ctl -D '$work/standby' -s -w promote"
ok '... and writes' at standby -c "INSERT INTO orders (customer, ordered_at, amount, source) SELECT n, '2024-10-10 12:00+00', 500, 'from 2' FROM generate_series(200, 300) n" -c 'DELETE FROM orders WHERE customer = 8'
exact() { [ -z "$(at standby -c "SELECT * FROM verify_workspace('kept')" | tee "$work/differences")" ] || { cat "$work/differences" && false; }; }
ok '... triggers keep on keeping' exact
ok '... folds' test "$(at standby -c "SELECT fold_workspace('kept')")" -gt 100
ok '... exactly' exact
ok '... refreshes' at standby -c "SELECT refresh_workspace('stored'); SELECT refresh_workspace('live')"
ok '... to what the orders say' test "$(at standby -c 'SELECT (SELECT sum(revenue) FROM stored.customers) = sum(amount) FROM orders WHERE customer IN (SELECT customer FROM live.customers)')" = t
ok '... attaches' at standby -o "$work/none" -c "SET client_min_messages = warning; SELECT attach_orders('orders', workspace => 'more', storage => 'incremental', time_zone => 'Asia/Tokyo'); UPDATE more.settings SET zero_amounts = 'skipped'; SELECT upgrade_workspace('kept')"
ok '... the same' test "$(at standby -c 'SELECT count(*) FROM (TABLE more.order_history EXCEPT ALL TABLE kept.order_history) d')" = 0
ok '... and drops' at standby -c "SELECT drop_workspace(w) FROM unnest(ARRAY['live', 'stored', 'kept', 'more']) w"
echo "1..$number"
