// A page as a picture, as high as asked for or, with 0, as it is: node screenshot.js PAGE PICTURE WIDTH HEIGHT BROWSER
'use strict';
const path = require('path');
const puppeteer = require('puppeteer-core');

(async () => {
  const [page, picture, width, height, executablePath] = process.argv.slice(2);
  const browser = await puppeteer.launch({ executablePath, args: ['--no-sandbox'] });
  const tab = await browser.newPage();
  await tab.setViewport({ width: Number(width), height: Number(height) || 100 });
  await tab.goto(`file://${path.resolve(page)}`);
  await tab.screenshot({ path: picture, fullPage: height === '0' });
  await browser.close();
})();
