#!/usr/bin/env bash
# A short run of the fuzzer; FUZZ_SEED tries other cases, test/fuzz/run.sh a million
set -u
# shellcheck source=test/fuzz/drive.sh
source "$(dirname "$0")/fuzz/drive.sh"
# shellcheck source=test/include/tap.sh
source "$(dirname "$0")/include/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
seed=${FUZZ_SEED:-1}
batches=10 cases=2000

started() { fuzz_sql -c 'SELECT pg_postmaster_start_time()'; }
stays() { fuzz "$seed" 1 $batches $cases || { culprit "$seed" "$(next_batch 1 $batches)" $cases && false; }; }
prints_nothing() { [ -z "$(fuzz_sql -c "$1" | tee "$work/found")" ] || { cat "$work/found" && false; }; }
tried() { [ "$(fuzz_sql -c "SELECT count(*) FROM fuzz.outcome WHERE kind = '$1' AND state $2 '00000'")" -gt "$3" ]; }
notices_a_wrong_state() {
  fuzz_sql -c "BEGIN; SELECT set_config('fuzz.batch', '0', true); SELECT fuzz.try('call', 'test', \$\$ SELECT $1 \$\$, '{22003}'); SELECT problem FROM fuzz.failure" |
    grep "$2"
}

before=$(started)
ok 'the fuzzer is made' make_fuzzer
ok 'the pools have every type of argument' prints_nothing \
  'SELECT DISTINCT unnest(arguments) FROM fuzz.routine EXCEPT SELECT type FROM fuzz.pool WHERE NOT hostile'
ok '... and only expressions that have a value' prints_nothing \
  "SELECT e FROM fuzz.pool, unnest(expressions) AS e WHERE (fuzz.run(format('SELECT (%s)::text', e), false)).state <> '00000'"
ok 'it notices an error that is not documented' notices_a_wrong_state '1 / 0' '22012 is not documented'
ok '... a statement that takes long' notices_a_wrong_state 'pg_sleep(1.1)' takes
ok '... and NaN' notices_a_wrong_state "'NaN'::float8" NaN
ok 'what once failed does not any more' fuzz_sql -f "$FUZZ/regressions.sql"
ok "batches of $cases with seed $seed" stays
ok '... found nothing' prints_nothing "$(<"$FUZZ/report.sql")"
for kind in text binary state call; do
  ok "... accepted much of kind $kind" tried $kind = 400
  ok '... and refused much' tried $kind '<>' 400
done
ok 'the server is the same' [ "$(started)" = "$before" ]
echo "1..$number"
