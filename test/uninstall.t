#!/usr/bin/env bash
# Nothing is left: of the files after make uninstall, in the catalogue after DROP EXTENSION, and of workspaces that were dropped
set -u
cd "$(dirname "$0")/.." || exit
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }
# shellcheck source=test/include/tap.sh
source test/include/tap.sh
work=$(mktemp -d)
database=uninstall_all
trap 'psql -Xq -d postgres -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" 2>/dev/null; rm -rf "$work"' EXIT

# Files. Others' are in the same directories.
extension_directory=$work/tree$("$PG_CONFIG" --sharedir)/extension
into_tree() { make -s with_llvm=no "DESTDIR=$work/tree" "$@"; }
files() { find "$work/tree" ! -type d -printf '%P\n' | sort; }
mkdir -p "$extension_directory"
touch "$extension_directory"/{README.md,other.control,other--1.0.sql,clientele_of_others--1.0.sql}
files >"$work/before"
ok 'make install' into_tree install
ok '... brings files' test "$(files | wc -l)" -ge "$(($(wc -l <"$work/before") + 3))"
ok 'make uninstall' into_tree uninstall
unchanged() { files | diff "$work/before" -; }
ok '... takes all of them, and no others' unchanged

# The catalogue: how many rows each table of it has in this database, but for statistics and the schemas of temporary
# tables, which the server keeps
catalogue() {
  sql -d "$database" <<'SQL'
SELECT format('SELECT %L, count(*) FROM %s x WHERE NOT coalesce(to_jsonb(x)->>''nspname'' ~ ''^pg_(toast_)?temp_'', false)', c.relname, c.oid::regclass)
FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND NOT c.relisshared AND c.relname NOT LIKE 'pg_statistic%' ORDER BY c.relname
\gexec
SELECT 'pg_shdepend', count(*) FROM pg_shdepend WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database());
SQL
}
dump() { pg_dump "$database" | grep -v '^.\(un\)\?restrict '; } # but for the keys that newer versions make up for each dump
remember() { catalogue >"$work/catalogue" && dump >"$work/dump" && [ "$(wc -l <"$work/catalogue")" -gt 40 ]; }
same_catalogue() { catalogue | diff "$work/catalogue" -; }
same_dump() { dump | diff "$work/dump" -; }
quietly() { sql -d "$database" -o "$work/none" -c 'SET client_min_messages = warning' "$@"; }

sql -d postgres -c "CREATE DATABASE $database TEMPLATE template0"
ok 'an empty database' remember
ok 'CREATE EXTENSION' quietly -c 'CREATE EXTENSION clientele'
changed() { ! same_catalogue; }
ok '... fills the catalogue' changed
ok 'DROP EXTENSION' quietly -c 'DROP EXTENSION clientele'
ok '... leaves the catalogue as it was' same_catalogue
ok '... and the dump' same_dump
ok 'in a schema of its own' quietly -c 'CREATE SCHEMA measures; CREATE EXTENSION clientele SCHEMA measures; DROP EXTENSION clientele; DROP SCHEMA measures'
ok '... as well' same_catalogue

# Workspaces of all kinds with all that can be attached
tables() { sed '/^SELECT attach_orders/,$d' release/shop.sql; }
workspaces() { sed -n '/^SELECT attach_orders/,/^-- On the workspaces/p' release/shop.sql; }
tables >"$work/tables.sql" && workspaces >"$work/workspaces.sql"
quietly -f "$work/tables.sql"
ok 'a shop' remember
ok 'CREATE EXTENSION' quietly -c 'CREATE EXTENSION clientele'
ok '... and workspaces' quietly -f "$work/workspaces.sql"
refused() { ! quietly -c 'DROP EXTENSION clientele' 2>"$work/error" && grep -q 'other objects depend on it' "$work/error"; }
ok '... on which DROP EXTENSION is refused' refused
ok 'drop_workspace' quietly -c "SELECT drop_workspace(w) FROM unnest(ARRAY['loyalty', 'stored', 'kept']) w"
ok '... and DROP EXTENSION' quietly -c 'DROP EXTENSION clientele'
ok '... leave the catalogue as it was' same_catalogue
ok '... and the dump' same_dump
echo "1..$number"
