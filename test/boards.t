#!/usr/bin/env bash
# The boards of Metabase and Superset: each card's query gives the columns that are drawn, each request is one that Metabase's API
# documents, a second run doubles nothing, and an import for Superset names nothing that is not in it. Neither is here: what
# answers is made after Metabase's documentation, and test/bi/superset.sh tries the other
set -u
tests=$(cd "$(dirname "$0")" && pwd)
skip() { echo "1..0 # SKIP $1" && exit; }
command -v python3 >/dev/null || skip 'no python3 here'
work=$(mktemp -d)
trap 'rm -rf "$work"; psql -Xqc "DROP OWNED BY boards_reader" -c "DROP ROLE boards_reader"' EXIT
{
  psql -Xq -o "$work/none" -f "$tests/browser/shops.sql" &&
    psql -Xq -v ON_ERROR_STOP=1 -o "$work/none" -c 'CREATE ROLE boards_reader' \
      -c "SELECT attach_orders('shop.orders', workspace => 'quiet_loyalty', time_zone => 'Europe/Berlin', diagnose => false)" \
      -c "SELECT grant_workspace(w, 'boards_reader', for_bi => true) FROM unnest(ARRAY['shop_loyalty', 'quiet_loyalty', 'empty_loyalty', 'hostile_loyalty']) w"
} >"$work/log" 2>&1 || { sed 's/^/# /' "$work/log" && echo 'Bail out! no shops' && exit 1; }
PYTHONDONTWRITEBYTECODE=1 PGOPTIONS='-c role=boards_reader' python3 "$tests/bi/boards.py"
