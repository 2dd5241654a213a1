#!/usr/bin/env bash
# Years ahead and years back, in other time zones and languages, everything shows what it shows today and here
set -u
cd "$(dirname "$0")/.." || exit
# shellcheck source=test/include/tap.sh
source test/include/tap.sh
work=$(mktemp -d)
# shellcheck source=test/include/own_server.sh
source test/include/own_server.sh
# shellcheck source=test/include/clock.sh
source test/include/clock.sh
clean_up() {
  stop_servers
  here -d postgres -c 'DROP DATABASE IF EXISTS clock_shop WITH (FORCE)' 2>"$work/none"
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
here() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }
there() { at "$there" "$@"; }
skip() { number=$((number + 1)) && echo "ok $number # SKIP $1"; }

# --- What is shown ---

# shop CONNECTION NAME: all rows of the shop that releases keep, which sets its reporting date, in NAME.shop
shop() {
  "$1" -d postgres -c 'CREATE DATABASE clock_shop TEMPLATE template0' && "$1" -d clock_shop -c 'CREATE EXTENSION clientele' &&
    "$1" -d clock_shop -o "$work/none" -f release/shop.sql && "$1" -d clock_shop -f release/rows.sql >"$work/$2.shop"
}

# demo CONNECTION NAME DAY: what the demo shows of a small shop as of the day, in NAME.attached and NAME.tour
demo() {
  local connection=$1 places
  sed "s/as_of = 'auto'/as_of = '$3'/" demo/tour.sql >"$work/tour.sql"
  "$connection" -o "$work/none" -v customers=200 -v seed=1 -f demo/shop.sql &&
    "$connection" -c 'SET client_min_messages = warning' -c "SELECT * FROM attach_orders('shop.orders', time_zone => 'Europe/Berlin')" >"$work/$2.attached" &&
    "$connection" -c "UPDATE loyalty.settings SET as_of = '$3'" || return
  mapfile -t places < <("$connection" -F $'\n' -f demo/places.sql)
  "$connection" -v "some_months_ago=${places[0]}" -v "half_way=${places[1]}" -v "customer=${places[2]}" -f "$work/tour.sql" >"$work/$2.tour"
}

# The examples of README.md and docs/, in databases of their own
examples() { PGHOST=$work/$there.socket perl test/readme.t >"$work/examples" || { sed -n '/^ok/d; p' "$work/examples" && false; }; }

# --- Here, and elsewhere at another time ---

languages=1
for language in de_DE tr_TR; do localedef -i "$language" -f UTF-8 "$work/$language.UTF-8" >"$work/none" 2>&1 || languages=''; done
[ -n "$languages" ] || skip 'no other language: localedef cannot make one here (locales)'

# elsewhere NAME TIME ZONE LANGUAGE: a server whose machine has that clock, zone and language
elsewhere() {
  there=$1
  set_clock "$2" "$work" &&
    TZ=$3 LOCPATH=$work LC_ALL=${languages:+$4.UTF-8} make_server "$1" "timezone = '$3'" && there -c 'CREATE EXTENSION clientele'
}
says() { [ "$(there -c "$1")" = "$2" ] || { there -c "$1" && false; }; }
is_month() { says "SELECT to_char(now(), 'YYYY-MM${languages:+ TMMonth}')" "$1${languages:+ $2}"; }
# Words sort as the language has it.
same() { diff <(sort "$work/here.$1") <(sort "$work/$there.$1"); }

ok 'here there is a shop' shop here here
ok '... with rows' test "$(wc -l <"$work/here.shop")" -gt 5000
ok '... and the demo' demo here here auto
ok '... has something to show' test "$(wc -l <"$work/here.tour")" -gt 200
day=$(here -c 'SELECT as_of FROM loyalty.reporting_date')

ok 'a server years ahead' elsewhere ahead '2044-02-29 11:30' Pacific/Kiritimati de_DE
ok '... is in that time, there' is_month 2044-03 März
ok '... has the shop' shop there ahead
ok '... which shows the same' same shop
ok '... and the demo' demo there ahead auto
ok '... which finds the same' same attached
ok '... and shows the same' same tour
ok '... README.md and docs/ give what they show' examples

ok 'a server years back' elsewhere back '2012-01-01 02:30' America/St_Johns tr_TR
ok '... is in that time, there' is_month 2011-12 Aralık
ok '... has the shop' shop there back
ok '... which shows the same' same shop
ok '... and the demo, as of the day that it speaks of here' demo there back "$day"
ok '... which shows the same' same tour

# --- From another shell ---

# left_of VARIABLE...: what test/run.sh and the others leave of a caller's environment
left_of() { env -i "PATH=$PATH" "$@" bash -c 'source test/server.sh && export -p'; }
home=(LANG=tr_TR.UTF-8 LANGUAGE=de LC_ALL=tr_TR.UTF-8 LC_NUMERIC=de_DE.UTF-8 "LOCPATH=$work" TZ=Pacific/Kiritimati PGTZ=America/St_Johns PGDATESTYLE=German
  'PGOPTIONS=-c intervalstyle=iso_8601' PGHOST=elsewhere PG_COLOR=always PERL5OPT=-Mnothing HARNESS_OPTIONS=j9 MAKEFLAGS=n GREP_OPTIONS=-v TAR_OPTIONS=--nothing
  GIT_DIR=/nowhere CDPATH=/ POSIXLY_CORRECT=1)
nothing_left() { left_of >"$work/left" && grep -q 'TZ="UTC"' "$work/left" && left_of "${home[@]}" | diff "$work/left" -; }
ok "of a caller's language, time zone, connection and tools nothing is left" nothing_left
echo "1..$number"
