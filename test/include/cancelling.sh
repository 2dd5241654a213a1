#!/usr/bin/env bash
# How late a statement_timeout ends a statement. Source it after setting work, a directory that is removed at exit; moments,
# per cent of the time that the statement takes; bound, in milliseconds; and defining session(), psql with its options.
#
#   ends_in_time NAME STATEMENT   a test: whether it is ended within the bound at each of the moments

: "${work:?}" "${moments:?}" "${bound:?}"

number=${number:-0}

# psql tells the time of the statement alone.
milliseconds() { # milliseconds TIMEOUT STATEMENT
  session -c "SET statement_timeout = $1" -c '\timing on' -c "$2" 2>"$work/error" | sed -n 's/^Time: \([0-9]*\).*/\1/p'
}

# Sets late: by how much the timeout was overrun, at worst.
measure() {
  local total=$1 statement=$2 moment timeout took
  late=0
  for moment in $moments; do
    timeout=$((total * moment / 100 + 1))
    took=$(milliseconds "$timeout" "$statement")
    grep -q 'statement timeout' "$work/error" && [ $((took - timeout)) -gt "$late" ] && late=$((took - timeout))
  done
}

# Sets least: the same, in the best of up to three tries; and what it may be.
measure_again() {
  allowed=$(($1 / 3 > bound ? $1 / 3 : bound))
  least=
  for _ in 1 2 3; do
    measure "$@"
    [ -n "$least" ] && [ "$late" -ge "$least" ] || least=$late
    [ "$least" -ge "$allowed" ] || break
  done
}

ends_in_time() {
  local total
  number=$((number + 1))
  total=$(milliseconds 0 "$2")
  if [ -s "$work/error" ]; then
    echo "not ok $number - $1" && sed 's/^/# /' "$work/error"
    return
  fi
  measure_again "$total" "$2"
  [ "$least" -lt "$allowed" ] || printf 'not '
  echo "ok $number - $1 is ended $least ms after the timeout, of $total ms that it takes"
}
