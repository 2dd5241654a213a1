#!/usr/bin/env bash
# The benchmark: Clientele against hand-written SQL, as ratios of medians in one run.
#
#   bash bench/run.sh                  10 million orders of 1 million customers, 10 million scores (an hour or two)
#   bash bench/run.sh --orders 1000000 a tenth of it
#   bash bench/run.sh --rounds 9       rounds per comparison (default 5)
#   bash bench/run.sh --part NAME      aggregates or workspace alone
#
# It builds and runs on a PostgreSQL server of its own, as test/run.sh does, and removes it afterwards. A ratio below 1
# means that ours is faster. Times are those of EXPLAIN ANALYZE without timing of the nodes; ours and the peer take
# turns, so that a machine that slows down slows both. Each comparison is made twice: with work_mem that keeps it in
# memory and without JIT, and with what the server has by default, in up to three rounds.
set -euo pipefail
# shellcheck source=test/server.sh
source "$(dirname "${BASH_SOURCE[0]}")/../test/server.sh"

ORDERS=10000000 ROUNDS=5 PART=all

main() {
  while [ $# != 0 ]; do
    case $1 in
      --orders) ORDERS=${2:?number of orders} && shift 2 ;;
      --rounds) ROUNDS=${2:?number of rounds} && shift 2 ;;
      --part) PART=${2:?aggregates or workspace} && shift 2 ;;
      -h | --help) usage && exit ;;
      *) die "unknown option $1" ;;
    esac
  done
  case $PART in all | aggregates | workspace) ;; *) die "unknown part $PART" ;; esac
  # shellcheck disable=SC2119  # without arguments: no pgTAP
  need_packages
  build
  start_server "shared_buffers = '2GB'" "max_wal_size = '8GB'" 'wal_level = minimal' 'max_wal_senders = 0' \
    'autovacuum = off' 'jit = off' "work_mem = '4GB'" 'hash_mem_multiplier = 1'
  psql -Xq -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION clientele' -f "$PROJECT/bench/measure.sql"
  step "making $ORDERS orders and as many scores" psql -Xq -v ON_ERROR_STOP=1 -v "orders=$ORDERS" \
    -f "$PROJECT/bench/data.sql"
  echo "each figure is the median of $ROUNDS rounds on $(nproc) cores; work_mem is large enough to stay in memory but by default"
  [ "$PART" = workspace ] || compare compare.sql memory.sql
  [ "$PART" = aggregates ] || compare workspace.sql
}

compare() {
  interruptible psql -Xq -P pager=off -v ON_ERROR_STOP=1 -v "orders=$ORDERS" -v "rounds=$ROUNDS" "${@/#/-f$PROJECT/bench/}"
}

main "$@"
