// What a person can do on the page, in a real browser against the real feed server.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {after, before, test} from 'node:test';
import {once} from 'node:events';
import path from 'node:path';
import * as support from './support.mjs';

let server;
let url;
let browser;
let page;
const complaints = [];  // errors in the page's console

async function startServer(port = 0) {
  server = spawn(path.join(support.programs, 'origo-page-server'), [String(port)],
                 {stdio: ['ignore', 'pipe', 'inherit']});
  const [line] = await once(server.stdout, 'data');
  url = String(line).trim();
}

async function stopServer() {
  const gone = once(server, 'exit');
  server.kill('SIGTERM');
  await gone;
}

async function post(route) {
  const response = await fetch(url + route, {method: 'POST'});
  assert.equal(response.status, 200);
}

const picture = (name) => support.picture(page, name);
const waitForText = (selector, text) => support.waitForText(page, selector, text);
const cells = (row) => page.locator(row).locator('th, td').allInnerTexts();

// Whether anything but one colour is on the canvas.
const painted = (selector) => page.locator(selector).first().evaluate((canvas) => {
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size > 2;
});

before(async () => {
  await startServer();
  browser = await support.openBrowser();
  page = await support.openPage(browser, complaints);
  await page.goto(url);
  await waitForText('#connection', 'Live');
});

after(async () => {
  await browser?.close();
  if (server?.exitCode === null) await stopServer();
});

test('instruments are shown with live prices', async () => {
  await page.waitForSelector('#instruments tr[data-instrument="ins-4"]');
  await waitForText('tr[data-instrument="ins-1"] td:nth-child(2)', '12.40');
  assert.deepEqual(await cells('tr[data-instrument="ins-1"]'),
                   ['FR-BIOMETHANE-2025\nFrench biomethane, produced in 2025', '12.40', '12.60', '–']);
  // A tick of 5 cents.
  await waitForText('tr[data-instrument="ins-2"] td:nth-child(2)', '62.00');
  await post('/test/level?instrument=2&side=buy&price=1245&contracts=3');
  await waitForText('tr[data-instrument="ins-2"] td:nth-child(2)', '62.25');
});

test('the node says what it is', async () => {
  await waitForText('#venue', 'Origo demonstration venue');
  await waitForText('#banners', 'Demonstration market');
  await waitForText('#banners', 'Sync policy interval');
});

test('text from the market never becomes markup', async () => {
  assert.match(await page.innerText('tr[data-instrument="ins-3"] .long'), /^<img src=x/);
  assert.equal(await page.locator('#instruments img').count(), 0);
  assert.equal(await page.title(), 'Origo');
});

test('the depth of the chosen instrument changes as it happens', async () => {
  await page.click('tr[data-instrument="ins-1"] button');
  await waitForText('#depth-title', 'FR-BIOMETHANE-2025');
  await waitForText('#depth-note', 'EUR per contract of 1 MWh');
  await page.waitForSelector('#bids tr[data-ticks="1240"]');
  assert.equal(await page.locator('#bids tr').count(), 10);
  assert.equal(await page.innerText('#spread'), 'Spread 0.20');

  await post('/test/level?instrument=1&side=buy&price=1250&contracts=77');
  await page.waitForSelector('#bids tr[data-ticks="1250"]');
  assert.deepEqual(await cells('#bids tr >> nth=0'), ['12.50', '77', '8']);
  assert.equal(await page.innerText('#spread'), 'Spread 0.10');

  await post('/test/level?instrument=1&side=buy&price=1250&contracts=0');
  await page.waitForSelector('#bids tr[data-ticks="1250"]', {state: 'detached'});
  assert.equal(await page.innerText('#spread'), 'Spread 0.20');
});

test('orders at any price come first', async () => {
  await post('/test/level?instrument=1&side=buy&price=0&contracts=5');
  await page.waitForSelector('#bids tr[data-ticks="0"]');
  assert.deepEqual(await cells('#bids tr >> nth=0'), ['Any price', '5', '1']);
  assert.equal(await page.innerText('#spread'), 'Spread 0.20');
  await post('/test/level?instrument=1&side=buy&price=0&contracts=0');
  await page.waitForSelector('#bids tr[data-ticks="0"]', {state: 'detached'});
});

test('the depth can be that of all instruments whose orders meet', async () => {
  assert.deepEqual(await cells('#bids tr >> nth=0'), ['12.40', '21', '3']);
  await page.check('#combined');
  await page.waitForSelector('#bids tr[data-ticks="1240"][data-contracts="53"]');
  assert.deepEqual(await cells('#bids tr >> nth=0'), ['12.45', '3', '1']);
  assert.deepEqual(await cells('#bids tr >> nth=1'), ['12.40', '53', '7']);
  await picture('combined');
  await page.click('tr[data-instrument="ins-3"] button');
  await page.waitForSelector('#combined-choice', {state: 'hidden'});
  await page.click('tr[data-instrument="ins-1"] button');
  await page.waitForSelector('#bids tr[data-ticks="1240"][data-contracts="53"]');
  await page.uncheck('#combined');
  await page.waitForSelector('#bids tr[data-ticks="1240"][data-contracts="21"]');
});

test('a trade appears at once', async () => {
  await waitForText('#trades-empty', 'No trades yet');
  await post('/test/trade?instrument=1&price=1260&contracts=4&side=buy');
  await page.waitForSelector('#trades tr');
  assert.match((await cells('#trades tr >> nth=0')).join(' '), /12\.60 4$/);
  await waitForText('tr[data-instrument="ins-1"] td:nth-child(4)', '12.60');
  await post('/test/trade?instrument=1&price=1240&contracts=9&side=sell');
  await page.waitForSelector('#trades tr[data-trade="2"]');
  assert.equal(await page.locator('#trades tr').count(), 2);
  assert.match((await cells('#trades tr >> nth=0')).join(' '), /12\.40 9$/);
  await picture('market');
});

test('what an instrument traded for is drawn, and said in words', async () => {
  await waitForText('#price-note', '12.25 to 12.60 EUR, last 12.38, 155 contracts');
  await page.waitForSelector('#price-plot canvas');
  assert.ok(await painted('#price-plot canvas'), 'the chart is empty');
  await page.selectOption('#interval', '1h');
  await page.waitForFunction(() => document.getElementById('price-csv').href.includes('interval=1h'));
  assert.match(await page.getAttribute('#price-csv', 'href'), /ins-1.candles.interval=1h.*format=csv/);
});

test('the reference price says how it was made, and so do those before it', async () => {
  await waitForText('#reference-note', 'Reference price 12.38 EUR: average of the last trades of 2026-03-17, 35 contracts');
  await page.click('#references summary');
  await page.waitForSelector('#reference-rows tr:nth-child(2)');
  assert.deepEqual(await cells('#reference-rows tr >> nth=0'), ['2026-03-17', '12.38', 'average of the last trades', '35']);
  assert.deepEqual(await cells('#reference-rows tr >> nth=1'), ['2026-03-16', '12.40', 'closing call', '12']);
  assert.match(await page.getAttribute('#reference-csv', 'href'), /ins-1.reference-prices.*format=csv/);
});

test('supply and demand are drawn, and where they cross', async () => {
  await page.waitForSelector('#depth-plot canvas');
  assert.ok(await painted('#depth-plot canvas'), 'the chart is empty');
  await waitForText('#curve-note', 'Nothing crosses');
  await post('/test/level?instrument=1&side=buy&price=1270&contracts=4');
  await waitForText('#curve-note', 'Crosses at');
  await picture('crossed');
  await post('/test/level?instrument=1&side=buy&price=1270&contracts=0');
  await waitForText('#curve-note', 'Nothing crosses');
});

test('another instrument can be chosen by keyboard', async () => {
  await page.focus('tr[data-instrument="ins-2"] button');
  await page.keyboard.press('Enter');
  await waitForText('#depth-title', 'EU-BIOMETHANE-UNSUBSIDISED');
  await page.waitForSelector('#bids tr[data-ticks="1245"]');
  assert.equal(await page.getAttribute('[aria-current="true"] .code', 'class'), 'code');
  assert.equal(await page.locator('[aria-current="true"]').count(), 1);
  assert.equal(new URL(page.url()).hash, '#ins-2');
  await waitForText('#trades-empty', 'No trades yet');
});

test('the list can be filtered', async () => {
  await page.fill('#filter', 'biochar');
  await page.waitForSelector('tr[data-instrument="ins-1"]', {state: 'hidden'});
  assert.equal(await page.locator('#instruments tr:visible').count(), 1);
  await page.fill('#filter', '');
});

test('a cancellation statement is found and can be printed', async () => {
  await page.fill('#statement-id', 'CAN-3');
  await page.press('#statement-id', 'Enter');
  await page.waitForSelector('#statement:not([hidden]) h3');
  const text = await page.innerText('#statement');
  for (const part of ['can-3', '1,250 MWh', '1,250 certificates', '2026-03-02',
                      'Brasserie du Nord <b>SAS</b>', '2025-01-01 to 2025-12-31', 'FR-GAZ',
                      'BioBéarn, Mourenx', 'FR-9-000000001 to FR-9-000001000', '2001 to 2250',
                      'disclosure: 1,000 by Bar <i>du</i> Port for 2025-01-01 to 2025-12-31; ' +
                      'emissions 20.4 t CO₂e; report 2025; claimed on 2026-03-04 (clm-7): 1 to 1000; ' +
                      'void since they were withdrawn: FR-9-000000001']) {
    assert.ok(text.includes(part), `${part} in ${text}`);
  }
  await picture('statement');
  await page.emulateMedia({media: 'print'});
  assert.ok(await page.isVisible('#statement h3'));
  for (const hidden of ['.instruments', '.depth', '#lookup', '.top .connection', '.print']) {
    assert.ok(!await page.isVisible(hidden), hidden);
  }
  await picture('print');
  await page.emulateMedia({media: 'screen'});
});

test('an unknown or malformed statement number is explained', async () => {
  const before = complaints.length;
  await page.fill('#statement-id', 'can-999');
  await page.click('#lookup button');
  await waitForText('#lookup-message', 'There is no cancellation statement can-999');
  assert.ok(!await page.isVisible('#statement'));
  await page.fill('#statement-id', '<script>');
  await page.click('#lookup button');
  await waitForText('#lookup-message', 'looks like can-1');
  complaints.splice(before);  // the browser reports the 404 itself
});

test('the page reconnects when the node comes back', async () => {
  const before = complaints.length;
  const port = Number(new URL(url).port);
  await stopServer();
  await waitForText('#connection', 'Connection lost');
  await startServer(port);
  await waitForText('#connection', 'Live');
  await post('/test/level?instrument=2&side=buy&price=1255&contracts=5');
  await page.waitForSelector('#bids tr[data-ticks="1255"]');
  complaints.splice(before);  // refused connections
});

test('it fits a telephone and the dark', async () => {
  await page.setViewportSize({width: 390, height: 844});
  const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${overflow} pixels too wide`);
  await picture('telephone');
  await page.setViewportSize({width: 1360, height: 900});
  await page.click('#theme');
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
  await picture('dark');
});

test('the page never complained', () => {
  assert.deepEqual(complaints, []);
});
