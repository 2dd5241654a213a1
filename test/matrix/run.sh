#!/usr/bin/env bash
# All tests on other versions of PostgreSQL than the system's, as Debian's suites carry them.
#
#   bash test/matrix/run.sh               15, 17, 18 and the candidate 19
#   bash test/matrix/run.sh 17 18         only these
#   bash test/matrix/run.sh 18 nps dump   only these tests: what is no number is handed to test/run.sh
#
# A version's tree (see tree.sh) is made once and kept. Each run sees a copy of it that goes with the run, in namespaces
# of its own, without a network. A candidate may fail: that is shown, and changes no exit status. Where nothing can be
# run (not as root, not on Debian, no namespaces, no network for a tree to be made) that is said, and is no failure.
#
# Environment: CLIENTELE_TREES (where the trees are kept, default /var/cache/clientele; remove one to have it renewed),
# CLIENTELE_DATA, CLIENTELE_TMP and COPT as in test/run.sh.
# The last line counts the versions: "versions: N passed, N failed"; the exit status is 0 if none failed.
set -euo pipefail
MATRIX=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=test/server.sh
source "$MATRIX/../server.sh"
# shellcheck source=test/matrix/tree.sh
source "$MATRIX/tree.sh"

NAMESPACES=(--mount --pid --net --ipc --fork --kill-child --propagation private)
TREES=${CLIENTELE_TREES:-/var/cache/clientele}
CANDIDATE=19
RESULT='%-12s %6s %6s %7s %8s  %s\n' # a row of the table

main() {
  local major
  case "${1:-}" in -h | --help) usage && exit ;; esac
  choose "$@"
  can_run || exit 0
  open_run
  # shellcheck disable=SC2059  # it is a format
  printf "$RESULT" PostgreSQL passed failed skipped seconds '' >"$RUN/table"
  for major in "${MAJORS[@]}"; do
    printf '\n=== PostgreSQL %s ===\n' "$major"
    try "$major"
  done
  summary
}

# Sets MAJORS and NAMES, the tests.
choose() {
  local word
  MAJORS=() NAMES=()
  for word; do
    case $word in [0-9]*) MAJORS+=("$word") ;; *) NAMES+=("$word") ;; esac
  done
  [ "${#MAJORS[@]}" != 0 ] || MAJORS=(15 17 18 19)
}

can_run() {
  local reason=''
  if [ "$(id -u)" != 0 ]; then
    reason='only root can make a tree and enter it'
  elif lacks unshare || ! unshare "${NAMESPACES[@]}" true 2>/dev/null; then
    reason='namespaces cannot be made here'
  elif [ -z "$(mirror)" ]; then
    reason='apt knows no mirror of Debian here'
  fi
  [ -n "$reason" ] || return 0
  echo "No other version of PostgreSQL is tried: $reason."
  return 1
}

# --- One version ---

try() {
  local major=$1 tree=$TREES/postgresql-$1 start
  start=$(now)
  if ! is_made "$tree"; then provide "$major" "$tree"; fi
  is_made "$tree" || return 0
  run_group run_tests "$tree"
  result "$major" "$tree" "$((($(now) - start + 500000) / 1000000))"
}

# Says in the table why there is no tree. Not to be called where "set -e" is off.
provide() {
  local major=$1 tree=$2
  if [ -z "$(suites_of "$major")" ]; then
    no_result "$major" 'skipped: no suite of Debian has it'
    return
  fi
  attempt "making a tree with PostgreSQL $major" make_tree "$major" "$tree"
  case $STATUS in
    0) ;;
    "$NOT_TO_BE_HAD") no_result "$major" "skipped: $(tail -n 1 "$RUN/step.log")" ;;
    *) tail -n 20 "$RUN/step.log" && no_result "$major" 'FAILED: the tree could not be made' ;;
  esac
}

run_tests() {
  local data=${CLIENTELE_DATA-$PROJECT/../shared/data}
  mkdir -p "$RUN/mounts"
  unshare "${NAMESPACES[@]}" bash "$MATRIX/inside.sh" "$RUN/mounts" "$1" "$PROJECT" "$data" "${NAMES[@]}" \
    </dev/null 2>&1 | tee "$RUN/log"
}

# --- What came out ---

result() { # result MAJOR TREE SECONDS; see STATUS
  local counts=(- - -) verdict=FAILED
  if [[ $(tail -n 1 "$RUN/log") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]]; then
    counts=("${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[4]:-0}")
    [ "$STATUS" != 0 ] || verdict=ok
  fi
  row "$1" "$(version_in "$2")" "${counts[@]}" "$3" "$verdict"
}

no_result() { row "$1" "$1" - - - - "$2"; }

row() { # row MAJOR VERSION PASSED FAILED SKIPPED SECONDS VERDICT
  local major=$1 verdict=${*: -1}
  case $major:$verdict in
    "$CANDIDATE":FAILED*) verdict="candidate, may fail: $verdict" ;;
  esac
  # shellcheck disable=SC2059  # it is a format
  printf "$RESULT" "${@:2:5}" "$verdict" | tee -a "$RUN/table"
}

summary() {
  local failed line
  failed=$(count 'FAILED.*')
  line="versions: $(count ok) passed, $failed failed"
  [ "$(count 'skipped.*')" = 0 ] || line+=", $(count 'skipped.*') skipped"
  [ "$(count 'candidate.*')" = 0 ] || line+=", $(count 'candidate.*') allowed to fail"
  printf '\n%s\n\n%s\n' "$(cat "$RUN/table")" "$line"
  [ "$failed" = 0 ]
}

count() { grep -cE "^([^ ]+ +){5}$1$" "$RUN/table" || true; }

main "$@"
