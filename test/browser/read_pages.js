// Opens pages in Chromium as a reader would: on a phone and a desk, in the light and the dark, and on paper.
//   node read_pages.js FOLDER       FOLDER/NAME.html are the pages, FOLDER/NAME.json what their figures should be
'use strict';
const fs = require('fs');
const path = require('path');
const puppeteer = require('puppeteer-core');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const SCREENS = [
  ['a phone', { width: 390, height: 844 }, 'light'],
  ['a phone at night', { width: 390, height: 844 }, 'dark'],
  ['a desk', { width: 1280, height: 900 }, 'light'],
  ['a desk at night', { width: 1280, height: 900 }, 'dark'],
];
const A4 = { width: 703, height: 1032 }; // within its margins

let tests = 0;
let failures = 0;
function is(got, wanted, what) {
  const [have, want] = [JSON.stringify(got), JSON.stringify(wanted)];
  tests++;
  if (have === want) return console.log(`ok ${tests} - ${what}`);
  failures++;
  console.log(`not ok ${tests} - ${what}\n#  have: ${have.slice(0, 2000)}\n#  want: ${want}`);
}

// --- What runs within the page ---

// Text that reaches out of what it stands in: the card or tile, or the content of what scrolls.
function textCut() {
  const cut = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest('details:not([open])') && !element.closest('summary')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const scroller = element.closest('.wide');
    const frame = (element.closest('.card, .tile') || document.documentElement).getBoundingClientRect();
    for (const box of range.getClientRects()) {
      if (box.left < frame.left - 1 || !(scroller && scroller.scrollWidth > scroller.clientWidth) && box.right > frame.right + 1) cut.push(node.data.slice(0, 60));
    }
  }
  return cut;
}

// Labels of charts that lie on each other.
function labelsMet() {
  const met = [];
  for (const chart of document.querySelectorAll('svg')) {
    const labels = [...chart.querySelectorAll(':scope > text')].filter((label) => getComputedStyle(label).display !== 'none');
    const boxes = labels.map((label) => label.getBoundingClientRect());
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b, j) => {
      if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) met.push(`${labels[i].textContent}, ${labels[i + 1 + j].textContent}`);
    }));
  }
  return met;
}

const overflow = () => Math.max(0, document.documentElement.scrollWidth - innerWidth);
const images = () => document.querySelectorAll('script, img, iframe, object, embed, link, form, audio, video').length;
const unlabelled = () => [...document.querySelectorAll('svg')].filter((chart) => !chart.closest('[aria-hidden=true], [role=img][aria-label]')).length;
const tiles = () => Object.fromEntries([...document.querySelectorAll('.tile')].map((tile) => [tile.querySelector('h2').innerText, tile.querySelector('b').innerText]));
const rows = (view) => [...document.querySelectorAll(`[data-view=${view}] tbody tr`)].map((row) => [...row.children].map((cell) => cell.innerText.split('\n')[0]));

// --- What a page should show, written by another's formats ---

const number = (value, decimals = 0) => new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals, roundingMode: 'halfExpand' }).format(value);
const money = (value) => number(value, Math.abs(value) < 1000 ? 2 : 0);

async function readFigures(page, name, expected) {
  const { standing, stages, at_risk: atRisk, segments } = expected;
  if (standing) {
    const figures = { Revenue: money(standing.revenue), 'Active customers': number(standing.active_customers), 'New customers': number(standing.new_customers),
      'Had bought before': `${number(100 * standing.repeat_share)}%`, 'Average order': money(standing.average_order) };
    if (standing.nps === null) figures['Regular customers'] = number(standing.regular_customers);
    else figures['Net Promoter Score'] = number(standing.nps);
    is(await page.evaluate(tiles), figures, `${name}: six figures of the last complete period`);
  }
  is((await page.evaluate(rows, 'lifecycle_summary')).map((row) => [row[0], row[2]]), stages.map((row) => [row.stage, number(row.customers)]), `${name}: customers by stage`);
  is((await page.evaluate(rows, 'rfm_segments')).map((row) => [row[0], row[2]]), segments.map((row) => [row.segment, money(row.revenue)]), `${name}: revenue by segment`);
  is((await page.evaluate(rows, 'at_risk')).map((row) => [row[0], row[4]]), atRisk.map((row) => [row.customer, money(row.last_year_revenue)]), `${name}: whom to call, with what they bring`);
}

async function readScreen(page, name, screen, viewport, scheme) {
  await page.setViewport(viewport);
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  is(await page.evaluate(overflow), 0, `${name} on ${screen}: nothing is wider than the screen`);
  is(await page.evaluate(textCut), [], '... no text is cut');
  is(await page.evaluate(labelsMet), [], '... no labels lie on each other');
  const { violations } = await page.evaluate(() => axe.run());
  is(violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 200)}`), [], '... nor does axe find anything');
}

async function readPaper(page, name) {
  await page.setViewport(A4);
  await page.emulateMediaType('print');
  is(await page.evaluate(overflow), 0, `${name} on paper: nothing is wider than A4`);
  is(await page.evaluate(textCut), [], '... no text is cut');
  is((await page.pdf({ preferCSSPageSize: true, printBackground: true })).length > 10000, true, '... it prints');
  await page.emulateMediaType(null);
}

async function readPage(browser, folder, name) {
  const page = await browser.newPage();
  const requests = [];
  const complaints = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => complaints.push(dialog.message()) && dialog.dismiss());
  const url = `file://${path.join(folder, name)}.html`;
  await page.goto(url, { waitUntil: 'networkidle0' });
  is(requests, [url], `${name}: nothing is loaded but the page`);
  is([await page.evaluate(images), complaints], [0, []], '... nothing runs in it');
  is(await page.evaluate(unlabelled), 0, '... each chart has a text beside it');
  await readFigures(page, name, JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), 'utf8')));
  await page.evaluate(axe);
  for (const screen of SCREENS) await readScreen(page, name, ...screen);
  await readPaper(page, name);
  await page.close();
}

(async () => {
  const folder = path.resolve(process.argv[2]);
  const browser = await puppeteer.launch({ executablePath: process.argv[3], args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  try {
    for (const file of fs.readdirSync(folder).filter((f) => f.endsWith('.html')).sort()) await readPage(browser, folder, path.basename(file, '.html'));
  } finally {
    await browser.close();
  }
  console.log(`1..${tests}`);
  process.exitCode = failures ? 1 : 0;
})();
