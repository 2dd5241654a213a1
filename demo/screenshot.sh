#!/usr/bin/env bash
# Makes the pictures of the documents from the demo's shop: docs/report.png, which README shows, and docs/demo.png, what
# the demo says last. Takes Chromium, Node and npm.
#
#   bash demo/screenshot.sh
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm install --prefix "$work" --ignore-scripts --no-audit --no-fund puppeteer-core@24 >"$work/log" 2>&1 || { cat "$work/log" && exit 1; }
picture() { NODE_PATH=$work/node_modules node demo/screenshot.js "$@" "$(command -v chromium)"; }

# The place of the report is another on each machine.
bash demo/run.sh --report "$work/report.html" --currency '€' | tee /dev/stderr | sed -n '/^How the shop stands/,$p' |
  sed "s#$work/##; s/&/\&amp;/g; s/</\&lt;/g" >"$work/said"
{
  printf '<!DOCTYPE html><meta charset="utf-8"><style>body{margin:0;background:#1b2128}pre{margin:0;padding:20px;color:#e8ecf0;font:14px/1.45 monospace}</style><pre>'
  cat "$work/said"
} >"$work/said.html"
picture "$work/report.html" docs/report.png 1160 1290
picture "$work/said.html" docs/demo.png 1040 0
