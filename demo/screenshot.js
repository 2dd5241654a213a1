// The upper part of a page as a picture, for the README: node screenshot.js PAGE PICTURE BROWSER
'use strict';
const path = require('path');
const puppeteer = require('puppeteer-core');

const SIZE = { width: 1160, height: 1290 };

(async () => {
  const [page, picture, executablePath] = process.argv.slice(2);
  const browser = await puppeteer.launch({ executablePath, args: ['--no-sandbox'] });
  const tab = await browser.newPage();
  await tab.setViewport(SIZE);
  await tab.goto(`file://${path.resolve(page)}`);
  await tab.screenshot({ path: picture });
  await browser.close();
})();
