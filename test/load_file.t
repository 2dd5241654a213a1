#!/usr/bin/env bash
# The user's own file: each encoding, language, separator, form of numbers and dates gives the figures it holds, or a question
# that one option answers; nothing hangs, and what is no orders is refused before anything is loaded
set -u
cd "$(dirname "$0")/.." || exit
# shellcheck source=test/include/tap.sh
source test/include/tap.sh
command -v python3 >/dev/null || { echo '1..0 # SKIP no python3 here' && exit; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ASK_LIMIT=120 # seconds: what takes longer hangs

ok 'amounts and dates are read as the tables of cases say' python3 -B test/orders_file/readings.py
ok 'a long file is read once, and again only where its rest is not what its beginning says' python3 -B test/orders_file/one_pass.py

# --- run.sh's own, around load_csv.sh ---

cat >"$work/load.sh" <<'EOF'
set -euo pipefail
PROJECT=$PWD WIDTH=118 RUN=$1
declare -A OPTIONS=()
die() { printf '%s\n' "$@" >&2; exit 1; }
sql() { psql -Xq -v ON_ERROR_STOP=1 "$@"; }
interruptible() { "$@"; }
now() { echo "${EPOCHREALTIME/[.,]/}"; }
seconds_since() { echo "$((($(now) - $1) / 1000)) ms"; }
want_packages() { :; }
source demo/load_csv.sh
file=$2
shift 2
while [ $# != 0 ]; do OPTIONS[${1#--}]=$2 && shift 2; done
open_csv "$file"
learn_csv
load_csv
tell_csv
[ -z "${ATTACHED:-}" ] || while IFS=$'\t' read -r topic finding; do
  csv_told "$topic" "$finding" || echo "attached: $topic"
done < <(sql -AtF $'\t' -c 'SET client_min_messages = warning' -c "SELECT topic, finding FROM attach_orders('orders', customer => 'customer', ordered_at => 'ordered_at', amount => 'amount', workspace => '$ATTACHED')")
EOF

# load FILE [OPTION VALUE]...: into the table orders, saying what the user sees
load() {
  rm -rf "$work/run" && mkdir "$work/run"
  psql -Xq -c 'SET client_min_messages = warning' -c 'DROP TABLE IF EXISTS orders, order_lines CASCADE'
  timeout "$ASK_LIMIT" bash "$work/load.sh" "$work/run" "$@" >"$work/said" 2>&1
}
says() { tr '\n' ' ' <"$work/said" | sed 's/  */ /g' | grep -qF -- "$1" || { cat "$work/said" && false; }; }
loaded_nothing() { [ "$(psql -XqAtc "SELECT to_regclass('orders')")" = '' ]; }

# refuses WORD FILE [OPTION VALUE]...: before anything is loaded
refuses() {
  load "${@:2}"
  [ $? = 1 ] && says "$1" && ! says Traceback >"$work/none" && loaded_nothing
}

figures() {
  psql -XqAt -F '|' -c "SELECT count(*) FILTER (WHERE amount >= 0), count(DISTINCT customer), sum(amount)::numeric(20, 2), min(ordered_at)::date, max(ordered_at)::date
    FROM orders WHERE ordered_at IS NOT NULL AND amount IS NOT NULL"
}

# of FILE: tab separated: name, asks, refuses, warns, figures, flags; '-' for none
cases() {
  python3 -B - "$1" <<'EOF'
import json, sys
from decimal import Decimal
for name, e in json.load(open(sys.argv[1], encoding="utf-8")).items():
    figures = [str(e[k]) for k in ("orders", "customers")] + ["%.2f" % Decimal(e["revenue"])] if "revenue" in e else [str(e["orders"])] if "orders" in e else []
    flags = e.get("flags", [])
    flags = flags.split() if isinstance(flags, str) else flags
    print(name, e.get("asks", "-"), e["refuses"] or "''" if "refuses" in e else "-", e.get("warns", "-"), "|".join(figures) or "-",
          "|".join(e[k] for k in ("first_day", "last_day") if k in e) or "-", e.get("first_row", "-"), *flags, sep="\t")
EOF
}

# The figures of a case may be fewer than the table's.
same_figures() {
  load "$3" "${@:4}" || { cat "$work/said" && return 1; }
  figures >"$work/figures"
  local orders customers revenue first last is_told
  IFS='|' read -r orders customers revenue first last <"$work/figures"
  is_told="$orders orders, $customers customers, sum"
  case $1 in
    *'|'*) [ "$orders|$customers|$revenue" = "$1" ] ;;
    *) [ "$orders" = "$1" ] ;;
  esac && { [ "$2" = - ] || [ "$first|$last" = "$2" ]; } && says "$is_told" && return
  cat "$work/figures" "$work/said"
  return 1
}

# check_files DIRECTORY: all that its expected.json speaks of
check_files() {
  local name asks refused warns figures days first_row flags case
  while IFS=$'\t' read -r -a case; do
    name=${case[0]} asks=${case[1]} refused=${case[2]} warns=${case[3]} figures=${case[4]} days=${case[5]} first_row=${case[6]} flags=("${case[@]:7}")
    if [ "$refused" != - ]; then
      [ "$refused" != "''" ] || refused=''
      ok "$name is refused" refuses "$refused" "$1/$name" "${flags[@]}"
      continue
    fi
    [ "$asks" = - ] || ok "$name is a question: $asks" refuses "$asks" "$1/$name"
    [ "$figures" = - ] || ok "$name${flags[*]:+ with ${flags[*]}} has its figures" same_figures "$figures" "$days" "$1/$name" "${flags[@]}"
    [ "$first_row" = - ] || ok "... and the first row: $first_row" says "first row: $first_row"
    [ "$warns" = - ] || ok "... and the word: $warns" says "$warns"
  done < <(cases "$1/expected.json")
}

mkdir "$work/made"
ok 'files in every form are made' python3 -B test/orders_file/make_files.py "$work/made"
check_files "$work/made"
[ ! -d "${CLIENTELE_DATA:-}/csv" ] || check_files "$CLIENTELE_DATA/csv"

# --- What the columns are ---

types() { psql -XqAtc "SELECT string_agg(a.attname || ' ' || a.atttypid::regtype, ', ' ORDER BY a.attname) FROM pg_attribute a WHERE a.attrelid = 'orders'::regclass AND a.attnum > 0 AND NOT a.attisdropped"; }
has_types() {
  load "${@:2}" && [ "$(types)" = "$1" ] && return
  types && cat "$work/said"
  return 1
}
ok 'columns have types, and the names of what they mean' has_types 'amount numeric, customer text, ordered_at timestamp without time zone' "$work/made/dates_dots.csv"
ok '... with a time zone they are moments' has_types 'amount numeric, customer text, ordered_at timestamp with time zone' "$work/made/dates_dots.csv" --time-zone Europe/Berlin
first_moment() { [ "$(psql -XqAtc "SELECT min(ordered_at) AT TIME ZONE 'UTC' FROM orders")" = '2024-01-04 21:06:00' ]; }
ok '... of the clock there' first_moment
ok '... and so where the file says so itself' has_types 'amount numeric, customer text, ordered_at timestamp with time zone' "$work/made/dates_iso.csv"
ok 'others keep their titles' has_types 'amount numeric, comment text, customer text, ordered_at date' "$work/made/line_breaks.csv"
zeros_stay() { load "$work/made/zeros_before.csv" && [ "$(psql -XqAtc "SELECT DISTINCT length(customer) FROM orders")" = 3 ]; }
ok 'zeros before a key stay' zeros_stay
breaks_stay() { load "$work/made/line_breaks.csv" && [ "$(psql -XqAtc "SELECT DISTINCT comment FROM orders")" = $'first, "quoted"\nsecond; line\n\nfourth' ]; }
ok 'line breaks within quotes stay' breaks_stay
square_time() { load "$work/made/square.csv" && [ "$(psql -XqAtc "SELECT min(ordered_at) FROM orders")" = '2024-01-04 22:06:00' ]; }
ok 'a time in a column of its own belongs to the date' square_time
# --- Options, pipes ---

ok 'a column that is not there' refuses 'has no column "nobody" for --customer' "$work/made/lower.csv" --customer nobody
ok 'an encoding that is none' refuses 'there is no encoding "latin17"' "$work/made/lower.csv" --encoding latin17
latin1() { load "$work/made/german_latin1.csv" --encoding WIN1252 && says '40 orders, 8 customers' && says 'Windows-1252'; }
ok 'an encoding by the name that PostgreSQL has for it' latin1
piped() { load <(cat "$work/made/russian_cp1251_0.csv") && says '40 orders, 8 customers'; }
ok 'a pipe' piped
ok 'a file that is not there' refuses 'There is no file' "$work/made/nothing.csv"
ok 'a directory' refuses 'is a directory' "$work/made"

# --- run.sh ---

options_of() { sed -n '/^read_arguments()/,/^}/s/^ *--\(.*\))$/\1/p; /^read_arguments()/,/^}/s/^ *--\(.*\) | \\$/\1/p' demo/run.sh | tr -d ' ' | tr '|' '\n' | sed 's/^--//' | grep .; }
each_has_help() {
  bash demo/run.sh --help >"$work/help"
  [ "$(options_of | wc -l)" -gt 12 ] || return 1
  for option in $(options_of); do [ "$(grep -c -- "^ *--$option " "$work/help")" = 1 ] || { echo "$option" && return 1; }; done
}
ok 'each option has a line of help' each_has_help
wrong_option() { ! bash demo/run.sh "$work/made/lower.csv" "$1" "$2" >"$work/said" 2>&1 && says "$3"; }
ok '--decimal is checked' wrong_option --decimal x '--decimal is . or ,'
ok '--date-order is checked' wrong_option --date-order dym '--date-order is dmy, mdy or ymd'
# --- The document ---

systems_are_told() {
  local system
  cut -s -d '|' -f 1 demo/orders_file/systems.txt | sed '/^#/d; s/ *$//' | sort -u >"$work/systems"
  [ "$(wc -l <"$work/systems")" -gt 9 ] || return 1
  while IFS= read -r system; do grep -q "^| $system |" docs/from-your-crm.md || { echo "$system" && return 1; }; done <"$work/systems"
}
ok 'docs/from-your-crm.md tells of each known system' systems_are_told
example() { sed -n '/^41 lines/,/^```/p' docs/from-your-crm.md | sed '$d'; }
example_is_so() {
  load "$CLIENTELE_DATA/csv/onec_windows1251.csv" && sed -n '/^41 lines/,/^left out/p' "$work/said" | diff <(example) -
}
[ ! -d "${CLIENTELE_DATA:-}/csv" ] || ok '... and its example is what a file gives' example_is_so

# --- The table ---

load_and_attach() { load "$work/made/dates_dots.csv" && psql -XqAt -c "SELECT finding FROM attach_orders('orders', customer => 'customer', ordered_at => 'ordered_at', amount => 'amount') WHERE topic = 'orders'" >"$work/attached" && grep -q 'orders: 40, customers: 8' "$work/attached"; }
ok 'the table can be attached' load_and_attach
# told_once WORD FILE TOPIC: what the reading has said with its option is not said again by attaching, which finds it too
told_once() {
  export ATTACHED=told_$number
  load "$2" || { cat "$work/said" && return 1; }
  says "$1" || return 1
  says 'attached: orders' || return 1
  [ "$(psql -XqAtc "SELECT count(*) > 0 FROM attach_orders('orders', workspace => '$ATTACHED') WHERE topic = '$3'")" = t ] || { echo "no $3" && return 1; }
  ! grep "attached: $3" "$work/said"
}
if [ -d "${CLIENTELE_DATA:-}/csv" ]; then
  ok 'statuses are said once' told_once 'status: column' "$CLIENTELE_DATA/csv/moysklad.csv" status
  ok '... so are guests' told_once 'nobody known' "$CLIENTELE_DATA/csv/guests.csv" nobody
  ok '... customers that differ by case' told_once 'differ only by case' "$CLIENTELE_DATA/csv/keys_by_case.csv" spelling
  ok '... and numbers that a spreadsheet cut off' told_once 'E+' "$CLIENTELE_DATA/csv/exponents.csv" exponents
  unset ATTACHED
fi
named_table() { # named_table NAME COLUMNS...: a table of these columns, found by their names
  psql -Xq -c 'SET client_min_messages = warning' -c "CREATE TABLE \"$1\" ($2)" -c "INSERT INTO \"$1\" VALUES ('a', '2024-01-02', 5, 'n1')" &&
    [ "$(psql -XqAtc "SELECT count(*) FROM attach_orders('\"$1\"', workspace => 'named_$number') WHERE topic IN ('customer', 'ordered_at', 'amount', 'order_id') AND finding LIKE '%found by its name'")" = 4 ]
}
ok 'a table with Russian names is found by them' named_table 'Заказы' '"Контрагент" text, "Дата документа" date, "СуммаДокумента" numeric, "Номер" text'
ok '... German ones' named_table bestellungen '"Käufer" text, "Bestelldatum" date, "Gesamtbetrag" numeric, "Bestell-Nr" text'
ok '... French ones' named_table commandes '"Numéro client" text, "Date de commande" date, "Montant TTC" numeric, "Numéro de commande" text'
ok '... Spanish ones' named_table pedidos 'cliente text, fecha date, importe numeric, "número_pedido" text'
ok '... Polish ones' named_table zamówienia '"kupujący" text, "data_zamówienia" date, "wartość" numeric, "nr_zamówienia" text'
echo "1..$number"
