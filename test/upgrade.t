#!/usr/bin/env bash
# Every released version becomes this one: with the catalogue of a fresh install, and with its values, workspaces and dependents
set -u
cd "$(dirname "$0")/.." || exit
sql() { psql -XqAt -F ' ' -v ON_ERROR_STOP=1 "$@"; }
# shellcheck source=test/include/tap.sh
source "$(dirname "$0")/include/tap.sh"
says_nothing() { "$@" >"$work/said" && { [ ! -s "$work/said" ] || ! cat "$work/said"; }; }
skip() { number=$((number + 1)) && echo "ok $number # SKIP $1"; }
work=$(mktemp -d)
scripts=$(sql -c "SELECT setting || '/extension' FROM pg_config WHERE name = 'SHAREDIR'") # of the server, not the system's
databases=() written=()
clean_up() {
  local database
  for database in "${databases[@]}"; do psql -Xq -d postgres -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" 2>/dev/null; done
  rm -rf "$work" "${written[@]}"
}
trap clean_up EXIT
current=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" clientele.control)
mapfile -t released < <(find release -name 'clientele--*.sql' ! -name 'clientele--*--*' | sed 's/.*--\(.*\)\.sql/\1/' | sort -V)

new_database() { # new_database NAME [VERSION [SCHEMA]]
  local schema=${3:-public}
  databases+=("$1")
  sql -d postgres -c "CREATE DATABASE $1 TEMPLATE template0" -c "ALTER DATABASE $1 SET search_path = public, $schema" &&
    sql -d "$1" -c "SET client_min_messages = warning; CREATE SCHEMA IF NOT EXISTS $schema" -c "CREATE EXTENSION clientele SCHEMA $schema VERSION '${2:-$current}'"
}
rows() { sql -d "$1" -f release/rows.sql; }
catalogue() { sql -d "$1" -f test/include/catalogue.sql; }
same_catalogue() { # same_catalogue UPGRADED FRESH: without a word, or with what differs
  catalogue "$1" >"$work/upgraded" && catalogue "$2" >"$work/fresh" && [ "$(wc -l <"$work/fresh")" -gt 10000 ] && diff "$work/upgraded" "$work/fresh"
}
same_rows() { rows "$1" | diff "$work/$1.rows" -; }
upgrade() { sql -d "$1" -c "SET client_min_messages = warning" -c "ALTER EXTENSION clientele UPDATE TO '$2'"; }
upgrade_workspaces() { sql -d "$1" -c "SELECT upgrade_workspace(w) FROM unnest(ARRAY['loyalty', 'stored', 'kept']) w"; }
made_by() { [ "$(sql -d "$1" -c 'SELECT workspace_version FROM loyalty.settings UNION SELECT workspace_version FROM stored.settings UNION SELECT workspace_version FROM kept.settings')" = "$2" ]; }

# What others made on the extension works on: indexes find, constraints and generated columns compute, triggers keep up
dependents_work() {
  says_nothing sql -d "$1" <<'SQL'
SET client_min_messages = warning;
BEGIN;
SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_material = off;
SELECT 'not found by index', a.customer FROM own.histories a LEFT JOIN own.histories b ON b.history = a.history WHERE b.customer IS NULL;
SELECT 'not found by expression', a.customer FROM own.histories a LEFT JOIN own.histories b ON last_order(b.history) = last_order(a.history) WHERE b.customer IS NULL;
SELECT 'another band', month FROM own.scores WHERE own.band(nps) IS DISTINCT FROM nps_band(nps);
SELECT 'another revenue' FROM loyalty.customers WHERE own.revenue_of(customer) IS DISTINCT FROM revenue;
INSERT INTO own.histories VALUES (77, '{2024-05-05:7.5}');
SELECT 'not generated' WHERE (SELECT revenue FROM own.histories WHERE customer = 77) <> 7.5;
REFRESH MATERIALIZED VIEW own.months;
SELECT * FROM verify_workspace('kept');
INSERT INTO orders VALUES (1001, 77, '2024-05-05', 7.5), (1002, 1, '2024-05-05', 1);
UPDATE orders SET total = total + 1 WHERE customer_id = 2 AND isfinite(ordered_at) AND total <> 'NaN';
SELECT * FROM verify_workspace('kept');
SELECT 'not kept' WHERE (SELECT sum(revenue) FROM kept.customers) <> (SELECT sum(revenue) FROM loyalty.customers);
ROLLBACK;
SELECT 'refreshed otherwise' FROM refresh_workspace('stored') WHERE (SELECT sum(revenue) FROM stored.customers) <> (SELECT sum(revenue) FROM loyalty.customers);
SQL
}

# Values that the version gave out, in all the forms in which they may come back
load_values() { # load_values DATABASE VERSION
  sql -d "$1" -f release/forms.sql -c "\\copy specimen FROM 'release/$2/values.csv' (FORMAT csv)" -c "\\copy state_specimen FROM 'release/$2/states.csv' (FORMAT csv)"
}
differ() { # differ DATABASE QUERY: the values for which the query says something
  [ "$(sql -d "$1" -c 'SELECT count(*) > 20 FROM specimen' -c 'SELECT count(*) > 40 FROM state_specimen' | sort -u)" = t ] &&
    says_nothing sql -d "$1" -f test/include/receive.sql -c "$2"
}
check_values() { # check_values DATABASE VERSION
  ok "values of version $2" load_values "$1" "$2"
  ok '... read the same as text, are sent the same, and hash the same' differ "$1" \
    'SELECT s.type, s.value, f.value FROM specimen s, forms_of(s.type, s.value) f WHERE (f.value, f.sent, f.hash, f.hash_extended) IS DISTINCT FROM (s.value, s.sent, s.hash, s.hash_extended)'
  ok '... and as the bytes that lie in tables' differ "$1" \
    'SELECT s.type, s.value, f.value FROM specimen s, forms_of_stored(s.type, s.stored) f WHERE (f.value, f.sent, f.hash, f.hash_extended) IS DISTINCT FROM (s.value, s.sent, s.hash, s.hash_extended)'
  ok '... and in binary as drivers send them' differ "$1" \
    'SELECT s.type, s.value, r FROM specimen s, pg_temp.receive(s.type::regtype, s.sent) r WHERE r IS DISTINCT FROM s.value'
  ok '... states of aggregates combine with those of today' differ "$1" \
    'SELECT s.aggregate, s.arguments, s.result, r FROM state_specimen s, result_with(s) r WHERE r IS DISTINCT FROM s.result'
}

shop() { sql -d "$1" -o "$work/none" -f "$2/shop.sql" && rows "$1" >"$work/$1.rows"; }
shown_then() { grep -E '^(loyalty|own)\.' "$work/$1.rows" | diff "release/$2/rows.txt" -; }
check_upgrade() { # check_upgrade DATABASE VERSION FRESH
  ok "... becomes version $2" upgrade "$1" "$2"
  ok '... with the catalogue of a fresh install' same_catalogue "$1" "$3"
  ok '... workspaces show what they did, before they are upgraded' same_rows "$1"
  ok '... are upgraded' upgrade_workspaces "$1"
  ok '... to that version' made_by "$1" "$2"
  ok '... and show it still, with all that others built on them' same_rows "$1"
  ok '... which works on' dependents_work "$1"
}

ok 'this version installs' new_database upgrade_fresh
for version in "${released[@]}"; do
  database=upgrade_from_${version//[^0-9]/_}
  ok "version $version installs, with the library as it is" new_database "$database" "$version"
  ok '... and a shop of its time' shop "$database" "release/$version"
  ok '... shows the rows of then' shown_then "$database" "$version"
  check_upgrade "$database" "$current" upgrade_fresh
  check_values "$database" "$version"
done

if [ -f "release/clientele--$current.sql" ]; then
  # Otherwise: the change belongs into release/clientele--OLD--NEW.sql of a new version, which clientele.control names; see
  # CONTRIBUTING.md, "Releasing". Where this version has no tag yet, bash release/freeze.sh freezes it anew.
  ok "the SQL of version $current is as it was frozen" diff "release/clientele--$current.sql" "clientele--$current.sql"
else
  skip "version $current is not frozen yet"
fi

# What the next freeze will write speaks of all types and of all states
values_cover() {
  sql -d upgrade_fresh -f release/values.sql && says_nothing sql -d upgrade_fresh <<'SQL'
SELECT type FROM base_type EXCEPT SELECT type::regtype FROM specimen;
SELECT a.aggtransfn::oid::regprocedure FROM pg_aggregate a JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = a.aggfnoid AND d.deptype = 'e'
WHERE a.aggtranstype = 'bytea'::regtype AND a.aggcombinefn <> 0
    AND a.aggfnoid <> '_clientele.row_digests(bigint)'::regprocedure -- never leaves its machine, nor its version
EXCEPT SELECT a.aggtransfn::oid::regprocedure FROM state_specimen s JOIN pg_aggregate a ON a.aggfnoid = s.aggregate::regprocedure;
SELECT 'without a type that is known' WHERE (SELECT count(*) FROM base_type) < 6;
SQL
}
ok 'values are kept of every type, and states of every transition' values_cover

# The test itself: a next version with one more function and another comment, and upgrade scripts that are right or forget something.
write_script() { written+=("$scripts/clientele--$1.sql") && cat >"$scripts/clientele--$1.sql"; }
function='CREATE FUNCTION next_measure(value nps) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN nps_responses(value);'
comment="COMMENT ON FUNCTION nps_score(nps) IS 'In other words.';"
cat "clientele--$current.sql" - <<<"$function $comment" | write_script next
write_script "$current--next" <<<"$function $comment"
write_script "$current--without_function" <<<"$comment"
write_script "$current--without_comment" <<<"$function"
write_script "$current--without_parallel" <<<"${function/PARALLEL SAFE/} $comment"
write_script "$current--dropping" <<<'DROP FUNCTION nps_band(nps, double precision, double precision);'

differs_in() { # differs_in DATABASE TEXT: the catalogue differs in this and nothing else
  same_catalogue "$1" upgrade_next >"$work/differences"
  sed -n 's/^[<>] //p' "$work/differences" | diff <(printf '%s\n' "$2") -
}
objects_of_difference() { ! same_catalogue "$1" upgrade_next >"$work/differences" && [ "$(sed -n 's/^[<>] \(.*\) | .* | .*/\1/p' "$work/differences" | sort -u)" = "$2" ]; }
ok 'a next version installs' new_database upgrade_next next measures
ok 'this one' new_database upgrade_to_next "$current" measures
ok '... with a shop' shop upgrade_to_next release
check_upgrade upgrade_to_next next upgrade_next
for forgotten in function comment parallel; do
  ok "an upgrade that forgets a $forgotten" new_database "upgrade_without_$forgotten" "$current" measures
  ok '... passes unseen' upgrade "upgrade_without_$forgotten" "without_$forgotten"
done
ok 'but the missing function is named' objects_of_difference upgrade_without_function 'function measures.next_measure(measures.nps)'
ok '... the comment that is not the new one' objects_of_difference upgrade_without_comment 'function measures.nps_score(measures.nps)'
ok '... and the property' differs_in upgrade_without_parallel "$(printf 'function measures.next_measure(measures.nps) | proparallel | %s\n' u s)"
refused() { ! upgrade upgrade_to_next dropping 2>"$work/error"; }
sql -d upgrade_to_next -c "UPDATE pg_extension SET extversion = '$current' WHERE extname = 'clientele'"
ok 'an upgrade that drops what others use is refused' refused
ok '... for that reason' grep -q 'because other objects depend on it' "$work/error"
echo "1..$number"
