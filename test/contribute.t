#!/usr/bin/env bash
# What CONTRIBUTING.md says of adding a view is true: its example, put into a copy of the tree and nothing else, is attached, commented,
# stored and listed.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=test/include/tap.sh
source "$root/test/include/tap.sh"
work=$(mktemp -d)
database=contributed
extensions=$(psql -XqAt -d postgres -c "SELECT setting || '/extension' FROM pg_config WHERE name = 'SHAREDIR'") # of the server, not the system's
version=0.0.1 # beside the one that is there
clean_up() {
  psql -Xq -d postgres -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" 2>/dev/null
  rm -rf "$work" "$extensions/clientele--$version.sql"
}
trap clean_up EXIT
sql() { psql -XqAt -v ON_ERROR_STOP=1 -d "$database" "$@"; }
says() { [ "$(sql -c "$1")" = "$2" ]; } # QUERY RESULT

cp -r "$root/Makefile" "$root/clientele.control" "$root/src" "$work"
sed -n '/^```sql$/,/^```$/p' "$root/CONTRIBUTING.md" | sed '/^```/d' >"$work/example.sql"
view=$(sed -n 's/^CREATE VIEW workspace\.\([a-z_]*\) AS$/\1/p' "$work/example.sql")
cp "$work/example.sql" "$work/src/workspace/views/$view.sql"
script=$(basename "$root"/release/clientele--*.sql)
ok 'the install script is built' make -s -C "$work" "PG_CONFIG=$PG_CONFIG" "$script"
ok '... and put beside the other' cp "$work/$script" "$extensions/clientele--$version.sql"
psql -Xq -d postgres -c "CREATE DATABASE $database TEMPLATE template0"
ok 'it installs' sql -c "CREATE EXTENSION clientele VERSION '$version'"
sql -o "$work/none" <<'SQL'
SET client_min_messages = warning;
CREATE TABLE orders AS SELECT n % 9 AS customer, timestamptz '2025-01-01' + n * interval '1 day' AS ordered_at, n AS amount FROM generate_series(1, 90) n;
CREATE TABLE answers AS SELECT n AS customer, timestamptz '2025-02-01' AS answered_at, n AS score, timestamptz '2025-02-05' + n * interval '1 day' AS replied_at FROM generate_series(1, 9) n;
SELECT attach_orders('orders', workspace => 'w', storage => 'materialized');
SQL
ok 'what belongs to answers is not there without them' says "SELECT to_regclass('w.$view') IS NULL" t
ok 'attach answers' sql -o "$work/none" -c "SELECT attach_answers('answers', workspace => 'w')"
ok '... and it is there' says "SELECT count(*) > 0 FROM w.$view" t
ok '... commented' says "SELECT obj_description('w.$view'::regclass) LIKE 'Answers that waited%'" t
ok '... and so are all its columns' says "SELECT count(*) FROM pg_attribute WHERE attrelid = 'w.$view'::regclass AND attnum > 0 AND col_description(attrelid, attnum) IS NULL" 0
ok '... stored' says "SELECT relkind FROM pg_class WHERE oid = 'w.${view}_data'::regclass" r
sql -o "$work/none" -c "SELECT describe_for_metabase('w')"
ok '... described for Metabase' says "SELECT count(*) > 0 FROM w._metabase_metadata WHERE keypath LIKE '$view.%'" t
listed() { sql -f "$root/docs/$1.sql" | grep -q "$view"; }
ok '... in the reference' listed reference
ok '... in the list of what is in a workspace' listed views
objects() { sql -a -f "$root/sql/objects.sql" | diff "$root/expected/objects.out" -; }
ok '... and the objects of the extension are as they were' objects
ok 'answers are detached' sql -o "$work/none" -c "SELECT detach_answers('w')"
ok '... and it goes with them' says "SELECT to_regclass('w.$view') IS NULL AND to_regclass('w.${view}_data') IS NULL" t
ok 'all can be dropped' sql -o "$work/none" -c "SELECT drop_workspace('w')"
echo "1..$number"
