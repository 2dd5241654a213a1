-- workspace report: how the page looks. Colours are those of Okabe and Ito, which the colour-blind tell apart.

CREATE FUNCTION _clientele.report_style() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT regexp_replace($style$
:root {
  --page: #f6f7f9; --card: #fff; --edge: #dfe3e8; --ink: #1b2129; --soft: #56606c; --grid: #e6e9ed;
  --blue: #0072b2; --sky: #56b4e9; --orange: #e69f00; --heat-colour: 0, 114, 178; --up: #00694b; --down: #ad4400;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; }
main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 40px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0; }
h2 { font-size: 20px; line-height: 1.25; margin: 36px 0 12px; }
h3 { font-size: 15px; margin: 0; }
p { margin: 0; }
.as-of, .note, footer { color: var(--soft); font-size: 13px; }
.lead { font-size: 18px; margin: 16px 0 20px; max-width: 46em; }
.up { color: var(--up); } .down { color: var(--down); } .lead .up, .lead .down, .lead .flat { white-space: nowrap; }
.tiles { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 12px; }
.tile, .card { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; min-width: 0; }
.tile { padding: 12px 14px; }
.tile h2 { margin: 0; font-weight: 400; font-size: 13px; color: var(--soft); }
.tile b { display: block; font-size: 24px; line-height: 1.25; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.tile .long { font-size: 15px; line-height: 2; }
.tile p { font-size: 12px; min-height: 1.5em; color: var(--soft); }
.cards { display: flex; flex-wrap: wrap; gap: 14px; }
.card { padding: 16px; flex: 1 1 400px; }
.cards > .full { flex-basis: 100%; }
.card > .note + *, .card > h3 + * { margin-top: 10px; }
svg { display: block; width: 100%; overflow: visible; }
svg text { font-size: 12px; fill: var(--soft); }
.plot { display: grid; grid-template-columns: 52px minmax(0, 1fr); gap: 8px; padding: 8px 12px 0 0; }
.grid { stroke: var(--grid); } .zero { stroke: var(--soft); }
.line { fill: none; stroke: var(--blue); stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.band { fill: var(--blue); opacity: .18; }
.dot { fill: var(--blue); } .whisker { stroke: var(--blue); stroke-width: 2; }
.bar, .part1 { fill: var(--blue); background: var(--blue); }
.part2 { fill: var(--sky); background: var(--sky); }
.part3 { fill: var(--orange); background: var(--orange); }
.part4 { fill: var(--soft); background: var(--soft); }
.mark { stroke: var(--ink); stroke-width: 2; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 13px; }
.legend i { display: inline-block; width: 12px; height: 12px; border-radius: 2px; margin-right: 6px; vertical-align: -1px; }
.legend .part5 { background: var(--ink); height: 3px; width: 16px; vertical-align: 4px; }
table { width: 100%; border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 400; } thead th { color: var(--soft); font-size: 12px; vertical-align: bottom; }
th, td { padding: 5px 8px 5px 0; overflow-wrap: anywhere; vertical-align: top; } thead th { overflow-wrap: normal; }
td { text-align: right; } th:last-child, td:last-child { padding-right: 0; }
tbody tr + tr > * { border-top: 1px solid var(--grid); }
.bars tr > * { border: 0 !important; vertical-align: middle; }
.bars th:first-child { width: 24%; } .bars td:nth-child(2) { width: 48%; padding-right: 14px; } .bars td:last-child { text-align: left; }
.ends { display: flex; justify-content: space-between; }
small { display: block; font-size: 12px; color: var(--soft); }
.wide { overflow-x: auto; }
.heat { min-width: 560px; } .tried { min-width: 600px; } .heat th, .heat td { overflow-wrap: normal; white-space: nowrap; }
.heat td, .heat thead th { text-align: center; padding: 5px 4px; } .heat tr > * { border: 1px solid var(--card) !important; }
.heat thead th:first-child { text-align: left; }
.heat td[style] { background: rgba(var(--heat-colour), var(--heat)); }
.matrix { table-layout: fixed; border-spacing: 4px; border-collapse: separate; }
.matrix tr > :first-child { width: 30px; padding: 4px; background: none; font-size: 18px; font-weight: 700; vertical-align: middle; }
.matrix td { text-align: left; border: 0 !important; border-radius: 6px; padding: 10px; background: rgba(var(--heat-colour), var(--heat)); }
.matrix small { color: var(--ink); } .matrix b { display: block; font-size: 15px; }
.list th[scope=row], .list .said { min-width: 5.5em; } .list td { white-space: nowrap; } .list td.said { white-space: normal; text-align: left; } .list thead th + th { text-align: right; }
.words td:nth-child(2), .words thead th:nth-child(2), .offered td:nth-child(3), .offered thead th:nth-child(3) { text-align: left; white-space: normal; }
.warn { border-left: 4px solid var(--orange); padding-left: 12px; margin: 14px 0; }
details { margin-top: 10px; font-size: 13px; } summary { color: var(--soft); cursor: pointer; width: max-content; }
.figures { margin-top: 8px; } .figures th, .figures td { white-space: nowrap; }
footer { margin-top: 28px; }
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #12161b; --card: #1b2128; --edge: #2f3842; --ink: #e8ecf0; --soft: #a3adb8; --grid: #2b333c;
    --blue: #5aa9dc; --sky: #a8d8f5; --orange: #f0b640; --heat-colour: 60, 145, 205; --up: #5fd3a8; --down: #ff9d5c;
  }
}
@media (max-width: 900px) { .tiles { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
@media (max-width: 700px) {
  main { padding: 20px 12px 32px; } .card { padding: 14px 12px; flex-basis: 100%; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); } .lead { font-size: 16px; }
  .bars th:first-child { width: 30%; } .bars td:nth-child(2) { width: 34%; }
  .minor { display: none; } .list td { white-space: normal; overflow-wrap: normal; } .list td.said { overflow-wrap: anywhere; } .list td, .list th { padding-right: 5px; }
  .matrix td { padding: 8px 6px; font-size: 12px; } .matrix tr > :first-child { width: 22px; }
}
@page { size: A4; margin: 12mm; }
@media print {
  body { background: #fff; font-size: 12px; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main { max-width: none; padding: 0; } details { display: none; } .wide { overflow: visible; } .heat { min-width: 0; }
  .tiles { grid-template-columns: repeat(6, minmax(0, 1fr)); } .tile b { font-size: 18px; }
  .card, .tile, tr { break-inside: avoid; } h2 { break-after: avoid; }
}
$style$, '[[:space:]]*' || chr(10) || '[[:space:]]*', ' ', 'g')
$$;
