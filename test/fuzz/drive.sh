#!/usr/bin/env bash
# Runs the fuzzer in the database that psql is led to, for run.sh and test/fuzz.t to source.
#
#   make_fuzzer                    once in a database with the extension
#   fuzz SEED FIRST LAST CASES     the batches FIRST to LAST, of so many cases each; fails when a batch does
#   culprit SEED BATCH CASES       the last statement that a batch began: the one that takes the server down

FUZZ=$(dirname "${BASH_SOURCE[0]}")

fuzz_sql() { psql -XqAt -v ON_ERROR_STOP=1 -c 'SET client_min_messages = error' "$@"; }

make_fuzzer() { psql -Xq -f "$FUZZ/fuzz.sql"; }

# A batch takes a second or two: one that takes a minute hangs.
fuzz() {
  local seed=$1 batch
  for ((batch = $2; batch <= $3; batch++)); do
    echo "SELECT fuzz.batch($seed, $batch, $4);"
  done | timeout 3600 psql -XqAt -v ON_ERROR_STOP=1 -c "SET client_min_messages = error; SET statement_timeout = '60s'" -f - >/dev/null
}

next_batch() { fuzz_sql -c "SELECT coalesce(max(batch), $1 - 1) + 1 FROM fuzz.outcome WHERE batch BETWEEN $1 AND $2"; }

culprit() {
  PGOPTIONS='-c fuzz.announce=on -c statement_timeout=60s' timeout 120 psql -Xq -c "SELECT fuzz.batch($1, $2, $3)" 2>&1 |
    awk '/^NOTICE:  next: / { last = "" } { last = last "\n" substr($0, 1, 2000) } END { print last }' | tail -n 20
}
