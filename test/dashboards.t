#!/usr/bin/env bash
# The dashboard of psql: over a shop, over nothing, without answers and over hostile names it keeps to its columns, its figures
# are those of the views, and a BI tool's role can open it
set -u
# shellcheck source=test/include/tap.sh
source "$(dirname "$0")/include/tap.sh"
tests=$(cd "$(dirname "$0")" && pwd)
dashboard=$tests/../dashboards/psql/dashboard.sql
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{
  psql -Xq -o "$work/none" -f "$tests/browser/shops.sql" &&
    psql -Xq -v ON_ERROR_STOP=1 -o "$work/none" -c 'CREATE ROLE dashboards_reader' \
      -c "SELECT attach_orders('shop.orders', workspace => 'quiet_loyalty', time_zone => 'Europe/Berlin', diagnose => false)" \
      -c "SELECT grant_workspace('shop_loyalty', 'dashboards_reader', for_bi => true)" -c 'REVOKE ALL ON SCHEMA public FROM public'
} >"$work/log" 2>&1 || { sed 's/^/# /' "$work/log" && echo 'Bail out! no shops' && exit 1; }

# Settings of somebody's psqlrc must not change it.
show() { psql -X -v "workspace=$1_loyalty" -P format=unaligned -P expanded=on -P tuples_only=on -f "$dashboard" >"$work/$1" 2>"$work/error"; }
is_quiet() { show "$1" && [ ! -s "$work/error" ]; }
is_narrow() { [ -s "$work/$1" ] && perl -CSD -ne 'chomp; length > 120 and $bad = print "$. is ", length, " wide: $_\n"; END { exit !!$bad }' "$work/$1"; }
for shop in shop empty quiet hostile; do
  ok "$shop: it runs without an error" is_quiet "$shop"
  ok '... in 120 columns' is_narrow "$shop"
done
ok 'it has at most 70 lines' test "$(wc -l <"$work/shop")" -le 70

# rows SHOP HEADER COLUMN...: these columns of the table whose heading begins with HEADER, as psql -At prints them
rows() {
  perl -CSD -Mutf8 -e '
    my ($file, $header, @columns) = @ARGV;
    open my $lines, "<", $file or die "$file: $!";
    my $within;
    while (<$lines>)
    {
      $within = 0 if /^\s*$/;
      my @cells = map { s/^\s+|\s+$//gr } split /[│|]/;
      $within = 1 if @cells && $cells[0] eq $header;
      print join("|", map { $_ // "" } @cells[@columns]), "\n" if $within && $cells[0] ne $header && !/^─/;
    }' "$work/$1" "${@:2}"
}
views() { PGOPTIONS='-c search_path=shop_loyalty' psql -XqAtc "$1"; }
# same TABLE COLUMN... QUERY
same() {
  local query=${*: -1}
  views "$query" >"$work/views" && rows shop "${@:1:$#-1}" >"$work/rows" && [ -s "$work/rows" ] && diff "$work/views" "$work/rows"
}
last="(SELECT * FROM overview WHERE complete ORDER BY period_start DESC LIMIT 1) o"
ok 'figures are those of the last complete period' same Figure 1 2 "
  SELECT o.period_start, unnest(ARRAY[to_char(o.revenue, 'FM999,999,990'), to_char(o.active_customers, 'FM999,990'), to_char(o.new_customers, 'FM999,990'), round((100 * o.repeat_share)::numeric) || ' %',
    to_char(o.average_order::numeric, 'FM999,990.00'), o.regular_customers::text, round(o.nps::numeric)::text]) FROM $last"
ok '... beside the year before' test "$(rows shop Figure 0 3 | sed -n 's/^Revenue|\(.*\) %/\1/p')" = "$(views "SELECT to_char(o.pct_revenue_year_change, 'FMSG9990') FROM $last")"
low_and_high() { # the lowest and the highest of the 24 periods have the lowest and the highest block
  [ "$(rows shop Figure 0 4 | sed -n 's/^Revenue|//p' | perl -CSD -Mutf8 -ne 'print join ",", index($_, "█"), index($_, "▁"), length() - 1')" = \
    "$(views "SELECT concat_ws(',', array_position(r, (SELECT max(x) FROM unnest(r) x)) - 1, array_position(r, (SELECT min(x) FROM unnest(r) x)) - 1, cardinality(r))
      FROM (SELECT array_agg(revenue ORDER BY period_start) AS r FROM (SELECT * FROM overview WHERE complete ORDER BY period_start DESC LIMIT 24) o) a")" ]
}
ok '... and the line of months has its highest and lowest where they were' low_and_high
ok 'stages' same Stage 0 1 4 'SELECT stage, customers, at_risk FROM lifecycle_summary ORDER BY position'
bars() { # a bar is as long as its share
  rows shop Stage 5 | perl -CSD -Mutf8 -ne 'chomp; print length, "\n"' >"$work/rows"
  views 'SELECT round(pct_of_customers * 0.45) FROM lifecycle_summary ORDER BY position' | diff - "$work/rows"
}
ok '... and their bars' bars
matrix() {
  rows shop ABC 1 2 3 | tr '|' '\n' | sed 's/^[░▒▓█ ]*//' >"$work/rows"
  views "SELECT format('%s %% by %s customers', round(pct_of_window_revenue::numeric), customers) FROM abc_xyz_matrix ORDER BY position" | diff - "$work/rows"
}
ok 'the nine cells' matrix
cohorts() {
  rows shop Cohort 0 1 2 3 4 5 6 7 8 | sed 's/[░▒▓█ ]*|[░▒▓█ ]*/|/g; s/ (/|/; s/)//; s/|*$//' >"$work/rows"
  views "SELECT concat_ws('|', cohort_label, max(customers), string_agg(round(100.0 * retained / eligible)::text, '|' ORDER BY period_number)) FROM retention_cohorts
    WHERE complete AND period_number > 0 AND cohort_start >= (SELECT max(cohort_start) - interval '7 months' FROM retention_cohorts WHERE complete AND period_number > 0)
    GROUP BY cohort_start, cohort_label ORDER BY cohort_start" | diff - "$work/rows"
}
ok 'cohorts' cohorts
ok 'the score by touchpoint with its interval' same Touchpoint 0 1 2 3 4 '
  SELECT touchpoint, responses, round(score::numeric), round(score_lower::numeric), round(score_upper::numeric) FROM nps_by_touchpoint WHERE enough ORDER BY position LIMIT 6'
whiskers() { # where each line begins and ends, and where its dot is
  perl -CSD -Mutf8 -ne 'next unless /●/; my $line = (split /│ /)[5]; $line =~ /─*●─*/; print join("|", $-[0], index($line, "●"), $+[0] - 1), "\n"' "$work/shop" >"$work/rows"
  views 'SELECT round((score_lower + 100) / 5), round((score + 100) / 5), round((score_upper + 100) / 5) FROM nps_by_touchpoint WHERE enough ORDER BY position LIMIT 6' | diff - "$work/rows"
}
ok '... drawn as a dot on a line' whiskers
ok 'whom to turn to' same 'Turn to' 1 3 6 '
  (SELECT customer_name, last_order, round(last_year_revenue) FROM at_risk ORDER BY position LIMIT 4)
  UNION ALL (SELECT customer_name, last_order, round(last_year_revenue) FROM win_back WHERE enough ORDER BY position LIMIT 3)
  UNION ALL (SELECT customer_name, last_order, round(last_year_revenue) FROM second_order_due ORDER BY position LIMIT 3)'
ok 'what was counted and what was not' same 'Rows counted' 0 1 "SELECT sum(order_rows) FILTER (WHERE reason = 'used'), sum(order_rows) FILTER (WHERE reason <> 'used') FROM data_quality"
ok 'without answers there is no score' test -z "$(rows quiet Touchpoint 0; rows quiet Figure 0 | grep Promoter)"

ok 'a tool that may read the workspace alone can show it' env PGOPTIONS='-c role=dashboards_reader' psql -Xq -o "$work/reader" -v workspace=shop_loyalty -f "$dashboard"
ok '... and sees the same' diff "$work/shop" "$work/reader"
in_latin() { PGCLIENTENCODING=LATIN1 psql -X -v workspace=shop_loyalty -f "$dashboard" >"$work/latin" && grep -q '####' "$work/latin" && ! LC_ALL=C grep -n '[^[:print:][:space:]]' "$work/latin"; }
ok 'another encoding than UTF-8 gets ASCII' in_latin
refuses() { ! show none && grep -q 'none_loyalty is no workspace' "$work/error"; }
ok 'a workspace that is not there is refused in words' refuses
psql -Xqc 'DROP OWNED BY dashboards_reader' -c 'DROP ROLE dashboards_reader'
echo "1..$number"
