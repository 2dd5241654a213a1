#!/usr/bin/env bash
# node-postgres reads a workspace, our types and our errors, in text, and writes our types in binary too
set -u
cd "$(dirname "$0")/clients" || exit
skip() { echo "1..0 # SKIP $1" && exit; }
for program in node npm; do
  command -v "$program" >/dev/null || skip "no $program here"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# At the machine's own time, when certificates hold.
timeout 60 env -u LD_PRELOAD npm install --prefix "$work" --cache "$work/cache" --ignore-scripts --no-audit --no-fund \
  --fetch-retries=0 pg@8 >"$work/log" 2>&1 || skip 'npm could not install node-postgres here'

psql -Xq -o /dev/null -f shop.sql || exit
NODE_PATH=$work/node_modules node read_shop.js
