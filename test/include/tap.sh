#!/usr/bin/env bash
# For tests in bash to source that have a directory $work of their own:
#   ok NAME COMMAND...   a test: whether the command succeeds; with what it said where it does not
# The last line of such a test is: echo "1..$number"

number=0
ok() {
  number=$((number + 1))
  if "${@:2}" >"${work:?}/out" 2>&1; then
    echo "ok $number - $1"
  else
    echo "not ok $number - $1"
    tail -n 40 "$work/out" | cut -c1-2000 | sed 's/^/# /'
  fi
}
