#!/usr/bin/env bash
# Histories kept by triggers, beside concurrent writers, folds and readers; TRUNCATE beside INSERT; a fold that is killed
#
#   INCREMENTAL_SECONDS=60 bash test/run.sh incremental    a minute of writing instead of a few seconds
set -u
# shellcheck source=test/include/tap.sh
source "$(dirname "$0")/include/tap.sh"
work=$(mktemp -d)
clean_up() {
  pg_ctl -D "$work/data" -m immediate -s stop >/dev/null 2>&1
  rm -rf "$work"
}
trap clean_up EXIT

# A server of its own, since the one of the tests would restart when a backend is killed
{
  initdb -D "$work/data" -U postgres -A trust -E UTF8 --no-sync &&
    printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$work'" 'fsync = off' 'jit = off' 'deadlock_timeout = 100ms' >>"$work/data/postgresql.conf" &&
    pg_ctl -D "$work/data" -l "$work/log" ${CLIENTELE_SERVER:+-p "$CLIENTELE_SERVER"} -w start
} >"$work/out" 2>&1 || { sed 's/^/# /' "$work/out" && echo 'Bail out! no server' && exit 1; }
export PGHOST=$work PGUSER=postgres PGDATABASE=postgres
seconds=${INCREMENTAL_SECONDS:-8}
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }

sql <<'SQL' >"$work/out" 2>&1 || { cat "$work/out" && exit 1; }
SET client_min_messages = warning;
CREATE EXTENSION clientele;
CREATE SEQUENCE numbers;
CREATE TABLE orders (order_id bigint DEFAULT nextval('numbers'), customer integer, ordered_at timestamptz, amount numeric, source text, note text, PRIMARY KEY (order_id, source)) PARTITION BY LIST (source);
CREATE TABLE orders_web PARTITION OF orders FOR VALUES IN ('web');
CREATE TABLE orders_other PARTITION OF orders DEFAULT;
CREATE INDEX ON orders (customer);
INSERT INTO orders (customer, ordered_at, amount, source) SELECT nullif(n % 200, 0), timestamptz '2024-01-01 12:00+00' + n * interval '3 hours', n % 50, CASE n % 2 WHEN 0 THEN 'web' ELSE 'shop' END FROM generate_series(1, 4000) n;
SELECT setval('numbers', 1000000);
SELECT attach_orders('orders', storage => 'incremental', time_zone => 'Europe/Berlin', diagnose => false);
SELECT attach_orders('orders', workspace => 'plain', storage => 'view', time_zone => 'Europe/Berlin', diagnose => false);
UPDATE loyalty.settings SET fold_after = 300;
CREATE TABLE mistakes (what text);
SQL

exact() { [ -z "$(sql -c 'SELECT * FROM verify_workspace()' | tee "$work/differences")" ] || { cat "$work/differences" && false; }; }

# --- Writers, folds and readers at once ---

cat >"$work/write.sql" <<'SQL'
\set customer random_zipfian(1, 220, 1.1)
\set id random(1, 4000)
\set kind random(1, 9)
\set day random(0, 500)
BEGIN;
\if :kind <= 2
INSERT INTO orders (customer, ordered_at, amount, source) VALUES (nullif(:customer, 220), timestamptz '2024-01-01 12:00+00' + :day * interval '1 day', :id, 'web');
\elif :kind = 3
INSERT INTO orders (order_id, customer, ordered_at, amount, source) VALUES (5000 + :id, :customer, '2024-06-01', 5, 'web') ON CONFLICT (order_id, source) DO UPDATE SET amount = orders.amount + 1;
\elif :kind = 4
UPDATE orders SET customer = :customer WHERE order_id = :id;
\elif :kind = 5
UPDATE orders SET amount = 0.5, ordered_at = ordered_at + interval '20 hours' WHERE order_id = :id;
\elif :kind = 6
UPDATE orders SET source = CASE source WHEN 'web' THEN 'shop' ELSE 'web' END WHERE order_id = :id;
\elif :kind = 7
DELETE FROM orders WHERE order_id = :id;
\elif :kind = 8
INSERT INTO orders_other (customer, ordered_at, amount, source) SELECT g, CASE WHEN g % 3 > 0 THEN date '2024-02-02' + g END, CASE WHEN g % 5 > 0 THEN g - 2 ELSE numeric 'NaN' END, 'fair' FROM generate_series(1, :customer) g;
\else
SAVEPOINT before;
INSERT INTO orders (customer, ordered_at, amount, source) VALUES (:customer, '2024-07-07', 7, 'web');
ROLLBACK TO before;
\endif
\set undone random(1, 6)
\if :undone = 1
ROLLBACK;
\else
COMMIT;
\endif
SQL
echo 'SELECT fold_workspace();' >"$work/fold.sql"
# One snapshot sees the same by both ways; pgbench stops at the first error.
check="SELECT CASE WHEN EXISTS ((TABLE loyalty.order_history EXCEPT ALL TABLE plain.order_history) UNION ALL (TABLE plain.order_history EXCEPT ALL TABLE loyalty.order_history)
    UNION ALL (SELECT customer, NULL, NULL, orders, NULL, NULL, NULL, NULL FROM ((TABLE loyalty.customer_preferences EXCEPT ALL TABLE plain.customer_preferences) UNION ALL (TABLE plain.customer_preferences EXCEPT ALL TABLE loyalty.customer_preferences)) p)
    UNION ALL (SELECT customer, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM ((TABLE loyalty.first_orders EXCEPT ALL TABLE plain.first_orders) UNION ALL (TABLE plain.first_orders EXCEPT ALL TABLE loyalty.first_orders)) f)
    UNION ALL (SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM loyalty.reporting_date a, plain.reporting_date b WHERE a.as_of <> b.as_of)) THEN 1 / (count(*) - count(*)) END FROM orders;"
printf '%s\n' "$check" 'BEGIN ISOLATION LEVEL REPEATABLE READ;' "$check" '\sleep 200 ms' 'SELECT count(*) FROM loyalty.customers;' "$check" 'COMMIT;' >"$work/read.sql"

beside() { # beside NAME CLIENTS OPTIONS...: run a script until the time is up
  pgbench -n -T "$seconds" -c "$2" -f "$work/$1.sql" "${@:3}" >"$work/$1.out" 2>&1
  echo $? >"$work/$1.rc"
}
beside write 4 --max-tries=1 &
beside fold 1 -R 4 &
beside read 1 &
wait
finished() { [ "$(cat "$work/$1.rc")" = 0 ] || { tail -n 5 "$work/$1.out" && false; }; }
transactions() { sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$work/$1.out"; }
ok 'four writers meet no error' finished write
ok '... nor does who folds meanwhile' finished fold
ok '... nor who reads, in READ COMMITTED and REPEATABLE READ: every snapshot is exact' finished read
ok '... and much was written and read' test "$(transactions write)" -gt 100 -a "$(transactions read)" -gt 0 -a "$(transactions fold)" -gt 0
# Two statements that move a row to another partition at once: the server's own answer, 40001, whatever the triggers
ok '... without a deadlock' sh -c "! grep -E 'deadlock|ERROR' '$work/log' | grep -v 'already moved to another partition'"
ok 'all agrees afterwards' exact
ok '... and folded' sql -c 'SELECT fold_workspace()'
ok '... all the same' exact

# --- One session that is told what to do, and others that give up where they would have to wait ---

coproc SESSION { psql -XqAt -v ON_ERROR_STOP=1 2>&1; }
session=$SESSION_PID
tell() { printf '%s\n' "$1" '\echo done' >&"${SESSION[1]}" && hear; }
hear() { local line && while read -r -t 60 line <&"${SESSION[0]}"; do [ "$line" != "done" ] || return 0; done; return 1; }
impatient() { PGOPTIONS='-c lock_timeout=1s' sql "$@"; }
waits() { ! impatient -c "$1" 2>"$work/error" && grep -q 'lock timeout' "$work/error"; }
insert="INSERT INTO orders (customer, ordered_at, amount, source) SELECT g, '2024-03-03', 3, 'web' FROM generate_series(1, 50) g"

ok 'a fold under way' tell "$insert; BEGIN; SELECT fold_workspace();"
ok '... lets orders be written' impatient -c "$insert"
ok '... and read' impatient -c 'SELECT count(*) FROM loyalty.customers'
ok '... and passed over by the folds of writers' impatient -c 'UPDATE loyalty.settings SET fold_after = 100' -c "$insert" -c "$insert" -c "$insert"
ok '... another one waits' waits 'SELECT fold_workspace()'
ok '... and attaching again' waits "SELECT attach_orders('orders', diagnose => false)"
ok 'it is committed' tell 'COMMIT;'
ok '... and all agrees' exact
ok 'a snapshot' tell 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM loyalty.customers;'
ok '... others fold meanwhile' sql -c "$insert" -c 'SELECT fold_workspace()'
ok '... and it still sees the same' test "$(printf '%s\n' "\\o $work/seen" "$check" '\o' '\echo done' >&"${SESSION[1]}" && hear && tr -d '\n' <"$work/seen")" = ''
ok '... but cannot fold' sh -c "! psql -Xq -c 'BEGIN ISOLATION LEVEL REPEATABLE READ' -c \"SELECT attach_orders('orders')\" 2>'$work/error'; grep -q 'REPEATABLE READ' '$work/error'"
ok '... it ends' tell 'COMMIT;'

# Who has the orders waits for the workspace, and who has the workspace for the orders: the last to wait is told
deadlock() {
  sql -o "$work/out" -c 'BEGIN' -c 'SELECT fold_workspace()' -c 'SELECT pg_sleep(1)' -c "SELECT attach_orders('orders', diagnose => false)" 2>"$work/error" &
  sleep 0.5
  tell "BEGIN; $insert; SELECT count(*) FROM attach_orders('orders', diagnose => false); COMMIT;" && ! wait $!
}
ok 'a deadlock ends' deadlock
ok '... with a word on what to do' grep -q 'HINT:.*Nothing was changed: try again, in a transaction of its own' "$work/error"
ok '... and all agrees' exact

ok 'an INSERT under way' tell "BEGIN; $insert;"
ok '... keeps TRUNCATE waiting' waits 'TRUNCATE orders_web'
impatient_truncate() { PGOPTIONS='-c lock_timeout=20s' sql -c 'TRUNCATE orders_web'; }
impatient_truncate >"$work/truncate" 2>&1 &
truncating=$!
sleep 0.5
ok '... and is committed' tell 'COMMIT;'
ok '... which lets TRUNCATE do its work' wait "$truncating"
ok '... of which the orders inserted are part' exact
ok '... there are others left' test "$(sql -c 'SELECT count(*) > 0 FROM loyalty.customers')" = t
# What a writer's session is told, which never keeps it from writing
warns() { sql -o "$work/out" -c "$1" 2>"$work/error" && grep -q "WARNING:.*$2" "$work/error"; }
repaired() { sql -o "$work/out" -c 'SELECT verify_workspace(repair => true)' && exact; }
ok 'TRUNCATE where its snapshot is old is told of' warns 'BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; TRUNCATE orders_other; COMMIT' 'misses what TRUNCATE takes from public.orders_other: TRUNCATE of orders whose histories are kept cannot run in a SERIALIZABLE'
ok '... and found' sh -c "psql -XqAtc 'SELECT * FROM verify_workspace()' | grep -q '^|missed|changes of public.orders_other|since '"
ok '... and repaired' repaired
ok 'a SERIALIZABLE writer writes' sql -c "BEGIN ISOLATION LEVEL SERIALIZABLE; $insert; COMMIT"
ok '... exactly' exact

# --- Writers that nobody folds for ---

sql -o "$work/out" <<'SQL'
CREATE ROLE shop; CREATE ROLE analyst;
GRANT CREATE ON SCHEMA public TO shop;
GRANT CREATE ON DATABASE postgres TO analyst;
SET ROLE shop;
CREATE TABLE sold (order_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer integer, ordered_at date, amount numeric, source text);
INSERT INTO sold (customer, ordered_at, amount, source) SELECT n % 3000, date '2024-01-01' + n % 300, 5, 'web' FROM generate_series(1, 9000) n;
-- A statement within the statement that writes, which tells of what the other one has yet to tell
CREATE FUNCTION correct() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN UPDATE sold SET amount = 8 WHERE order_id = NEW.order_id; RETURN NULL; END';
CREATE TRIGGER correct AFTER INSERT ON sold FOR EACH ROW WHEN (NEW.amount = 7) EXECUTE FUNCTION correct();
GRANT SELECT, TRIGGER ON sold TO analyst;
SET ROLE analyst;
SELECT attach_orders('sold', workspace => 'hers', storage => 'incremental', diagnose => false);
UPDATE hers.settings SET fold_after = 300;
SET ROLE shop;
REVOKE SELECT ON sold FROM analyst;
SQL
cat >"$work/sell.sql" <<'SQL'
\set customer random(0, 5999)
SET statement_timeout = '500ms';
SET enable_indexscan = off;
INSERT INTO sold (customer, ordered_at, amount, source) VALUES (:customer, '2024-06-01', 7, 'fair');
UPDATE sold SET amount = amount + 1 WHERE order_id = 1 + :customer;
SQL
beside sell 4
ok 'writers, whose orders the owner of the workspace may not read any more, meet no error' finished sell
ok '... nor a warning' sh -c "! grep WARNING '$work/sell.out'"
pending=$(sql -c 'SELECT count(*) FROM hers.order_changes')
ok '... and leave about fold_after changes pending' test "$(transactions sell)" -gt 500 -a "$pending" -lt 2500
grep -q . "$work/sell.out" && echo "# $pending pending of $(transactions sell) transactions"
sql -c 'GRANT SELECT ON sold TO analyst'
agree() { [ -z "$(sql -c 'SET ROLE analyst' -c "SELECT * FROM verify_workspace('hers')" | tee "$work/differences")" ] || { cat "$work/differences" && false; }; }
ok '... of which none is lost' agree
ok '... what folds could not tell is looked up' test "$(sql -c 'SELECT count(*) > 0 FROM hers.first_orders_data WHERE is_unknown')" = t
ok '... and written down by fold_workspace()' test "$(sql -c 'SET ROLE analyst' -c "SELECT fold_workspace('hers') > 0" -c 'SELECT count(*) FROM hers.first_orders_data WHERE is_unknown')" = "$(printf 't\n0')"
ok '... the same' agree
hers="INSERT INTO sold (customer, ordered_at, amount, source) SELECT n, '2024-07-01', 7, 'fair' FROM generate_series(1, 3000) n"
sql -c "ALTER TABLE hers.order_history_data ADD CONSTRAINT never CHECK (customer IS NULL) NOT VALID"
ok 'where a fold fails a writer is told, and goes on' warns "$hers" 'pending changes of workspace "hers" could not be folded: new row for relation "order_history_data" violates'
sql -c 'ALTER TABLE hers.order_history_data DROP CONSTRAINT never'
ok '... with nothing lost' agree
ok 'TRUNCATE' sql -c 'SET ROLE shop' -c 'REVOKE SELECT ON sold FROM analyst' -c 'BEGIN' -c 'SAVEPOINT before' -c 'TRUNCATE sold' -c 'ROLLBACK TO before' -c 'COMMIT'
ok '... of what the owner may not read is told of' warns 'BEGIN; TRUNCATE sold; ROLLBACK' 'workspace "hers" misses what TRUNCATE takes from public.sold: permission denied'
sql -c 'GRANT SELECT ON sold TO analyst'
ok 'repaired' sql -o "$work/out" -c 'SET ROLE analyst' -c "SELECT verify_workspace('hers', repair => true)"
sql -c "ALTER TABLE sold DISABLE TRIGGER correct" -c "GRANT USAGE ON SCHEMA public TO shop" -c 'REVOKE USAGE ON SCHEMA public FROM PUBLIC'
ok 'where the owner may not use the schema of the extension a writer is told, and goes on' warns "SET ROLE shop; $hers" 'misses this change of .*sold: its owner, analyst, may not use the schema of the extension'
sql -c 'GRANT USAGE ON SCHEMA public TO PUBLIC' -c 'REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC'
ok '... nor its functions' warns "SET ROLE shop; $hers" 'misses this change of .*sold: its owner, analyst, may not call functions of the extension'
sql -c 'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC' -c 'REVOKE USAGE ON SCHEMA _clientele FROM PUBLIC'
ok '... nor that of what it is made of' warns "SET ROLE shop; $hers" 'misses this change of .*sold: its owner, analyst, may not use schema _clientele'
sql -c 'GRANT USAGE ON SCHEMA _clientele TO PUBLIC' -c 'REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA _clientele FROM PUBLIC'
ok '... nor the functions in there' warns "SET ROLE shop; $hers" 'misses this change of .*sold: its owner, analyst, may not call functions in schema _clientele'
sql -c 'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA _clientele TO PUBLIC'
ok '... which is repaired' sql -o "$work/out" -c 'SET ROLE analyst' -c "SELECT verify_workspace('hers', repair => true)"
ok 'a table of the workspace is locked' tell 'BEGIN; LOCK TABLE hers.order_history_data IN SHARE MODE;'
ok '... which no writer waits for' impatient -c 'SET statement_timeout = 900' -c "$hers"
ok '... nor is told of' sh -c "! PGOPTIONS='-c client_min_messages=warning' psql -Xqc \"$hers\" 2>&1 | grep ."
ok '... until it is free' tell 'COMMIT;'
ok '... and all is there' agree
sql -c 'ALTER SCHEMA hers RENAME TO his'
ok 'where the schema is renamed a writer is told, and goes on' warns "$hers" 'workspace "hers" misses this change of sold: its schema is called "his" now'
ok '... and so is who compares' test "$(sql -c 'SELECT count(*) FROM his.missed_changes')" = 1
ok '... until it is made anew' sql -o "$work/out" -c 'SET ROLE analyst' -c "SELECT upgrade_workspace('his')" -c 'SET ROLE shop' -c "$hers" -c 'SET ROLE analyst' -c "SELECT 1 / (1 - count(*)) FROM verify_workspace('his')"
ok '... with its triggers once' test "$(sql -c "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'sold'::regclass AND tgname LIKE 'clientele%'")" = 4

# Orders of nobody, which lie in one slot, and writers in REPEATABLE READ
sql -o "$work/out" <<'SQL'
SET client_min_messages = warning;
CREATE TABLE guests (customer integer, ordered_at date, amount numeric);
SELECT attach_orders('guests', workspace => 'guests', storage => 'incremental', diagnose => false);
UPDATE guests.settings SET fold_after = 100;
SQL
guest="INSERT INTO guests (ordered_at, amount) VALUES ('2024-06-01', 7);"
printf '%s\n' "$guest" "$guest" 'BEGIN ISOLATION LEVEL REPEATABLE READ;' "INSERT INTO guests VALUES (1, '2024-06-01', 7);" 'COMMIT;' >"$work/guests.sql"
beside guests 2
ok 'orders without customers, and writers in REPEATABLE READ' finished guests
pending=$(sql -c 'SELECT count(*) FROM guests.order_changes')
echo "# $pending pending of $(transactions guests) transactions"
ok '... leave not all changes pending' test "$pending" -lt 1500 -a "$(transactions guests)" -gt 800
ok '... exactly' test -z "$(sql -c "SELECT * FROM verify_workspace('guests')")"
sql -c 'UPDATE guests.settings SET fold_after = NULL' -c "DO \$\$ BEGIN FOR i IN 1..11000 LOOP $guest END LOOP; END \$\$"
ok 'very many changes of one kind are merged before they are folded' test "$(sql -c "SELECT fold_workspace('guests') > 11000" -c 'SELECT count(*) FROM guests.order_changes')" = "$(printf 't\n0')"
ok '... exactly' test -z "$(sql -c "SELECT * FROM verify_workspace('guests')")"
sql -c 'UPDATE his.settings SET fold_after = 100'
ok 'a transaction holds four groups of customers at most' test "$(sql -c 'BEGIN' -c "DO \$\$ BEGIN FOR i IN 1..2000 LOOP INSERT INTO sold (customer, ordered_at, amount) VALUES (i, '2024-08-01', 3); END LOOP; END \$\$" \
  -c "SELECT count(*) BETWEEN 1 AND 4 FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'" -c 'COMMIT')" = t

# TRUNCATE of a table with a child that has no triggers
sql -o "$work/out" <<'SQL'
CREATE TABLE elder (order_id integer, customer integer, ordered_at date, amount numeric);
SELECT attach_orders('elder', workspace => 'elder', storage => 'incremental', diagnose => false);
CREATE TABLE younger () INHERITS (elder);
INSERT INTO elder VALUES (1, 1, '2024-01-01', 5);
INSERT INTO younger VALUES (2, 2, '2024-01-01', 5);
SELECT verify_workspace('elder', repair => true);
SQL
left() { sql -c "SELECT string_agg(customer::text, ' ' ORDER BY customer) FROM elder.customers"; }
ok 'a child' test "$(left)" = '1 2'
sql -c 'TRUNCATE ONLY elder'
ok '... stays where its parent alone is emptied' test "$(left)" = 2
ok '... which is exact' test "$(sql -c "SELECT stored FROM verify_workspace('elder')")" = 'none on public.younger'
sql -c 'TRUNCATE elder'
ok '... and goes with it' test "$(left)" = ''

# A plan made for one row, then many rows
rows=${INCREMENTAL_ROWS:-300000}
sql -o "$work/out" <<SQL
SET client_min_messages = warning;
CREATE TABLE wide AS SELECT n AS order_id, n % 50000 AS customer, date '2024-01-01' + n % 300 AS ordered_at, 5::numeric AS amount FROM generate_series(1, $rows) n;
SELECT attach_orders('wide', workspace => 'wide', storage => 'incremental', diagnose => false);
UPDATE wide.settings SET fold_after = NULL;
SQL
coproc UPDATER { psql -XqAt -v ON_ERROR_STOP=1 2>&1; }
updating=$UPDATER_PID
printf '%s\n' 'SELECT pg_backend_pid();' >&"${UPDATER[1]}" && read -r -t 60 backend <&"${UPDATER[0]}"
printf '%s\n' 'SET work_mem = 4096; SET hash_mem_multiplier = 1;' 'UPDATE wide SET amount = amount + 1 WHERE order_id = 1;' 'UPDATE wide SET amount = amount + 1 WHERE order_id = 2;' 'UPDATE wide SET amount = amount + 1;' '\echo done' >&"${UPDATER[1]}"
most=0
said='' # a read that runs out of time gives what there is of a line
while kill -0 "$updating" 2>/dev/null && [[ $said != *done* ]]; do
  read -r -t 0.05 line <&"${UPDATER[0]}" || true
  said+=$line
  now=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$backend/status" 2>/dev/null)
  [ "${now:-0}" -le "$most" ] || most=$now
done
exec {UPDATER[1]}>&-
wait "$updating" 2>/dev/null
# Of these rows EXCEPT ALL kept 134 MB in memory.
ok "an update of $rows rows after one of one row stays within bounds: $((most / 1024)) MB" test "${said%done*}" != "$said" -a "$most" -gt 0 -a "$most" -lt 70000

# --- A backend killed while it folds: the server recovers ---

backend=$(sql -c 'SELECT max(pid) FROM pg_stat_activity WHERE backend_type = '"'client backend'"' AND pid <> pg_backend_pid()')
tell "UPDATE loyalty.settings SET fold_after = NULL; $insert; BEGIN; SELECT fold_workspace();" >"$work/out"
kill -9 "$backend"
# shellcheck disable=SC2093,SC1083  # closes what the session reads from
exec {SESSION[1]}>&-
for _ in {1..100}; do
  sleep 0.2
  sql -c 'SELECT 1' >"$work/out" 2>&1 && break
done
wait "$session" 2>/dev/null
ok 'after a fold was killed the server is back' sql -c 'SELECT count(*) FROM loyalty.order_changes'
ok '... and all agrees' exact
ok '... nothing of the fold was kept' test "$(sql -c 'SELECT count(*) >= 50 FROM loyalty.order_changes')" = t
ok '... and another one folds' sql -c 'SELECT fold_workspace()'
ok '... exactly' exact
echo "1..$number"
