#!/usr/bin/env bash
# The benchmark: Clientele against hand-written SQL and DuckDB, as ratios of medians in one run.
#
#   bash bench/run.sh                  10 million orders of 1 million customers, 10 million scores (an hour or two)
#   bash bench/run.sh --orders 1000000 a tenth of it
#   bash bench/run.sh --rounds 9       rounds per comparison (default 5)
#   bash bench/run.sh --part NAME      aggregates, baskets or workspace alone
#
# It builds and runs on a PostgreSQL server of its own, as test/run.sh does, and removes it afterwards. A ratio below 1
# means that ours is faster. Times are those of EXPLAIN ANALYZE without timing of the nodes; ours and the peer take
# turns, so that a machine that slows down slows both. Each comparison is made twice: with work_mem that keeps it in
# memory and without JIT, and with what the server has by default, in up to three rounds.
#
# DuckDB comes from npm, where there is one, for the run. It reads the orders from its own table on two threads, loading
# not counted; ours are a workspace over stored histories with one worker beside. Both have to answer the same.
set -euo pipefail
# shellcheck source=test/server.sh
source "$(dirname "${BASH_SOURCE[0]}")/../test/server.sh"

ORDERS=10000000 ROUNDS=5 PART=all

main() {
  while [ $# != 0 ]; do
    case $1 in
      --orders) ORDERS=${2:?number of orders} && shift 2 ;;
      --rounds) ROUNDS=${2:?number of rounds} && shift 2 ;;
      --part) PART=${2:?aggregates, baskets or workspace} && shift 2 ;;
      -h | --help) usage && exit ;;
      *) die "unknown option $1" ;;
    esac
  done
  case $PART in all | aggregates | baskets | workspace) ;; *) die "unknown part $PART" ;; esac
  # shellcheck disable=SC2119  # without arguments: no pgTAP
  need_packages
  build
  start_server "shared_buffers = '2GB'" "max_wal_size = '8GB'" 'wal_level = minimal' 'max_wal_senders = 0' \
    'autovacuum = off' 'jit = off' "work_mem = '4GB'" 'hash_mem_multiplier = 1'
  psql -Xq -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION clientele' -f "$PROJECT/bench/measure.sql"
  step "making $ORDERS orders and as many scores" psql -Xq -v ON_ERROR_STOP=1 -v "orders=$ORDERS" \
    -f "$PROJECT/bench/data.sql"
  echo "each figure is the median of $ROUNDS rounds on $(nproc) cores; work_mem is large enough to stay in memory but by default"
  ! wanted aggregates || compare compare.sql memory.sql
  ! wanted baskets || compare_baskets
  ! wanted workspace || compare_workspace
}

wanted() { [ "$PART" = all ] || [ "$PART" = "$1" ]; }

compare() {
  interruptible psql -Xq -P pager=off -v ON_ERROR_STOP=1 -v "orders=$ORDERS" -v "rounds=$ROUNDS" "${@/#/-f$PROJECT/bench/}"
}

compare_workspace() {
  compare workspace.sql
  compare_duckdb
}

compare_baskets() {
  compare baskets.sql
  install_duckdb || return 0
  psql -Xq -v ON_ERROR_STOP=1 -c "\\copy some_lines TO '$RUN/lines.csv' CSV"
  PGOPTIONS='-c max_parallel_workers_per_gather=0' NODE_PATH=$RUN/npm/node_modules \
    interruptible node "$PROJECT/bench/baskets.js" "$RUN/lines.csv" "$ROUNDS"
}

# Fails where it cannot.
install_duckdb() {
  if lacks node || lacks npm; then
    echo 'without DuckDB: no Node with npm here'
    return 1
  fi
  [ ! -d "$RUN/npm" ] || return 0
  attempt 'installing DuckDB' timeout 300 npm install --prefix "$RUN/npm" --cache "$RUN/npm/cache" --ignore-scripts --no-audit --no-fund \
    --fetch-retries=0 @duckdb/node-api
  if [ "$STATUS" != 0 ]; then
    echo 'without DuckDB: npm could not install it here'
    rm -rf "$RUN/npm"
    return 1
  fi
}

compare_duckdb() {
  install_duckdb || return 0
  psql -Xq -v ON_ERROR_STOP=1 -c "\\copy (SELECT customer, day, amount FROM view.order_rows) TO '$RUN/orders.csv' CSV"
  PGOPTIONS='-c max_parallel_workers_per_gather=1' NODE_PATH=$RUN/npm/node_modules \
    interruptible node "$PROJECT/bench/duckdb.js" "$RUN/orders.csv" "$ROUNDS"
  psql -Xq -P title='Over stored histories, against DuckDB over its own table of the orders: below 1 ours is faster' \
    -c "SELECT substring(work FROM 9) AS question, ours_ms, peer_ms, ratio FROM bench.figures WHERE work LIKE 'DuckDB: %' ORDER BY ratio"
}

main "$@"
