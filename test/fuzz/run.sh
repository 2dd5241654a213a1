#!/usr/bin/env bash
# Fuzzes the extension on a server of its own: hostile text, bytes, states and arguments for everything in the catalogue.
# No crash, no statement over a second, no SQLSTATE that is not documented, no value that changes on its way out and in,
# no NaN.
#
#   bash test/fuzz/run.sh [--cases N] [--seed N] [--jobs N]
#
# A million cases take about ten minutes of one core. The same seed tries the same cases. What is found is printed with a
# statement that shows it (psql -f test/fuzz/fuzz.sql first where it speaks of the schema fuzz); once mended it belongs in
# test/fuzz/regressions.sql. The exit status is 0 if nothing was found.
# Environment: as for test/run.sh.
set -euo pipefail
# shellcheck source=test/server.sh
source "$(dirname "${BASH_SOURCE[0]}")/../server.sh"
# shellcheck source=test/fuzz/drive.sh
source "$(dirname "${BASH_SOURCE[0]}")/drive.sh"

CASES=1000000 SEED=1 WORKERS=2
BATCH=2000 # cases

main() {
  options "$@"
  # shellcheck disable=SC2119  # without the packages of the tests
  need_packages
  build
  start_server 'jit = off' 'autovacuum = off'
  make_databases
  step "trying $CASES cases with seed $SEED" run_workers
  report
}

options() {
  while [ $# != 0 ]; do
    case $1 in
      --cases) CASES=$2 ;;
      --seed) SEED=$2 ;;
      --jobs) WORKERS=$2 ;;
      -h | --help) usage && exit ;;
      *) die "What is $1?" ;;
    esac
    shift 2
  done
}

make_databases() {
  local worker
  for ((worker = 1; worker <= WORKERS; worker++)); do
    psql -Xq -c "CREATE DATABASE fuzz_$worker"
    PGDATABASE=fuzz_$worker psql -Xq -c 'CREATE EXTENSION clientele'
    PGDATABASE=fuzz_$worker make_fuzzer
  done
}

run_workers() {
  local batches=$(((CASES + BATCH - 1) / BATCH)) share worker
  share=$(((batches + WORKERS - 1) / WORKERS))
  for ((worker = 1; worker <= WORKERS; worker++)); do
    PGDATABASE=fuzz_$worker work $(((worker - 1) * share + 1)) $((worker * share < batches ? worker * share : batches)) &
  done
  wait
}

# A batch that fails as a whole has taken the server down or hangs: it is told apart, and the next ones are run.
work() {
  local first=$1 last=$2
  until fuzz "$SEED" "$first" "$last" "$BATCH" 2>"$RUN/error.$PGDATABASE"; do
    wait_for_server
    first=$(next_batch "$first" "$last")
    { cat "$RUN/error.$PGDATABASE" && culprit "$SEED" "$first" "$BATCH"; } | cut -c1-2000 >>"$RUN/broken"
    wait_for_server
    first=$((first + 1))
  done
}

wait_for_server() {
  local tries=100
  until psql -XqAtc 'SELECT 1' >/dev/null 2>&1 || [ $((tries -= 1)) = 0 ]; do sleep 0.2; done
}

report() {
  local worker found=''
  for ((worker = 1; worker <= WORKERS; worker++)); do PGDATABASE=fuzz_$worker fuzz_sql -f "$FUZZ/report.sql"; done >"$RUN/report"
  [ ! -s "$RUN/report" ] || { cut -c1-3000 "$RUN/report" && found=yes; }
  [ ! -f "$RUN/broken" ] || { printf '\nThe server went down, or hung:\n' && cat "$RUN/broken" && found=yes; }
  for ((worker = 1; worker <= WORKERS; worker++)); do PGDATABASE=fuzz_$worker fuzz_sql -f "$FUZZ/counts.sql"; done
  [ -z "$found" ]
}

main "$@"
