#!/usr/bin/env bash
# A backend is killed while it refreshes, folds or attaches, at several moments: what was there is there, whole, and the next one works
#
#   CRASH_MOMENTS='5 15 25 35 45 55 65 75 85 95' bash test/run.sh crash    more of them, in per cent of the time it takes
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
moments=${CRASH_MOMENTS:-10 40 70 95}

shop() { make_server server && at server -v orders=6000 -f "$tests/include/server_shop.sql"; }
shop >"$work/out" 2>&1 || { sed 's/^/# /' "$work/out" && echo 'Bail out! no server' && exit 1; }

# crash PERCENT MILLISECONDS STATEMENT: kills its backend when it has run for so long, and waits until the server is back
crash() {
  local pid tries=300
  : >"$work/victim" # before it is looked at
  at server -c "SELECT pg_backend_pid()" -c '\echo' -c 'SET client_min_messages = error' -c "BEGIN; $3; SELECT pg_sleep(60)" >"$work/victim" 2>&1 &
  while ! pid=$(grep -m 1 '^[0-9]' "$work/victim"); do sleep 0.01; done
  sleep "$(printf '%d.%03d' $(($1 * $2 / 100000)) $(($1 * $2 / 100 % 1000)))"
  kill -9 "$pid"
  wait $! 2>/dev/null
  until at server -c 'SELECT 1' >"$work/none" 2>&1; do
    [ $((tries -= 1)) -gt 0 ] || return 1
    sleep 0.05
  done
  grep -q 'closed the connection unexpectedly\|terminating connection\|server closed' "$work/victim" # it did not end by itself
}
takes() { at server -c 'SET client_min_messages = error' -c '\o /dev/null' -c '\timing on' -c "$1" -c '\o' | sed -n 's/^Time: \([0-9]*\).*/\1/p'; }
write() { at server -c "INSERT INTO orders (customer, ordered_at, amount, source) SELECT n, '2024-12-12 12:00+00', 50, 'from 1' FROM generate_series(1, 200) n; UPDATE orders SET amount = amount + 1 WHERE customer % 7 = 3"; }
unchanged() { contents server "$1" >"$work/after" && diff "$work/$1" "$work/after"; }
same_as_read() { # the stored figures are those that views read from the orders
  contents server stored >"$work/stored.now" && contents server live | diff "$work/stored.now" -
}
exact() { [ -z "$(at server -c "SELECT * FROM verify_workspace('$1')" | tee "$work/differences")" ] || { cat "$work/differences" && false; }; }

write
contents server stored >"$work/stored"
refresh="SELECT refresh_workspace('stored')"
long=$(takes "BEGIN; $refresh; ROLLBACK")
for moment in $moments; do
  ok "a refresh killed after $moment % of $long ms" crash "$moment" "$long" "$refresh"
  ok '... every view shows what it showed before' unchanged stored
done
ok 'the next refresh' at server -c "$refresh"
ok '... brings all up to date' same_as_read
contents server stored >"$work/stored"
ok 'one that is killed after its end, before it is committed' crash 120 "$long" "$refresh"
ok '... is undone' unchanged stored

contents server kept >"$work/kept"
fold="SELECT fold_workspace('kept')"
long=$(takes "BEGIN; $fold; ROLLBACK")
ok 'a fold killed' crash 50 "$long" "$fold"
ok '... changes no view' unchanged kept
ok '... and no history' exact kept
ok '... nothing of what is pending is lost' test "$(at server -c 'SELECT count(*) FROM kept.order_changes')" -gt 200
ok 'a writer killed' crash 100 50 "INSERT INTO orders (customer, ordered_at, amount) SELECT n, '2024-12-12 12:00+00', 50 FROM generate_series(1, 200) n"
ok '... leaves no trace in them' unchanged kept
ok '... the next fold' test "$(at server -c "$fold")" -gt 200
ok '... changes no view' unchanged kept
ok '... exactly' exact kept

for storage in materialized incremental; do
  attach="SELECT attach_orders('orders', workspace => 'new_$storage', storage => '$storage', time_zone => 'Europe/Berlin')"
  long=$(takes "BEGIN; $attach; ROLLBACK")
  for moment in 40 90; do
    ok "attaching, $storage, killed after $moment % of $long ms" crash "$moment" "$long" "$attach"
    ok '... leaves nothing' test "$(at server -c "SELECT (SELECT count(*) FROM pg_namespace WHERE nspname = 'new_$storage') + (SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'clientele_%_new_$storage')")" = 0
  done
  ok '... orders are written' write
  ok '... and attached' at server -o "$work/none" -c 'SET client_min_messages = error' -c "$attach"
done
ok '... exactly' exact new_incremental
ok '... as what was kept all the time' exact kept
ok 'and refreshed' at server -c "$refresh"
ok '... all is up to date' same_as_read
echo "1..$number"
