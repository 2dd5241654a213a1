#!/bin/sh
# docs/reference.md is what the comments say; otherwise: psql -XqAt -f docs/reference.sql > docs/reference.md
docs=$(dirname "$0")/../docs
echo 1..1
if difference=$(psql -XqAt -f "$docs/reference.sql" | diff "$docs/reference.md" - 2>&1); then
  echo 'ok 1 - docs/reference.md is up to date'
else
  echo 'not ok 1 - docs/reference.md is up to date'
  printf '%s\n' "$difference" | head -n 40 | sed 's/^/# /'
fi
