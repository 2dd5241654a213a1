#!/usr/bin/env bash
# The report in Chromium: of the demo's shop, of Northwind, of nothing, and of hostile names; its figures are those of the views
set -u
browser=$(cd "$(dirname "$0")/browser" && pwd) || exit
skip() { echo "1..0 # SKIP $1" && exit; }
for program in node npm chromium; do
  command -v "$program" >/dev/null || skip "no $program here"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# At the machine's own time, when certificates hold.
timeout 120 env -u LD_PRELOAD npm install --prefix "$work" --cache "$work/cache" --ignore-scripts --no-audit --no-fund \
  --fetch-retries=0 puppeteer-core@24 axe-core@4 >"$work/log" 2>&1 || skip 'npm could not install puppeteer-core and axe-core here'

shops=(shop empty hostile) northwind=()
if [ -n "${CLIENTELE_DATA:-}" ]; then shops+=(northwind) northwind=(-v northwind=yes -v "data=$CLIENTELE_DATA"); fi
psql -Xq -o "$work/none" "${northwind[@]}" -f "$browser/shops.sql" || exit

figures="SELECT json_build_object(
    'standing', (SELECT row_to_json(o) FROM (SELECT * FROM overview WHERE complete ORDER BY period_start DESC LIMIT 1) o),
    'stages', (SELECT coalesce(json_agg(l ORDER BY l.position), '[]') FROM lifecycle_summary l WHERE l.customers > 0),
    'segments', (SELECT coalesce(json_agg(r ORDER BY r.position), '[]') FROM rfm_segments r WHERE r.customers > 0),
    'at_risk', (SELECT coalesce(json_agg(json_build_object('last_year_revenue', r.last_year_revenue, 'customer',
        CASE WHEN length(n.name) > 80 THEN left(n.name, 80) || '…' ELSE n.name END) ORDER BY r.position), '[]')
        FROM at_risk r CROSS JOIN LATERAL (SELECT coalesce(r.customer_name, r.customer::text)) n(name) WHERE r.position <= 10))"
mkdir "$work/pages"
for shop in "${shops[@]}"; do
  psql -XqAtc "SELECT loyalty_report('${shop}_loyalty')" >"$work/pages/$shop.html" &&
    PGOPTIONS="-c search_path=${shop}_loyalty,public" psql -XqAtc "$figures" >"$work/pages/$shop.json" || exit
done
NODE_PATH=$work/node_modules node "$browser/read_pages.js" "$work/pages" "$(command -v chromium)"
