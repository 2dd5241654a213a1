#!/usr/bin/env bash
# A server as initdb makes it, with JIT compilation, 64 locks per transaction and 4 MB of work_mem: everything can be attached
# and read in each storage, and what takes long is ended by a statement_timeout
#
# While LLVM compiles the expressions of a statement nobody can cancel it: seconds, where the planner expects so much of a
# query that its code is optimized too. Our functions switch it off, and views are not expected to cost as much.
set -u
# shellcheck source=test/include/tap.sh
source "$(dirname "$0")/include/tap.sh"
work=$(mktemp -d)
tests=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=test/include/own_server.sh
source "$tests/include/own_server.sh"
clean_up() {
  stop_servers
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

customers=${CUSTOMERS:-6000} # 30,000 orders
moments=${MOMENTS:-25 60}
# Milliseconds, or a third of what the statement takes, in three tries. To compile took 2 to 6 seconds here, and more of more.
bound=${BOUND:-1000}
session() { at defaults -c 'SET client_min_messages = warning' "$@"; }
# shellcheck source=test/include/cancelling.sh
source "$tests/include/cancelling.sh"

shop() {
  make_server defaults 'jit = on' 'max_locks_per_transaction = 64' &&
    at defaults -c 'CREATE EXTENSION clientele' &&
    at defaults -v "customers=$customers" -v seed=1 -f "$tests/../demo/shop.sql"
}
shop >"$work/out" 2>&1 || { sed 's/^/# /' "$work/out" && echo 'Bail out! no shop' && exit 1; }
is() { [ "$(at defaults -c "$1")" = "$2" ]; }
ok 'the settings are the defaults' is "SELECT string_agg(name, ' ' ORDER BY name) FROM pg_settings WHERE setting <> boot_val
  AND name IN ('jit_above_cost', 'jit_inline_above_cost', 'jit_optimize_above_cost', 'max_locks_per_transaction', 'work_mem', 'hash_mem_multiplier', 'autovacuum')" ''

# As a user does: each call is a transaction.
attach() { # attach WORKSPACE STORAGE
  local call
  for call in "orders('shop.orders', storage => '$2', time_zone => 'Europe/Berlin', " \
    "customers('shop.customers', dimensions => '{region,age_group}', " "answers('shop.answers', " "costs('shop.costs', " \
    "touchpoints('shop.contacts', " "survey('shop.survey_answers', " "lines('shop.order_lines', " "offers('shop.offers', " "points('shop.points', "; do
    at defaults -c "SELECT attach_${call}workspace => '$1')" || return
  done
  # Autovacuum would come and count them within a minute.
  at defaults -c "INSERT INTO $1.funnel_stages VALUES ('sales', 1, 'website'), ('sales', 2, 'product page'), ('sales', 3, 'basket'), ('sales', 4, 'PURCHASE')" \
    -c "ANALYZE $1.funnel_stages"
  [ "$2" != materialized ] || at defaults -c "SELECT refresh_workspace('$1')"
}

# The views of which the planner expects so much that they are compiled
cat >"$work/costly.sql" <<'SQL'
CREATE FUNCTION pg_temp.costly(workspace regnamespace) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    view regclass;
    plan jsonb;
BEGIN
    FOR view IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = workspace AND c.relkind = 'v' ORDER BY c.relname LOOP
        EXECUTE format('EXPLAIN (FORMAT json) SELECT * FROM %s', view) INTO plan;
        IF (plan->0->'Plan'->>'Total Cost')::double precision > current_setting('jit_above_cost')::double precision THEN
            RETURN NEXT format('%s costs %s', view, plan->0->'Plan'->>'Total Cost');
        END IF;
    END LOOP;
END
$$;
SELECT pg_temp.costly(:'workspace');
SQL
none_is_costly() { at defaults -v "workspace=$1" -f "$work/costly.sql" >"$work/costly" && cat "$work/costly" && [ ! -s "$work/costly" ]; }
read_all() { contents defaults "$1" >"$work/$1" && [ "$(grep -c . "$work/$1")" -gt 60 ]; }

for storage in view materialized incremental; do
  ok "everything is attached, storage $storage" attach $storage $storage
  ok '... every view can be read' read_all $storage
  [ $storage = view ] || ok '... and shows the same' diff "$work/view" "$work/$storage"
  ok '... and is not expected to cost so much that it would be compiled' none_is_costly $storage
done

is_counted() { is "SELECT string_agg(c.oid::regclass::text, ' ' ORDER BY c.relname) FROM pg_class c WHERE c.relnamespace = '$1'::regnamespace AND c.relkind = 'r'
  AND NOT coalesce(c.reloptions, '{}') @> '{autovacuum_analyze_threshold=0}'" ''; }
ok 'autovacuum counts the tables of a workspace when they change' is_counted view

# What users call with the name of a workspace, but for what reads catalogues alone
cat >"$work/compiling.sql" <<'SQL'
SELECT p.oid::regprocedure FROM pg_proc p
WHERE 'workspace' = ANY (p.proargnames) AND obj_description(p.oid, 'pg_proc') NOT LIKE 'Internal to %' AND NOT coalesce('jit=off' = ANY (p.proconfig), false)
    AND p.proname NOT IN ('grant_workspace', 'describe_for_metabase') AND p.pronamespace = 'public'::regnamespace
SQL
ok 'functions that read the data do so uncompiled' test -z "$(at defaults -f "$work/compiling.sql" 2>&1)"

# name | statement
statements() {
  cat <<'SQL'
attach_orders|SELECT attach_orders('shop.orders', workspace => 'materialized')
refresh_workspace|SELECT refresh_workspace('materialized')
verify_workspace|SELECT verify_workspace('incremental')
SQL
  for view in cell_migration cohorts_by_dimension customer_changes customer_timeline first_purchase funnel_passes funnel_steps \
    funnel_summary journey_absorption nps_by_segment overview retention_by_dimension segment_profile sources survey_by_dimension; do
    printf '%s|%s\n' "$view" "SELECT * FROM view.$view" "$view, kept" "SELECT * FROM incremental.$view"
  done
}
while IFS='|' read -r name statement; do ends_in_time "$name" "$statement"; done < <(statements)
echo "1..$number"
