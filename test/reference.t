#!/usr/bin/env bash
# docs/reference.md and the table of README.md of what is in a workspace are what the comments say. With --write, in a database that
# has the extension, they are written.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
query() { psql -XqAt -v ON_ERROR_STOP=1 -f "$root/docs/$1.sql"; }
reference() { query reference; }
readme() {
  local rows
  rows=$(query views) && rows=$rows perl -0pe 's/(\| in the workspace \| what \|\n\|---\|---\|\n).*?\n\n/$1$ENV{rows}\n\n/s' "$root/README.md"
}
if [ "${1:-}" = --write ]; then
  reference >"$root/docs/reference.md.new" && mv "$root/docs/reference.md.new" "$root/docs/reference.md"
  readme >"$root/README.md.new" && mv "$root/README.md.new" "$root/README.md"
  exit
fi
is_up_to_date() { # NUMBER FILE COMMAND
  if difference=$("$3" | diff "$root/$2" - 2>&1); then
    echo "ok $1 - $2 is up to date"
  else
    echo "not ok $1 - $2 is up to date"
    printf '%s\n' "$difference" | head -n 40 | sed 's/^/# /'
  fi
}
echo 1..2
is_up_to_date 1 docs/reference.md reference
is_up_to_date 2 README.md readme
