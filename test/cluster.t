#!/usr/bin/env bash
# On a cluster of Citus, where that is installed: every view of orders that lie on other nodes, every aggregate and what attaching finds
# are those of one server, to the last digit
set -u
# shellcheck source=test/include/tap.sh
source "$(dirname "$0")/include/tap.sh"
if [ "$(psql -XqAtc "SELECT count(*) FROM pg_available_extensions WHERE name = 'citus'")" != 1 ]; then
  echo '1..0 # skipped: there is no Citus'
  exit
fi
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

make_node() {
  make_server "$1" "shared_preload_libraries = 'citus'" 'wal_level = logical' "citus.node_conninfo = 'sslmode=disable'" \
    "citus.local_hostname = '$work/$1.socket'" 'citus.enable_statistics_collection = off' 'citus.shard_count = 4' 'max_prepared_transactions = 50' &&
    at "$1" -c 'CREATE EXTENSION citus'
}
add_worker() { make_node "$1" && at coordinator -c "SELECT citus_add_node('$work/$1.socket', 5432)"; }
make_cluster() {
  make_node coordinator && at coordinator -c "SELECT citus_set_coordinator_host('$work/coordinator.socket', 5432)" &&
    add_worker worker1 && add_worker worker2 && at coordinator -c 'CREATE EXTENSION clientele'
}
make_one() { make_server one && at one -c 'CREATE EXTENSION clientele'; }

# What the engine asks of tables: keys with the column that they are distributed by, and no row without it.
make_shop() { at "$1" -v customers=300 -v seed=1 -f "$tests/../demo/shop.sql" -f "$tests/include/cluster_shop.sql" -c 'CREATE TABLE shop.known_costs AS SELECT * FROM shop.costs'; }
# Lines name their order alone: they are a small table on every node. Costs stay a plain table of the coordinator, which other nodes know
# of or not.
distribute() {
  at coordinator <<'SQL'
SELECT create_distributed_table('shop.orders', 'customer_id');
SELECT create_distributed_table(r::regclass, c, colocate_with => 'shop.orders') FROM (VALUES ('shop.customers', 'id'), ('shop.answers', 'customer_id'),
    ('shop.contacts', 'customer_id'), ('shop.survey_answers', 'respondent'), ('shop.offers', 'customer_id'),
    ('shop.points', 'customer_id')) v(r, c);
SELECT create_reference_table('shop.order_lines');
SELECT citus_add_local_table_to_metadata('shop.known_costs');
SQL
}

# both COMMAND... SERVER: that it says the same of both
both() {
  "$@" one >"$work/one.rows" && "$@" coordinator >"$work/coordinator.rows" || return
  diff "$work/one.rows" "$work/coordinator.rows" >"$work/differences" && return
  head -n 30 "$work/differences"
  return 1
}

# attach WORKSPACE STORAGE COSTS SERVER: what it finds. Beside a shop that is not distributed nothing can be.
attach() {
  local storage=$2
  [ "$storage/$4" != distributed/one ] || storage=materialized
  at "$4" <<SQL
SELECT * FROM attach_orders('shop.orders', workspace => '$1', storage => nullif('$storage', ''), time_zone => 'Europe/Berlin') WHERE topic <> 'storage' OR '$2' <> 'distributed';
SELECT * FROM attach_customers('shop.customers', workspace => '$1', dimensions => '{region,age_group}', name => '{name}', contact => '{email}');
SELECT * FROM attach_answers('shop.answers', workspace => '$1');
SELECT * FROM attach_costs('shop.$3', workspace => '$1');
SELECT * FROM attach_touchpoints('shop.contacts', workspace => '$1');
SELECT * FROM attach_survey('shop.survey_answers', workspace => '$1');
SELECT * FROM attach_lines('shop.order_lines', workspace => '$1');
SELECT * FROM attach_offers('shop.offers', workspace => '$1');
SELECT * FROM attach_points('shop.points', workspace => '$1');
INSERT INTO $1.tiers (tier, threshold, discount, valid_from, review_by) VALUES ('silver', 50, 0.02, '2024-06-01', '2025-06-01'), ('gold', 500, 0.05, '2024-06-01', '2025-06-01') ON CONFLICT DO NOTHING;
SELECT * FROM start_campaign('june', 'SELECT customer FROM $1.customers', started => '2025-06-01', workspace => '$1');
INSERT INTO $1.funnel_stages VALUES ('online', 1, 'website'), ('online', 2, 'product page'), ('online', 3, 'basket'), ('online', 4, 'PURCHASE') ON CONFLICT DO NOTHING;
INSERT INTO $1.knowledge_base (question, answer) VALUES ('Where is my order?', 'On its way');
SQL
}
plan() { at "$1" -c "SELECT * FROM attach_orders('shop.orders', workspace => 'planned', time_zone => 'Europe/Berlin', plan => true)"; }

# What functions of a workspace say
asked() {
  at "$2" <<SQL
SELECT * FROM $1.tier_what_if('current');
SELECT * FROM $1.check_segments();
SELECT * FROM $1.find_answers('order');
SELECT * FROM $1.not_yet_bought('coffee', 'tea');
SELECT * FROM $1.offer_holdout('2025-01-01');
SELECT * FROM $1.campaign_spread('june');
SELECT * FROM $1.campaign_randomisation('june', salts => 50);
SQL
}

# shown WORKSPACE SERVER: the rows of every view, but for the time that it is, as the session of who asks writes them
shown() {
  at "$2" -v ON_ERROR_STOP=0 2>&1 <<SQL | LC_ALL=C sort
${ROLE:+SET ROLE $ROLE;}
SELECT format('SELECT %L, %s FROM %I.%I x', c.relname, string_agg(format('x.%I', a.attname), ', ' ORDER BY a.attnum), '$1', c.relname)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = '$1'::regnamespace AND c.relkind = 'v' AND a.attname NOT IN ('today', 'refreshed_at', 'storage')
GROUP BY c.relname ORDER BY c.relname
\gexec
SQL
}
views_shown() { ! grep -q 'ERROR' "$work/coordinator.rows" && [ "$(cut -d '|' -f 1 "$work/coordinator.rows" | sort -u | wc -l)" -gt 80 ]; }
same() {
  ok "every view of the workspace $1$2 shows what one server shows" both shown "$1"
  ok '... and hardly any of them nothing' views_shown
}

# same_from NODE WORKSPACE: what one server shows, asked for on another node than the first
shown_from() { if [ "$3" = one ]; then shown "$2" one; else shown "$2" "$1"; fi; }
same_from() {
  ok "every view of the workspace $2 shows on $1 what one server shows" both shown_from "$1" "$2"
  ok '... and hardly any of them nothing' views_shown
}

# What is written beside the orders by each node for itself, of the orders at least
travels_not() {
  at coordinator >"$work/out" <<'SQL' &&
SELECT format('EXPLAIN INSERT INTO spread.%I SELECT %s FROM (%s) n', v.data, _clientele.workspace_data_columns(format('spread.%I', v.data)::regclass), replace(_clientele.workspace_query(v.source, 'spread'), 'OFFSET 0', ''))
FROM (SELECT s.*, s.relation || '_data' AS data FROM _clientele.workspace_stored(_clientele.workspace_parts('spread')) s) v
WHERE v.relation IN ('order_history', 'customer_orders', 'unclear_first_orders', 'attached_dimensions')
\gexec
SQL
    [ "$(grep -c 'Insert on' "$work/out")" = 4 ] && ! grep -q 'INSERT/SELECT method' "$work/out"
}
lies_beside() {
  [ "$(at coordinator -c "SELECT string_agg(split_part(logicalrelid::text, '.', 2), ' ' ORDER BY logicalrelid::text) FROM pg_dist_partition
    WHERE logicalrelid::text LIKE 'spread.%' AND colocationid = (SELECT colocationid FROM pg_dist_partition WHERE logicalrelid = 'shop.orders'::regclass)")" = \
    'answers_enriched_data attached_dimensions_data customer_orders_data funnel_passes_data offers_enriched_data order_history_data points_accounts_data unclear_first_orders_data' ]
}

# refused SQLSTATE STATEMENT
refused() { ! at coordinator -v VERBOSITY=sqlstate -c "$2" 2>"$work/error" && grep -q "ERROR:  $1" "$work/error"; }
kept_is_refused() { refused 42809 "${2:-}SELECT attach_orders('$1', customer => 'customer_id', ordered_at => 'created_at', amount => 'total', workspace => 'kept', storage => 'incremental')"; }
left_on() { at "$1" -c "SELECT count(*) FROM pg_namespace WHERE nspname IN ('live', 'stored', 'spread', 'planned', 'kept')"; }
nothing_is_left() { for node in coordinator worker1 worker2 worker3; do [ "$(left_on $node)" = 0 ] || return; done; }

buy() { at "$1" -c "INSERT INTO shop.orders SELECT 10000000 + id, customer_id, created_at + interval '1 hour', 5, 'completed', source, category FROM shop.orders WHERE customer_id % 50 = 1"; }
on_both() { "$@" one && "$@" coordinator; }
refresh() { at "$1" -c "SELECT refresh_workspace('stored')" -c "SELECT refresh_workspace('spread')"; }
look_back() { at "$1" -c "UPDATE $2.settings SET as_of = '2025-03-01', period = 'quarter', time_zone = 'America/New_York'"; }
both_look_back() { for server in one coordinator; do for workspace in live spread; do look_back "$server" "$workspace" || return; done; done; }
shows_live() { shown live coordinator >"$work/live.rows" && shown spread coordinator >"$work/spread.rows" && diff "$work/live.rows" "$work/spread.rows" >"$work/differences"; }
store() { at coordinator -c "SELECT attach_orders('shop.orders', workspace => 'spread', storage => '$1')" && at coordinator -c "$2"; }
made_anew() { at coordinator -c "SELECT detach_orders('spread')" && ! at coordinator -c 'TABLE spread.customers' 2>/dev/null && at coordinator -c "SELECT upgrade_workspace('spread')"; }
use_three_workers() { add_worker worker3 && at coordinator -c "SELECT rebalance_table_shards(shard_transfer_mode => 'block_writes')"; }
uses_three() { [ "$(at coordinator -c "SELECT count(DISTINCT nodename) FROM citus_shards WHERE table_name = 'shop.orders'::regclass")" = 3 ]; }
admit_reader() { at "$1" -c 'CREATE ROLE reader LOGIN' -c "SELECT grant_workspace('live', 'reader'), grant_workspace('stored', 'reader'), grant_workspace('spread', 'reader')"; }
is_told_grants() { at coordinator -c "SELECT g.advice FROM unnest('{live,stored,spread}'::text[]) w CROSS JOIN LATERAL grant_workspace(w, 'reader') g WHERE g.topic = 'cluster'" >"$work/grants.sql" && at coordinator -f "$work/grants.sql"; }
drop_all() { at coordinator -c "SELECT drop_workspace('live')" -c "SELECT drop_workspace('stored')" -c "SELECT drop_workspace('spread')"; }

aggregates() {
  at "$1" -v distributed="$([ "$1" = coordinator ] && echo true || echo false)" -v ON_ERROR_STOP=0 -f "$tests/include/cluster_aggregates.sql" 2>&1
}
all_aggregates() { ! grep -q ERROR "$work/coordinator.rows" && [ "$(wc -l <"$work/coordinator.rows")" -gt 60 ]; }

{ make_one && make_cluster && on_both make_shop && distribute; } >"$work/made" 2>&1 ||
  { tail -n 20 "$work/made" | sed 's/^/# /' && echo 'Bail out! no cluster' && exit 1; }

ok 'orders lie on two workers' test "$(at coordinator -c "SELECT count(DISTINCT nodename), bool_or(nodename LIKE '%coordinator%') FROM citus_shards WHERE table_name = 'shop.orders'::regclass")" = '2|f'
ok 'what a plan tells' both plan
ok "what attaching tells, in storage 'view'" both attach live '' costs
ok "... in storage 'materialized'" both attach stored materialized costs
ok "... in storage 'distributed'" both attach spread distributed known_costs
ok '... which lies beside the orders' lies_beside
ok '... where each node writes it for itself' travels_not
ok 'what comes after is found by a refresh' on_both refresh
same live ''
ok '... and so do its functions' both asked live
same stored ''
same spread ''
same_from worker1 spread
ok '... and so do its functions' both asked spread
export PGOPTIONS='-c datestyle=SQL,DMY -c intervalstyle=sql_standard -c timezone=Asia/Tokyo'
same live ' in another DateStyle and TimeZone'
same spread ' in another DateStyle and TimeZone'
unset PGOPTIONS

ok "'incremental' is refused" kept_is_refused shop.orders
ok '... whatever is told to the engine' kept_is_refused shop.orders 'SET citus.enable_ddl_propagation = off; SET citus.enable_unsafe_triggers = on; '
ok '... and where other storage is there' refused 42809 "SELECT attach_orders('shop.orders', workspace => 'live', storage => 'incremental')"
at coordinator -c 'CREATE TABLE shop.few_orders AS SELECT * FROM shop.orders LIMIT 10' -c "SELECT create_reference_table('shop.few_orders')" >"$work/out" 2>&1
ok '... on a table that is on every node' kept_is_refused shop.few_orders
ok "'distributed' is refused beside such a table" refused 42809 "SELECT attach_orders('shop.few_orders', workspace => 'kept', storage => 'distributed')"
ok '... and one that other nodes do not know of' refused 55000 "SELECT attach_costs('shop.costs', workspace => 'spread')"

ok 'orders are written' on_both buy
ok 'a refresh sees them' on_both refresh
same stored ' after that'
same spread ' after that'
ok 'shards are moved to one worker more' use_three_workers
ok '... which has some of the orders' uses_three
ok 'as of a past day, in another zone, by quarters' both_look_back
ok '... which a refresh sees' on_both refresh
same live ', moved and looking back,'
same spread ', moved and looking back,'
same_from worker3 spread
ok "'distributed' is given up" store view 'TABLE spread.overview'
ok '... which shows the same, read from the orders' shows_live
ok '... and taken again' store distributed 'TABLE spread.overview'
ok 'views are made anew' made_anew
same spread ', made anew,'

ok 'who may read a workspace' on_both admit_reader
ok '... is to be granted the tables, as told' is_told_grants
export ROLE=reader
same stored ', to a reader,'
same spread ', to a reader,'
same_from worker2 spread
same live ', to a reader,'
unset ROLE

ok 'every aggregate over distributed rows is that of one server' both aggregates
ok '... all of them' all_aggregates
ok 'workspaces are dropped' drop_all
ok '... and leave nothing on any node' nothing_is_left
echo "1..$number"
