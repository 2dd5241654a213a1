#!/usr/bin/env bash
# The demo's long tour: every stop answers, in a shop of large amounts, and in somebody's file of a few orders
set -u
cd "$(dirname "$0")/.." || exit
# shellcheck source=test/include/tap.sh
source test/include/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PGOPTIONS='-c client_min_messages=warning'

# tour LIST: the stops of the tour, with those that read shop.… or without, on the workspace as it is
tour() {
  mapfile -t places < <(psql -XqAt -F $'\n' -f demo/places.sql)
  awk -v RS= -v all="$1" 'all == "all" || !/shop[.]/ { print $0 "\n" }' demo/tour.sql >"$work/tour.sql"
  psql -Xq -o "$work/answers" -v "some_months_ago=${places[0]}" -v "half_way=${places[1]}" -v "customer=${places[2]}" -f "$work/tour.sql" 2>"$work/errors"
  [ ! -s "$work/errors" ] || { cat "$work/errors" && false; }
}
stops() { [ "$(grep -c '^(.* rows*)$' "$work/answers")" -gt "$1" ]; }
says() { [ "$(psql -XqAtc "$1")" = "$2" ] || { psql -XqAtc "$1" && false; }; }

psql -Xq -o "$work/none" -v customers=300 -v seed=1 -f demo/shop.sql &&
  psql -Xqc 'ALTER TABLE shop.orders ALTER total TYPE numeric; UPDATE shop.orders SET total = 4000000 * total' &&
  psql -Xq -o "$work/none" -c "SELECT * FROM attach_orders('shop.orders', time_zone => 'Europe/Berlin')" || exit
ok 'what else the shop has is attached' psql -Xq -f demo/attach_shop.sql
ok '... its funnel once, however often' psql -Xq -f demo/attach_shop.sql
ok 'every stop answers in a shop of large amounts' tour all
ok '... and there are many' stops 50

psql -Xqc 'SELECT drop_workspace($$loyalty$$)' -c 'CREATE TABLE orders (customer text, day date, amount numeric)' \
  -c "INSERT INTO orders VALUES ('a', '2025-01-03', 5), ('a', '2025-02-03', 1e11), (NULL, '2025-02-04', 3)" >"$work/none" &&
  psql -Xq -o "$work/none" -c "SELECT * FROM attach_orders('orders', ordered_at => 'day')" || exit
ok 'every stop answers for a file of three orders' tour file
ok '... and there are many' stops 25
ok 'thirteen lines say how it stands' says 'SELECT count(*) FROM loyalty_summary()' 13
echo "1..$number"
