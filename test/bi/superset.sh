#!/usr/bin/env bash
# The boards in Superset itself: installs it from PyPI into a directory of its own, starts it on this machine alone, imports
# the boards of the demo's shop, opens each in Chromium, and fails unless every chart draws data.
#
#   bash test/bi/superset.sh [SCREENSHOTS]    a directory for monday.png, customers.png and voice.png
#
# Not one of test/run.sh, as it fetches 700 MB and takes some minutes. Where PyPI, npm or Chromium are missing it says so, and
# is skipped. Environment: CLIENTELE_SUPERSET (a directory where what was installed stays for the next time).
set -euo pipefail
SCREENSHOTS=$(mkdir -p "${1:-/tmp}" && cd "${1:-/tmp}" && pwd)
FOLDER=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=test/server.sh
source "$FOLDER/../server.sh"

PACKAGES_OF_SUPERSET=('apache-superset==5.0.0' 'marshmallow<4' 'psycopg2-binary==2.9.*')
WORKSPACE=loyalty

skip() { echo "skipped: $1" && exit; }

main() {
  local program
  case "${1:-}" in -h | --help) usage && exit ;; esac
  for program in node npm chromium; do
    command -v "$program" >/dev/null || skip "no $program here"
  done
  find_python
  # shellcheck disable=SC2119  # without "tests"
  need_packages
  attempt 'installing Superset' install_superset
  [ "$STATUS" = 0 ] || skip "pip could not install ${PACKAGES_OF_SUPERSET[*]}: $(tail -n 1 "$RUN/step.log")"
  attempt 'installing puppeteer-core' install_puppeteer
  [ "$STATUS" = 0 ] || skip 'npm could not install puppeteer-core'
  build_cached
  start_server 'jit = off'
  step 'making a shop' make_shop
  step 'setting up Superset' set_up_superset
  step 'importing the boards' import_boards
  interruptible open_boards
}

# One that can make environments: Debian's cannot without python3-venv, others depend on where home is.
find_python() {
  local candidate work
  work=$(mktemp -d)
  for PYTHON in python3.11 python3.10 python3 /usr/bin/python3; do
    candidate=$("$PYTHON" -c 'import sys; print(sys.executable)' 2>/dev/null) || continue
    if "$candidate" -m venv "$work/try" >/dev/null 2>&1; then break; fi
    candidate=''
  done
  rm -rf "$work"
  [ -n "$candidate" ] || skip 'no python3 with venv here'
  PYTHON=$candidate
}

install_superset() {
  local folder
  folder=$(superset_folder)
  [ ! -x "$folder/bin/superset" ] || return 0
  "$PYTHON" -m venv "$folder" &&
    timeout 1800 "$folder/bin/pip" install -q --no-cache-dir --disable-pip-version-check "${PACKAGES_OF_SUPERSET[@]}"
}

install_puppeteer() {
  timeout 120 npm install --prefix "$RUN/npm" --cache "$RUN/npm/cache" --ignore-scripts --no-audit --no-fund --fetch-retries=0 puppeteer-core@24
}

# The role is what docs/bi.md gives a tool.
make_shop() {
  psql -Xq -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION clientele' -v customers=2000 -v seed=1 -f "$PROJECT/demo/shop.sql" \
    -c "SELECT attach_orders('shop.orders', time_zone => 'Europe/Berlin', diagnose => false)" -f "$PROJECT/demo/attach_shop.sql" \
    -c 'CREATE ROLE superset LOGIN' -c 'ALTER ROLE superset SET default_transaction_read_only = on' \
    -c "SELECT grant_workspace('$WORKSPACE', 'superset', for_bi => true)"
}

# In a subshell, which becomes Superset itself: that is what is to be ended.
superset_folder() { echo "${CLIENTELE_SUPERSET:-$RUN/superset}"; }
superset() { SUPERSET_CONFIG_PATH=$RUN/superset_home/superset_config.py exec "$(superset_folder)/bin/superset" "$@"; }

set_up_superset() {
  mkdir "$RUN/superset_home"
  printf '%s\n' "SECRET_KEY = '$(new_password)'" "SQLALCHEMY_DATABASE_URI = 'sqlite:///$RUN/superset_home/superset.db'" >"$RUN/superset_home/superset_config.py"
  new_password >"$RUN/superset_home/password"
  (superset db upgrade) &&
    (superset fab create-admin --username admin --firstname A --lastname A --email admin@example.com --password "$(<"$RUN/superset_home/password")") &&
    (superset init)
}

new_password() { od -An -N 24 -tx1 /dev/urandom | tr -d ' \n'; }

import_boards() {
  "$PYTHON" "$PROJECT/dashboards/superset/build.py" "postgresql://superset@/postgres?host=$RUN" "$WORKSPACE" -o "$RUN/boards.zip" &&
    superset import-dashboards -p "$RUN/boards.zip" -u admin
}

# What is to be on each board, with its number.
list_boards() {
  "$PYTHON" - "$PROJECT/dashboards" "$RUN/superset_home/superset.db" "$WORKSPACE" <<'PYTHON'
import json, sqlite3, sys
sys.path.insert(0, sys.argv[1])
from cards import read_boards, read_cards
numbers = dict(sqlite3.connect(sys.argv[2]).execute("SELECT dashboard_title, id FROM dashboards"))
cards = read_cards()
print(json.dumps([{"name": board.name, "id": numbers[f"{board.name} ({sys.argv[3]})"], "height": 48 * sum(row["height"] for row in board.rows) + 200,
                   "charts": [cards[name].title for row in board.rows for name in row["cards"]]} for board in read_boards()]))
PYTHON
}

free_port() { "$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

open_boards() {
  local port server status=0
  port=$(free_port)
  superset run -h 127.0.0.1 -p "$port" --with-threads >"$RUN/superset.log" 2>&1 &
  server=$!
  wait_for "http://127.0.0.1:$port/health" &&
    NODE_PATH=$RUN/npm/node_modules node "$FOLDER/superset_boards.js" "http://127.0.0.1:$port" admin "$(<"$RUN/superset_home/password")" \
      "$(command -v chromium)" "$(list_boards)" "$SCREENSHOTS" || status=$?
  kill "$server"
  [ "$status" = 0 ] || grep -A 30 Traceback "$RUN/superset.log" | tail -n 60 || true
  return "$status"
}

wait_for() {
  local tries=120
  until "$PYTHON" -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=5)' "$1" 2>/dev/null; do
    [ $((tries -= 1)) -gt 0 ] || return 1
    sleep 1
  done
}

export FLASK_APP=superset SCARF_ANALYTICS=false PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=ignore
main "$@"
