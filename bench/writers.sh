#!/usr/bin/env bash
# What writers of the orders notice of a workspace with incremental storage: four clients insert single orders, into a
# table without triggers and into one whose histories are kept, in turn.
#
#   bash bench/writers.sh                five minutes of each, with fsync off and on (half an hour)
#   bash bench/writers.sh --seconds 30   seconds of each
#   bash bench/writers.sh --orders N     how many there are before (default: 1000000, of a fifth as many customers)
#
# The server is one of its own with its default settings (jit on, 4 MB of work_mem), but for connections. The last run is
# beside a transaction that keeps an old snapshot, so that nothing that folds leave behind can be cleared away.
# Latencies are those of whole transactions as pgbench sees them, in milliseconds.
set -euo pipefail
# shellcheck source=test/server.sh
source "$(dirname "${BASH_SOURCE[0]}")/../test/server.sh"

ORDERS=1000000 SECONDS_EACH=300 CLIENTS=4

main() {
  while [ $# != 0 ]; do
    case $1 in
      --orders) ORDERS=${2:?number of orders} && shift 2 ;;
      --seconds) SECONDS_EACH=${2:?number of seconds} && shift 2 ;;
      -h | --help) usage && exit ;;
      *) die "unknown option $1" ;;
    esac
  done
  # shellcheck disable=SC2119  # without arguments: no pgTAP
  need_packages
  build
  # shellcheck disable=SC2119  # no settings
  start_server
  step "making $ORDERS orders, twice" make_orders
  printf '%-42s %8s %8s %8s %8s %9s\n' '' p50 p99 p99.9 maximum pending
  for fsync in off on; do
    psql -Xq -c "ALTER SYSTEM SET fsync = $fsync" -c 'SELECT pg_reload_conf()' -o /dev/null
    compare "fsync $fsync"
  done
  (psql -Xq -c 'BEGIN ISOLATION LEVEL REPEATABLE READ' -c 'SELECT count(*) FROM kept' -c "SELECT pg_sleep($SECONDS_EACH + 5)" -o /dev/null) &
  insert_orders kept 'fsync on, beside an old snapshot'
  wait
}

make_orders() {
  psql -Xq -v ON_ERROR_STOP=1 -v "orders=$ORDERS" <<'SQL'
CREATE EXTENSION clientele;
CREATE TABLE plain (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer integer, ordered_at timestamptz, amount numeric, source text);
INSERT INTO plain (customer, ordered_at, amount, source)
SELECT 1 + n * 7919::bigint % (:orders / 5), timestamptz '2022-01-01' + n % 900 * interval '1 day 1 second', n % 500 + 0.99, (ARRAY['search', 'friends', 'mail'])[1 + n % 3]
FROM generate_series(1, :orders) n;
CREATE INDEX ON plain (customer);
CREATE INDEX ON plain (ordered_at);
CREATE TABLE kept (LIKE plain INCLUDING ALL);
INSERT INTO kept (customer, ordered_at, amount, source) SELECT customer, ordered_at, amount, source FROM plain;
VACUUM ANALYZE;
SELECT FROM attach_orders('kept', storage => 'incremental', time_zone => 'UTC', diagnose => false);
SQL
  for table in plain kept; do
    cat >"$RUN/$table.sql" <<SQL
\\set customer random(1, $ORDERS / 5)
\\set amount random(100, 50000)
\\set day random(1, 300)
\\set source random(1, 3)
INSERT INTO $table (customer, ordered_at, amount, source)
VALUES (:customer, timestamptz '2024-06-01 10:00+00' + :day * interval '1 day', :amount / 100.0, (ARRAY['search', 'friends', 'mail'])[:source]);
SQL
  done
}

compare() {
  insert_orders plain "$1, no triggers"
  insert_orders kept "$1, histories kept"
}

insert_orders() { # insert_orders TABLE NAME
  interruptible pgbench -n -M prepared -c "$CLIENTS" -j 2 -T "$SECONDS_EACH" -f "$RUN/$1.sql" --log --log-prefix="$RUN/latency" >"$RUN/pgbench.log" 2>&1 ||
    die "$(tail -n 5 "$RUN/pgbench.log")"
  ! grep WARNING "$RUN/pgbench.log" || die 'a writer was warned'
  printf '%-42s %s %9s\n' "$2" "$(cat "$RUN"/latency.* | percentiles)" "$(psql -XqAtc 'SELECT count(*) FROM loyalty.order_changes')"
  rm "$RUN"/latency.*
}

percentiles() {
  cut -d ' ' -f 3 | sort -n | awk '{ a[NR] = $1 / 1000 }
    END { printf "%8.2f %8.2f %8.2f %8.2f", a[int(NR * 0.5) + 1], a[int(NR * 0.99) + 1], a[int(NR * 0.999) + 1], a[NR] }'
}

main "$@"
