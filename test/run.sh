#!/usr/bin/env bash
# All tests of Clientele, on a PostgreSQL server of their own: installs what is missing, builds, starts a throw-away
# server that listens on a socket only, runs the tests and removes everything again.
#
#   bash test/run.sh              everything
#   bash test/run.sh nps history  only the tests of these names
#
# Tests are sql/NAME.sql (pg_regress, compared with expected/NAME.out), test/NAME.sql (pgTAP) and test/NAME.t (an
# executable that prints TAP). Each of the latter two has a database of its own, with the extension in the schema
# public and pgTAP in the schema tap; roles are shared, so their names should carry the test's. The directory of the
# real data sets is in psql's variable "data" and in CLIENTELE_DATA, both empty where there are none; scripts find the
# build copy in CLIENTELE_BUILD. What the tests of clients (test/client_*.t), of packages (test/package.t, test/dist.t),
# of other languages (test/clock.t), of files (test/load_file.t) and of the report in a browser (test/report_browser.t) take is installed where it can be; where it is missing they are skipped.
#
# Environment: PG_CONFIG (which PostgreSQL), CLIENTELE_DATA (default: ../shared/data beside the project), CLIENTELE_TMP
# (where to run, default /dev/shm where there is much memory, else /tmp), COPT (more compiler flags), CLIENTELE_CLOCK
# (what time it is, such as "2044-02-29 23:45", UTC, for the servers and all that the tests start), CLIENTELE_SETTINGS
# (lines for postgresql.conf, which hold instead of the tests' own, such as "jit = on").
# The last line says "N passed, N failed"; the exit status is 0 if none failed.
set -euo pipefail
# shellcheck source=test/server.sh
source "$(dirname "${BASH_SOURCE[0]}")/server.sh"

JOBS=2
# Those that take longest come first, so that none of them runs alone in the end.
LONGEST='/(transcripts|defaults|package|workspace_(meaning|incremental|attach|feedback|classes|funnel|lists|storage|scales)|load_file|clock|standby|incremental|crash|house|cancel|real_|security|scale_out|segments_window|retention_pass|report_page|misuse|parallel)'
MAX_LINES=200 # of one failure
MEMORY=12000  # megabytes, a multiple of what the run's directory takes

main() {
  case "${1:-}" in -h | --help) usage && exit ;; esac
  select_tests "$@"
  run_in_memory
  need_packages tests
  want_packages "${WISHES[@]}"
  build
  find_data
  # A test is one transaction of many workspaces, which are definitions above all: what it takes to write them is saved.
  start_server 'jit = off' 'max_locks_per_transaction = 512' 'full_page_writes = off' "max_wal_size = '4GB'" "$(quick_compression)" "${CLIENTELE_SETTINGS:-}"
  step 'preparing the database that each test gets a copy of' make_template
  : >"$RUN/results"
  run_regress "${STEMS[@]}"
  mapfile -t FILES < <(longest_first "${FILES[@]}")
  interruptible run_files "${FILES[@]}"
  show_failures
  summary
}

# Workspaces are thousands of small files: where there is plenty of memory they are made there.
run_in_memory() {
  local free available
  [ -z "${CLIENTELE_TMP:-}" ] && [ -w /dev/shm ] && ! grep -q ' /dev/shm [^ ]* [^ ]*noexec' /proc/mounts || return 0
  free=$(df -Pm /dev/shm | awk 'NR == 2 { print $4 }')
  available=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
  if [ "$free" -gt "$MEMORY" ] && [ "${available:-0}" -gt "$MEMORY" ]; then export CLIENTELE_TMP=/dev/shm; fi
}

# Sets STEMS (of sql/), FILES (in test/) and WISHES (those that take packages of their own); a name may be a pattern.
select_tests() {
  local name file found
  STEMS=() FILES=() WISHES=()
  cd "$PROJECT"
  for name in "${@:-*}"; do
    found=''
    # shellcheck disable=SC2231  # patterns are wanted
    for file in sql/$name.sql test/$name.sql test/$name.t; do
      [ -f "$file" ] || continue
      found=yes
      case $file in
        sql/*) STEMS+=("$(basename "$file" .sql)") ;;
        *) FILES+=("$file") ;;
      esac
      case $file in test/client_*.t | test/package.t | test/dist.t | test/clock.t | test/load_file.t | test/report_browser.t) WISHES+=("$(basename "${file#test/client_}" .t)") ;; esac
    done
    [ -n "$found" ] || die "There is no sql/$name.sql, test/$name.sql or test/$name.t."
  done
}

# The server reads the data sets itself, so its user must be able to.
find_data() {
  local data=${CLIENTELE_DATA-$PROJECT/../shared/data}
  export CLIENTELE_BUILD=$BUILD CLIENTELE_DATA=''
  [ -n "$data" ] && [ -d "$data" ] || return 0
  CLIENTELE_DATA=$(realpath "$data")
  if [ -n "$(as_server find "$CLIENTELE_DATA" ! -readable 2>&1)" ]; then
    as_server mkdir "$RUN/data_sets"
    copy_tree "$CLIENTELE_DATA" "$RUN/data_sets"
    CLIENTELE_DATA=$RUN/data_sets
  fi
}

quick_compression() { ! "$PG_CONFIG" --configure | grep -q -- --with-lz4 || echo 'default_toast_compression = lz4'; }

sql() { psql -Xq -v ON_ERROR_STOP=1 "$@"; }

make_template() {
  sql -c 'CREATE DATABASE template_test'
  sql -d template_test -c 'CREATE SCHEMA tap' -c 'CREATE EXTENSION pgtap SCHEMA tap' -c 'CREATE EXTENSION clientele'
}

# report passed|failed|skipped NAME REMARK LOG
report() {
  local dots=...............................................
  echo "$1 $2 $4" >>"$RUN/results"
  printf '%s %s %s\n' "$2" "${dots:${#2}}" "$3"
}

run_regress() {
  local stem log=$RUN/regress.log
  [ $# != 0 ] || return 0
  interruptible make_in_build installcheck REGRESS="$*" >"$log" 2>&1 || true
  for stem; do
    # The first form is PostgreSQL 15's, the second that of later ones.
    if grep -Eq "^(test +$stem +\.\.\. ok|ok +[0-9]+ +[-+] +$stem) " "$log"; then
      report passed "sql/$stem" ok "$log"
    else
      report failed "sql/$stem" FAILED "$log"
    fi
  done
  [ ! -s "$BUILD/regression.diffs" ] || mv "$BUILD/regression.diffs" "$log"
}

longest_first() {
  [ $# != 0 ] || return 0
  printf '%s\n' "$@" | grep -E "$LONGEST" || true
  printf '%s\n' "$@" | grep -vE "$LONGEST" || true
}

run_files() {
  local file
  for file; do
    while [ "$(jobs -r | wc -l)" -ge "$JOBS" ]; do wait -n || true; done
    run_file "$file" &
  done
  wait
}

run_file() {
  local file=$1 name=${1##*/} start log database
  start=$(now) log=$RUN/$name.log database=${name//[^a-z0-9]/_}
  if run_in_database "$database" "$file" >"$log" 2>&1; then
    report_pass "$file" "$log" "$(seconds_since "$start")"
  else
    report failed "$file" FAILED "$log"
  fi
}

run_in_database() {
  local database=$1 file=$2 harness=(prove --norc --verbose --merge)
  [ "${file##*.}" = t ] || harness=(pg_prove --norc --verbose --merge --ext .sql --set "data=$CLIENTELE_DATA")
  # A database's search_path is not part of what its template hands on.
  sql -c "CREATE DATABASE $database TEMPLATE template_test" \
    -c "ALTER DATABASE $database SET search_path = public, tap" &&
    PGDATABASE=$database as_server "${harness[@]}" "$file" &&
    sql -c "DROP DATABASE $database WITH (FORCE)"
}

# What was skipped is named: without it a run looks like any other.
report_pass() {
  local file=$1 log=$2 remark="ok  $3" reasons
  if grep -q '^Result: NOTESTS' "$log"; then
    report skipped "$file" "$(sed -n 's/.* \(skipped: .*\)/\1/p' "$log")" "$log"
    return
  fi
  reasons=$(sed -n 's/^ok .*# *skip[^ ]* *//Ip' "$log")
  [ -z "$reasons" ] || remark+=", $(wc -l <<<"$reasons") skipped: $(sort -u <<<"$reasons" | paste -sd ';')"
  report passed "$file" "$remark" "$log"
}

show_failures() {
  local name log last=''
  { grep '^failed ' "$RUN/results" || true; } | while read -r _ name log; do
    [ "$log" != "$last" ] || continue # pg_regress has one for all
    last=$log
    printf '\n--- %s ---\n' "$name"
    awk -v max="$MAX_LINES" '!/^ok / && n++ < max; END { if (n > max) print "… and " n - max " lines more" }' "$log"
  done
  grep -A 1 -E 'terminated by signal|TRAP:|PANIC:' "$RUN/server.log" || true
}

# A test that has left no result has failed.
summary() {
  local passed failed skipped
  passed=$(count passed) skipped=$(count skipped)
  failed=$((${#STEMS[@]} + ${#FILES[@]} - passed - skipped))
  [ "$skipped" = 0 ] && skipped='' || skipped=", $skipped skipped"
  printf '\n%s\n' "$passed passed, $failed failed$skipped"
  [ "$failed" = 0 ]
}

count() { grep -c "^$1 " "$RUN/results" || true; }

main "$@"
