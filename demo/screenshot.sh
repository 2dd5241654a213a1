#!/usr/bin/env bash
# Makes docs/report.png, which README shows, from the demo's shop; takes Chromium, Node and npm.
#
#   bash demo/screenshot.sh
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --prefix "$work" --ignore-scripts --no-audit --no-fund puppeteer-core@24 >"$work/log" 2>&1 || { cat "$work/log" && exit 1; }
bash demo/run.sh --report "$work/report.html" --currency '€'
NODE_PATH=$work/node_modules node demo/screenshot.js "$work/report.html" docs/report.png "$(command -v chromium)"
