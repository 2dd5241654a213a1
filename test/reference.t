#!/usr/bin/env bash
# docs/reference.md, the table of docs/workspace.md of what is in a workspace, and that of docs/attaching.md of the columns that
# are found are what the catalogue and its comments say. With --write, in a database that has the extension, they are written.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
query() { psql -XqAt -v ON_ERROR_STOP=1 -f "$root/docs/$1.sql"; }
# with_rows FILE HEADING QUERY: the document, with the rows of the query in its table of that heading
with_rows() {
  local rows
  rows=$(query "$3") && heading=$2 rows=$rows perl -0pe 's/(^\Q$ENV{heading}\E\n[-|]+\n)(?:\|.*\n)*/$1$ENV{rows}\n/m' "$root/$1"
}
reference() { query reference; }
workspace() { with_rows docs/workspace.md '| in the workspace | what |' views; }
attaching() { with_rows docs/attaching.md '| attached by | argument | found by the names | of the types |' columns; }
documents=(reference workspace attaching)
if [ "${1:-}" = --write ]; then
  for document in "${documents[@]}"; do
    "$document" >"$root/docs/$document.md.new" && mv "$root/docs/$document.md.new" "$root/docs/$document.md"
  done
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
echo "1..${#documents[@]}"
number=0
for document in "${documents[@]}"; do is_up_to_date $((++number)) "docs/$document.md" "$document"; done
