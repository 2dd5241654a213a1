#!/usr/bin/env bash
# Freezes the version of the control file: from here on its SQL changes by upgrade scripts only.
#
#   bash release/freeze.sh
#
# Writes release/clientele--VERSION.sql, the install script as it is now, and in release/VERSION what test/upgrade.t
# compares every later version with: values of each type and states of aggregates in all their forms (values.csv and
# states.csv, made by values.sql), a shop (a copy of shop.sql) and all rows of its workspaces (rows.txt, by rows.sql).
# Both come from a server of its own, built from the tree. Commits and tags nothing; until there is the tag vVERSION it
# can be run again, and overwrites. Prints what is left to do, from CONTRIBUTING.md.
#
# Environment: PG_CONFIG (which PostgreSQL), CLIENTELE_TMP (where to run, default /tmp).
set -euo pipefail
# shellcheck source=test/server.sh
source "$(dirname "${BASH_SOURCE[0]}")/../test/server.sh"

main() {
  case "${1:-}" in -h | --help) usage && exit ;; esac
  cd "$PROJECT"
  VERSION=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" clientele.control)
  SCRIPT=release/clientele--$VERSION.sql FIXTURES=release/$VERSION
  check_tree
  # shellcheck disable=SC2119  # without "tests"
  need_packages
  build
  start_server 'jit = off' 'max_locks_per_transaction = 512'
  step "values, states and a shop of version $VERSION" make_fixtures
  keep_fixtures
  cp "$BUILD/clientele--$VERSION.sql" "$SCRIPT"
  wc -c "$SCRIPT" "$FIXTURES"/*
  printf '\n%s\n\n' "Version $VERSION is frozen, once it is committed. What is left, from CONTRIBUTING.md:"
  sed -n '/^## Releasing/,/^## [^R]/{/^[5-9]\. /,/^$/p}' CONTRIBUTING.md
}

# What is frozen is what is committed, but for what an earlier run wrote.
check_tree() {
  local changes
  [ -z "$(git tag --list "v$VERSION")" ] ||
    die "Version $VERSION has been released: there is the tag v$VERSION. The next one needs another number in clientele.control."
  changes=$(git status --porcelain -- . ":!$SCRIPT" ":!$FIXTURES")
  [ -z "$changes" ] || die 'Commit first, as these are not what is committed:' "$changes"
}

in_database() { psql -XqAt -F ' ' -v ON_ERROR_STOP=1 -d "$1" "${@:2}"; }

make_fixtures() {
  local name
  for name in a_shop some_values; do
    in_database postgres -c "CREATE DATABASE $name"
    in_database "$name" -c 'CREATE EXTENSION clientele'
  done
  in_database a_shop -o "$RUN/none" -f release/shop.sql
  in_database a_shop -o "$RUN/rows.txt" -f release/rows.sql
  in_database some_values -f release/values.sql -c "\\copy specimen TO '$RUN/values.csv' (FORMAT csv)" \
    -c "\\copy state_specimen TO '$RUN/states.csv' (FORMAT csv)"
}

# The workspaces with stored figures show the same rows as the plain one.
keep_fixtures() {
  mkdir -p "$FIXTURES"
  grep -E '^(loyalty|own)\.' "$RUN/rows.txt" >"$FIXTURES/rows.txt"
  cp "$RUN/values.csv" "$RUN/states.csv" release/shop.sql "$FIXTURES"
}

main "$@"
