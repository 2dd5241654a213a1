#!/usr/bin/env bash
# Clientele at work, on a PostgreSQL server of its own: installs what is missing, builds, starts a throw-away server
# that listens on a socket only, says in thirteen lines how a shop stands, writes the report to open in a browser, and removes
# everything else again.
#
#   bash demo/run.sh              a made-up shop
#   bash demo/run.sh orders.csv   your own orders; nothing leaves this machine
#
# The file is an export as a shop, a till, a CRM or a spreadsheet writes it: comma, semicolon or tab separated, in any usual
# encoding, with a line that names the columns in English, Russian, German, French, Spanish or Polish. What it holds is found
# by itself, and said; where two readings are possible, nothing is loaded before one of these says which:
#
#   --customer NAME     the column of the customer; 'lower(NAME)' makes keys one that differ by case or blanks only
#   --ordered-at NAME   the column of the date or time
#   --amount NAME       the column of the amount; a product such as 'quantity * unit_price'; 'NAME per line' or 'NAME per order'
#   --order-id NAME     the column of the order's number, by which lines of one order are folded; none: each line is an order
#   --status VALUES     the orders that count, such as 'paid, sent'; of another column: 'NAME=paid, sent' (default: all)
#   --date-order ORDER  of 03/04/2025: dmy, mdy or ymd
#   --decimal SIGN      of 12.990: . or ,
#   --encoding NAME     of the file: UTF-8, UTF-16, windows-1251, windows-1252 …
#   --time-zone ZONE    whose days are meant, such as Europe/Berlin (default: UTC)
#
# For the made-up shop:
#
#   --customers N       how many customers it has (default: 5000)
#   --seed N            another number makes another shop (default: 1)
#
# For both:
#
#   --language CODE     what the advice and the report are written in: en (default) or ru
#   --currency SIGN     what amounts in the report are shown with, such as EUR (default: nothing)
#   --report FILE       where the report goes (default: report.html)
#   --tour              go on with the long tour: some fifty questions, with the SQL that answers them
#   --keep              leave the server running; prints how to connect to it and how to stop it
#
# Environment: PG_CONFIG (which PostgreSQL), CLIENTELE_TMP (where to run, default /tmp), XDG_CACHE_HOME (where what was
# compiled is kept for the next time, default ~/.cache).
set -euo pipefail
# shellcheck source=test/server.sh
source "$(dirname "${BASH_SOURCE[0]}")/../test/server.sh"
# shellcheck source=demo/load_csv.sh
source "$PROJECT/demo/load_csv.sh"

WIDTH=118 # of text; tables wrap where the terminal ends

main() {
  read_arguments "$@"
  check_arguments
  [ -z "$FILE" ] || open_csv "$FILE"
  # shellcheck disable=SC2119  # without "tests"
  need_packages ${FILE:+file}
  [ -z "$FILE" ] || learn_csv
  build_cached
  # The server has no business with the file.
  start_server 'jit = off' "shared_buffers = '256MB'" "work_mem = '32MB'" "max_wal_size = '4GB'" 3<&-
  if [ -n "$FILE" ]; then attach_file; else attach_shop; fi
  [ -z "$WITH_TOUR" ] || tour
  summary
  report
  [ -z "$KEEP_RUNNING" ] || keep_server
}

read_arguments() {
  declare -gA OPTIONS=()
  FILE='' KEEP_RUNNING='' WITH_TOUR=''
  while [ $# != 0 ]; do
    case $1 in
      -h | --help) usage && exit ;;
      --keep) KEEP_RUNNING=yes ;;
      --tour) WITH_TOUR=yes ;;
      --customer | --ordered-at | --amount | --order-id | --status | --date-order | --decimal | --encoding | --time-zone | \
        --customers | --seed | --language | --currency | --report)
        [ $# -gt 1 ] || die "$1 needs a value."
        OPTIONS[${1#--}]=$2
        shift
        ;;
      -*) die "There is no option $1; --help shows those there are." ;;
      *)
        [ -z "$FILE" ] || die "One file at a time, please: \"$FILE\" or \"$1\"."
        [ -n "$1" ] || die 'The name of the file is empty.'
        FILE=$1
        ;;
    esac
    shift
  done
}

check_arguments() {
  local option
  for option in "${!OPTIONS[@]}"; do
    case $option in
      language | currency | report) ;;
      customers | seed) [ -z "$FILE" ] || die "--$option is for the made-up shop, not for a file." ;;
      *) [ -n "$FILE" ] || die "--$option is for a file of orders: bash demo/run.sh orders.csv --$option …" ;;
    esac
  done
  [[ ${OPTIONS[customers]=5000} =~ ^[1-9][0-9]{0,6}$ ]] || die '--customers is a number from 1 to 9999999.'
  [[ ${OPTIONS[seed]=1} =~ ^[0-9]{1,18}$ ]] || die '--seed is a whole number of up to 18 digits.'
  [ -f "$PROJECT/src/workspace/words/${OPTIONS[language]=en}.sql" ] || die "--language is one of $(languages)."
  [[ ${OPTIONS[date-order]-dmy} =~ ^(dmy|mdy|ymd)$ ]] || die '--date-order is dmy, mdy or ymd.'
  [[ ${OPTIONS[decimal]-.} =~ ^[.,]$ ]] || die '--decimal is . or ,'
  [[ ${OPTIONS[currency]-x} =~ ^.{1,10}$ ]] || die '--currency is a sign or a short name of up to ten characters.'
  check_report "${OPTIONS[report]=report.html}"
}

languages() { find "$PROJECT/src/workspace/words" -name '??.sql' -printf '%f\n' | sed 's/\.sql//' | sort | paste -sd' '; }

# What is there may be written over if we wrote it.
check_report() {
  [ ! -e "$1" ] || { head -c 15 -- "$1" | grep -qx '<!DOCTYPE html>' && grep -qF 'data-view="' -- "$1"; } 2>/dev/null || die "\"$1\" is there and is no report of ours: choose another name with --report."
  [ -w "$(dirname -- "$1")/" ] || die "The report cannot be written to \"$1\": choose another place with --report."
}

sql() { psql -Xq -v ON_ERROR_STOP=1 "$@"; }

literal() { printf "'%s'" "${1//\'/\'\'}"; }

# --- The orders ---

attach_shop() {
  step "making a shop of ${OPTIONS[customers]} customers" \
    sql -v "customers=${OPTIONS[customers]}" -v "seed=${OPTIONS[seed]}" -f "$PROJECT/demo/shop.sql"
  echo
  attach "'shop.orders', time_zone => 'Europe/Berlin'"
  step 'attaching its customers, answers, costs, visits and surveys' sql -f "$PROJECT/demo/attach_shop.sql"
}

attach_file() {
  local arguments="'orders', customer => 'customer', ordered_at => 'ordered_at', amount => 'amount'"
  sql -c 'CREATE EXTENSION clientele'
  load_csv
  tell_csv
  [ "${OPTIONS[order-id]:-}" != none ] || arguments+=", order_id => ''"
  [ -z "${OPTIONS[time-zone]:-}" ] || arguments+=", time_zone => $(literal "${OPTIONS[time-zone]}")"
  attach "$arguments"
}

attach() {
  local topic finding advice statements
  statements=$'CREATE EXTENSION IF NOT EXISTS clientele;\n'"SELECT * FROM attach_orders($1);"
  show 'One call makes the views over the orders, and says what it found there.' "$statements"
  answer -At -F $'\x1f' -R $'\x1e' -c 'SET client_min_messages = warning' -c "$statements" >"$RUN/findings" || return
  while IFS=$'\x1f' read -rd $'\x1e' topic finding advice || [ -n "$topic" ]; do
    [ -z "$FILE" ] || ! csv_told "$topic" "$finding" || continue
    advice=${advice%$'\n'}
    printf '%-18s%s\n' "$topic" "$finding"
    [ -z "$advice" ] || fold -sw $((WIDTH - 20)) <<<"$advice" | sed 's/^/                    /'
  done <"$RUN/findings"
  echo
}

# --- How the shop stands ---

summary() {
  local topic finding advice n=0 statement="SELECT * FROM loyalty_summary('loyalty');"
  sql -c "UPDATE loyalty.settings SET language = $(literal "${OPTIONS[language]}")"
  show 'How the shop stands, the most important first.' "$statement"
  answer -At -F $'\x1f' -R $'\x1e' -c "$statement" >"$RUN/summary"
  while IFS=$'\x1f' read -rd $'\x1e' topic finding advice || [ -n "$topic" ]; do
    n=$((n + 1))
    fold -sw $((WIDTH - 4)) <<<"${topic^}: $finding" | sed "1s/^/$(printf '%2d' "$n")  /; 2,\$s/^/    /"
    fold -sw $((WIDTH - 6)) <<<"${advice%$'\n'}" | sed 's/^/      /'
  done <"$RUN/summary"
  echo
}

report() {
  local file=${OPTIONS[report]} arguments="'loyalty'" currency=${OPTIONS[currency]:-}
  [ -z "$currency" ] || arguments+=", currency => $(literal "$currency")"
  step 'writing the report' write_report "$arguments" "$file"
  printf '\n%s\n' "The report, to open in a browser: $(realpath "$file")"
  [ -n "$WITH_TOUR" ] || echo 'The long tour: the same command with --tour'
}

write_report() { sql -At -c "SELECT loyalty_report($1)" >"$RUN/report.html" && cat "$RUN/report.html" >"$2"; }

# --- The tour ---

tour() {
  local line title='' query=''
  find_places
  while IFS= read -r line <&4 || [ -n "$query" ]; do
    case $line in
      '-- '*) title+=${title:+ }${line#-- } ;;
      ?*) query+=${query:+$'\n'}$line ;;
      '')
        [ -z "$query" ] || stop "$title" "$query"
        title='' query=''
        ;;
    esac
  done 4<"$PROJECT/demo/tour.sql"
}

stop() {
  local query=$2
  [[ -z $FILE || $query != *shop.* ]] || return 0
  query=${query//:some_months_ago/"$SOME_MONTHS_AGO"}
  query=${query//:half_way/"$HALF_WAY"}
  # Each stop stands alone: whatever this one says, there are others.
  ask "$1" "${query//:customer/"$BEST_CUSTOMER"}" || true
}

# The days and the customer that the tour looks at, as SQL literals.
find_places() {
  local places
  places=$(sql -At -F $'\n' -f "$PROJECT/demo/places.sql")
  [ -n "$places" ] || die 'There is no order to count, so there is nothing more to show.'
  { read -r SOME_MONTHS_AGO && read -r HALF_WAY && read -rd '' BEST_CUSTOMER; } <<<"$places" || true
}

# ask TITLE QUERY: both are shown, and the answer.
ask() {
  show "$@"
  answer -P format=wrapped -c "$2"
}

show() {
  fold -sw "$WIDTH" <<<"$1"
  printf '\n%s\n\n' "$2" | sed 's/^./    &/'
}

answer() { interruptible psql -Xq -v ON_ERROR_STOP=1 -v SHOW_CONTEXT=never -P pager=off -P footer=off "$@"; }

main "$@"
