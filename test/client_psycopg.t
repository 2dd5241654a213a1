#!/usr/bin/env bash
# psycopg reads a workspace, our types and our errors, in text and in binary
set -u
cd "$(dirname "$0")/clients" || exit
skip() { echo "1..0 # SKIP $1" && exit; }
# Debian's psycopg is that of Debian's Python.
for python in /usr/bin/python3 python3 ''; do
  "$python" -c 'import psycopg' 2>/dev/null && break
done
[ -n "$python" ] || skip 'no psycopg here (python3-psycopg)'

psql -Xq -o /dev/null -f shop.sql || exit
"$python" read_shop.py
