#!/usr/bin/env bash
# The tests with Clientele's memory and arithmetic watched, and its assertions on.
#
#   bash test/sanitize/run.sh                    all, under AddressSanitizer and UndefinedBehaviorSanitizer
#   bash test/sanitize/run.sh nps 'history_*'    only the tests of these names
#   bash test/sanitize/run.sh --valgrind nps_agg these under valgrind, which also sees what is read before it is set,
#                                                and takes some twenty times as long
#
# A sanitizer's report ends the session, and so the test; a report of either is printed, and fails the run even where
# every test passes. The server itself is the usual one: what goes wrong within a chunk of its memory stays unseen.
#
# Functions that are cancelled get fewer rows and more time, as by ROWS=30000 BOUND=2000.
#
# Environment: PG_CONFIG, CLIENTELE_DATA, CLIENTELE_TMP and COPT as in test/run.sh.
# The exit status is 0 if no test failed and nothing was reported.
set -euo pipefail
SANITIZE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=test/server.sh
source "$SANITIZE/../server.sh"

FLAGS='-DUSE_ASSERT_CHECKING -O1 -g -fno-omit-frame-pointer'
# PostgreSQL's own flags let signed integers wrap, and its headers need not pass for ours to.
SANITIZERS='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-wrapv -U_FORTIFY_SOURCE'

# In the server's log, where lines of its own begin with the date.
REPORT='/^20[0-9][0-9]-/ { report = 0 } /runtime error:|: [A-Za-z]*Sanitizer|^==[0-9]+==|^TRAP:/ { report = 1 } report'

main() {
  case "${1:-}" in -h | --help) usage && exit ;; esac
  need_packages tests
  if [ "${1:-}" = --valgrind ]; then
    shift
    [ $# != 0 ] || die 'Under valgrind all tests would take hours: name some.'
    use_valgrind
  else
    use_sanitizers
  fi
  export CLIENTELE_SERVER=$RUN/server ROWS=${ROWS:-30000} BOUND=${BOUND:-2000}
  run_group bash "$PROJECT/test/run.sh" "$@"
  show_reports
}

# Leaks are none: the server frees by the context.
use_sanitizers() {
  local library
  library=$(gcc -print-file-name=libasan.so)
  [ -f "$library" ] || die 'This gcc comes without AddressSanitizer.'
  gcc -shared -fPIC -o "$RUN/preload.so" "$SANITIZE/preload.c"
  export COPT="$FLAGS $SANITIZERS ${COPT:-}"
  write_server env "LD_PRELOAD=$library:$RUN/preload.so" \
    ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=0:abort_on_error=1
}

use_valgrind() {
  ! lacks valgrind || die 'valgrind is missing: install the package of that name.'
  export COPT="$FLAGS ${COPT:-}"
  write_server valgrind --quiet --vgdb=no --leak-check=no --track-origins=yes \
    "--suppressions=$SANITIZE/valgrind.supp"
}

# write_server COMMAND...: the program to start in place of the server, with its log where it outlives the tests' own.
write_server() {
  printf '#!/bin/sh\nexec %s postgres "$@" 2>>%q\n' "$(printf '%q ' "$@")" "$RUN/log" >"$RUN/server"
  chmod 755 "$RUN/server"
}

show_reports() {
  local reports
  reports=$(awk "$REPORT" "$RUN/log")
  if [ -n "$reports" ]; then
    printf '\n--- reports ---\n%s\n' "$(head -n 200 <<<"$reports")"
    exit 1
  fi
  [ "$STATUS" = 0 ] || tail -n 20 "$RUN/log"
  printf '\n%s\n' 'nothing reported'
  exit "$STATUS"
}

main "$@"
