#!/usr/bin/env bash
# Debian's package builds, pleases lintian, holds what it should and nothing else, and works in a server that has only it
set -u
# shellcheck source=test/server.sh
source "$(dirname "${BASH_SOURCE[0]}")/server.sh"
# shellcheck source=test/include/tap.sh
source "$(dirname "${BASH_SOURCE[0]}")/include/tap.sh"
skip_all() { echo "1..0 # SKIP $1" && exit; }
for program in dpkg-buildpackage dh lintian pg_buildext; do
  if lacks "$program"; then skip_all "no $program here (debhelper, lintian, postgresql-server-dev-all)"; fi
done
find_postgres
bin=$("$PG_CONFIG" --bindir)
case $bin in /usr/lib/postgresql/*) ;; *) skip_all 'not a PostgreSQL of Debian' ;; esac
open_run >/dev/null
work=$RUN
choose_server_user

major=$(major_of "$PG_CONFIG") package=postgresql-$major-clientele
version=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" "$PROJECT/clientele.control")
copy_tree "$PROJECT" "$BUILD"
export DEB_BUILD_OPTIONS='' DEB_BUILD_PROFILES=''

of_version() { PG_SUPPORTED_VERSIONS=$1 as_server pg_buildext "${@:2}"; }
ok 'debian/control is what pg_buildext makes of debian/control.in for PostgreSQL 15' of_version 15 checkcontrol
ok "... and it makes one for PostgreSQL $major" of_version "$major" updatecontrol
# Whether what a build depends on is there is seen by whether it succeeds.
build_package() { PG_SUPPORTED_VERSIONS=$major as_server dpkg-buildpackage -us -uc -b -d; }
ok "$package builds" build_package
deb=$(echo "$RUN/${package}_${version}_"*.deb)
ok '... as this version' test -f "$deb"
ok 'lintian finds no error and no warning' as_server lintian --fail-on error,warning "$RUN/"*.changes

# What the package holds besides compiled code for JIT and its documents
expected_files() {
  printf '%s\n' "usr/lib/postgresql/$major/lib/clientele.so" "usr/share/postgresql/$major/extension/clientele.control" \
    "usr/share/postgresql/$major/extension/clientele--$version.sql"
  find "$PROJECT/release" -name 'clientele--*.sql' -printf "usr/share/postgresql/$major/extension/%f\n"
}
holds_what_it_should() {
  dpkg-deb --fsys-tarfile "$deb" | tar -tf - | sed 's|^\./||' | grep '[^/]$' |
    grep -v "^usr/share/doc/$package/\|^usr/lib/postgresql/$major/lib/bitcode/clientele/\|^usr/lib/postgresql/$major/lib/bitcode/clientele.index.bc$" | sort >"$RUN/files"
  diff <(expected_files | sort -u) "$RUN/files"
}
ok 'it holds the library, the control file and all scripts, and nothing else' holds_what_it_should
depends_on() { dpkg-deb -f "$deb" Depends | tr ',' '\n' | grep -q "^ *postgresql-$major\( \|$\)"; }
ok "... and depends on postgresql-$major" depends_on

# A copy, not links, so that what is unpacked stays in it.
clean_tree() {
  local directory
  for directory in "$bin" "$("$PG_CONFIG" --pkglibdir)" "$("$PG_CONFIG" --sharedir)"; do
    as_server mkdir -p "$RUN/root$directory"
    as_server cp -RL "$directory/." "$RUN/root$directory"
  done
  as_server find "$RUN/root" -name 'clientele*' -prune -exec rm -r {} +
  as_server dpkg-deb -x "$deb" "$RUN/root"
}
ok 'it is unpacked beside a copy of the server' clean_tree
BIN=$RUN/root$bin
connection
ok '... which starts' start_cluster 'jit_above_cost = 0'
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }
ok '... has the extension' sql -c 'CREATE EXTENSION clientele'
answers() { [ "$(sql -c "$1")" = "$2" ]; }
ok '... of this version' answers "SELECT extversion FROM pg_extension WHERE extname = 'clientele'" "$version"
ok '... and answers' answers 'SELECT nps_agg(score), gini(score) > 0 FROM (VALUES (10), (9), (3)) v(score)' '(2,0,1)|t'
attaches() {
  sql -o "$RUN/none" -c 'CREATE TABLE orders AS SELECT n % 7 AS customer_id, date '\''2025-01-01'\'' + n AS ordered_at, n AS amount FROM generate_series(1, 60) n' \
    -c "SELECT attach_orders('orders', diagnose => false)" &&
    answers 'SELECT sum(revenue) FROM loyalty.customers' 1830.00
}
ok '... makes a workspace' attaches
echo "1..$number"
