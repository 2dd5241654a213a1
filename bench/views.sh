#!/usr/bin/env bash
# What each view of a workspace takes: of the demo's shop with all that the demo attaches, figures read and stored, with
# room and without JIT, and with what a server has by default. The table of docs/operations.md is from this.
#
#   bash bench/views.sh                    the shop of 200,000 customers, 990,001 orders (an hour or so)
#   bash bench/views.sh --customers 20000  a tenth of it
#
# Milliseconds of EXPLAIN ANALYZE without timing of the nodes, of SELECT * FROM loyalty.VIEW: the median of three. With
# room is work_mem 64 MB and no JIT, by default are 4 MB, and JIT before PostgreSQL 19.
set -euo pipefail
# shellcheck source=test/server.sh
source "$(dirname "${BASH_SOURCE[0]}")/../test/server.sh"

CUSTOMERS=200000

main() {
  while [ $# != 0 ]; do
    case $1 in
      --customers) CUSTOMERS=${2:?number of customers} && shift 2 ;;
      -h | --help) usage && exit ;;
      *) die "unknown option $1" ;;
    esac
  done
  # shellcheck disable=SC2119  # without arguments: no pgTAP
  need_packages
  build
  start_server "shared_buffers = '1GB'" "max_wal_size = '8GB'"
  step "making a shop of $CUSTOMERS customers" sql -v "customers=$CUSTOMERS" -v seed=1 -f "$PROJECT/demo/shop.sql"
  interruptible sql -c 'CREATE EXTENSION clientele' -f "$PROJECT/bench/measure.sql" -f "$PROJECT/bench/views.sql"
}

sql() { psql -Xq -v ON_ERROR_STOP=1 "$@"; }

main "$@"
