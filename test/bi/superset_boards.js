// Opens each board in Chromium, and says in TAP whether every chart of it draws data.
//   node superset_boards.js URL USER PASSWORD CHROMIUM BOARDS SCREENSHOTS
// BOARDS is JSON: [{"name": "Monday", "id": 1, "charts": ["Revenue", …]}, …]; screenshots go to SCREENSHOTS/monday.png and so on.
'use strict';
const path = require('path');
const puppeteer = require('puppeteer-core');

const [url, user, password, chromium, boardsJson, screenshots] = process.argv.slice(2);
let tests = 0;
let failures = 0;
function is(got, wanted, what) {
  const [have, want] = [JSON.stringify(got), JSON.stringify(wanted)];
  tests++;
  if (have === want) return console.log(`ok ${tests} - ${what}`);
  failures++;
  console.log(`not ok ${tests} - ${what}\n#  have: ${have.slice(0, 4000)}\n#  want: ${want}`);
}

// --- What runs within the page ---

// What a chart holds: a canvas that is not blank, rows of a table, or a number; or what it complains of.
function charts() {
  const drawn = (canvas) => {
    const copy = document.createElement('canvas');
    [copy.width, copy.height] = [40, 40];
    const pen = copy.getContext('2d');
    pen.drawImage(canvas, 0, 0, 40, 40);
    const colours = new Set(new Uint32Array(pen.getImageData(0, 0, 40, 40).data.buffer));
    return colours.size > 2;
  };
  return [...document.querySelectorAll('.dashboard-component-chart-holder')].map((chart) => {
    const title = (chart.querySelector('.header-title') || chart).innerText.split('\n')[0];
    const text = chart.innerText;
    const complaint = chart.querySelector('.ant-alert-error, [role=alert], .ant-empty') || /No results|Unexpected error|See more/.test(text);
    const canvas = [...chart.querySelectorAll('canvas')];
    const rows = chart.querySelectorAll('tbody tr').length;
    const number = /\d/.test((chart.querySelector('.header-line') || { innerText: '' }).innerText);
    return { title, data: !complaint && (number || rows > 0 || canvas.some(drawn)), says: complaint ? text.slice(0, 300) : '' };
  });
}

async function logIn(page) {
  await page.goto(`${url}/login/`, { waitUntil: 'domcontentloaded' });
  await page.waitForSelector('#username');
  await page.type('#username', user);
  await page.type('#password', password);
  await Promise.all([page.waitForNavigation({ waitUntil: 'domcontentloaded' }), page.keyboard.press('Enter')]);
}

// Every chart has drawn or complained, or has had its time. What Superset asks of others stays out.
async function openBoard(page, id) {
  await page.goto(`${url}/superset/dashboard/${id}/?standalone=2`, { waitUntil: 'domcontentloaded' });
  await page.waitForSelector('.dashboard-component-chart-holder', { timeout: 60000 });
  await page.waitForFunction(`((found) => found.length > 0 && found.every((chart) => chart.data || chart.says))((${charts})())`, { timeout: 60000, polling: 500 }).catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 2000)); // charts grow into place
}

async function readBoard(page, board) {
  await page.setViewport({ width: 1280, height: board.height });
  await openBoard(page, board.id);
  const found = await page.evaluate(charts);
  const end = await page.evaluate(() => Math.ceil(document.querySelector('.dashboard-grid').getBoundingClientRect().bottom));
  await page.screenshot({ captureBeyondViewport: false, clip: { x: 0, y: 0, width: 1280, height: end }, path: path.join(screenshots, `${board.name.toLowerCase().split(' ')[0]}.png`) });
  is(found.map((chart) => chart.title).sort(), board.charts.sort(), `${board.name}: its charts are there`);
  for (const chart of found) is([chart.data, chart.says], [true, ''], `... "${chart.title}" draws data`);
}

(async () => {
  const browser = await puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    await logIn(page);
    for (const board of JSON.parse(boardsJson)) await readBoard(page, board);
  } finally {
    await browser.close();
  }
  console.log(`1..${tests}`);
  process.exitCode = failures ? 1 : 0;
})();
