// The page on a real node with the demo market: what is traded and cancelled there is seen here.
import assert from 'node:assert/strict';
import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import * as support from './support.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
const complaints = [];
let data;
let node;
let url;
let browser;
let page;

const waitForText = (selector, text) => support.waitForText(page, selector, text);

// One month of the published volumes is enough to look at.
const demoArguments = (...options) =>
  ['demo', '--data', data, '--first', '2023-03', '--last', '2023-03', ...options];
const demo = () => run(path.join(support.programs, 'origo'), demoArguments(), {cwd: root});

before(async () => {
  data = path.join(await fs.mkdtemp(path.join(os.tmpdir(), 'origo-browser-')), 'node');
  node = spawn(path.join(support.programs, 'origod'),
               ['--data', data, '--demo', '--clock', '2023-04-28T08:00:00Z', '--schemes', 'schemes',
                '--grpc', '127.0.0.1:0', '--http', '127.0.0.1:0', '--log-level', 'warn'],
               {cwd: root, stdio: ['ignore', 'ignore', 'inherit']});
  const addresses = path.join(data, 'origod.addresses.json');
  while (!existsSync(addresses)) {
    assert.equal(node.exitCode, null, 'the node ended');
    await pause(20);
  }
  url = `http://${JSON.parse(await fs.readFile(addresses, 'utf8')).http}`;
  await demo();
  browser = await support.openBrowser();
  page = await support.openPage(browser, complaints);
  await page.goto(url);
  await waitForText('#connection', 'Live');
});

after(async () => {
  await browser?.close();
  if (node?.exitCode === null) {
    const gone = once(node, 'exit');
    node.kill('SIGTERM');
    await gone;
  }
  await fs.rm(path.dirname(data), {recursive: true, force: true});
});

test('the instruments of the demo have prices, depth and trades', async () => {
  await page.waitForSelector('#instruments tr');
  await page.waitForSelector('#trades tr');
  await page.waitForSelector('.ladder tr[data-ticks]');
  const {instruments} = await (await fetch(`${url}/api/v1/instruments`)).json();
  assert.equal(await page.locator('#instruments tr').count(), instruments.length);
  for (const {code} of instruments) await waitForText('#instruments .code', code);
  await support.picture(page, 'node');
});

test('what was traded is drawn, and can be had as JSON and CSV', async () => {
  await page.waitForSelector('#price-plot canvas');
  const key = await page.getAttribute('#instruments tr.selected', 'data-instrument');
  const path = `${url}/api/v1/instruments/${key}/candles`;
  const {candles} = await (await fetch(`${path}?interval=1d`)).json();
  assert.ok(candles.length > 0);
  await waitForText('#price-note', `${candles.reduce((sum, {volume}) => sum + BigInt(volume), 0n).toLocaleString('en-GB')} contracts`);
  const csv = (await (await fetch(`${path}?interval=1d&format=csv`)).text()).trim().split('\r\n');
  assert.equal(csv[0], 'start,open,high,low,close,volume,turnover,trades,vwap');
  assert.equal(csv.length, candles.length + 1);
  assert.deepEqual(csv[1].split(',').slice(1),
                   ['open', 'high', 'low', 'close', 'volume', 'turnover', 'trades', 'vwap'].map((name) => candles[0][name]));
  // All instruments sell French biomethane, so its price history holds every trade.
  const {candles: years} = await (await fetch(`${url}/api/v1/prices?interval=1y&carrier=biomethane&country=FR`)).json();
  assert.equal(years.length, 1);
  assert.ok(BigInt(years[0].volume) >= candles.reduce((sum, {volume}) => sum + BigInt(volume) * 1000000n, 0n));
  for (const wrong of ['interval=2h', 'from=yesterday', 'to=1970-01-01', 'format=xml', 'page_size=many']) {
    const refused = await fetch(`${path}?${wrong}`);
    assert.equal(refused.status, 400, wrong);
    assert.equal((await refused.json()).field, wrong.split('=')[0]);
  }
  assert.equal((await fetch(`${url}/api/v1/instruments/ins-999/candles`)).status, 404);
  assert.equal((await fetch(`${url}/api/v1/prices?interval=1h`)).status, 400);
});

// The demo's clock runs on from its data, so a trading day may or may not have ended.
test('reference prices can be had as JSON and CSV', async () => {
  const key = await page.getAttribute('#instruments tr.selected', 'data-instrument');
  for (const path of [`${url}/api/v1/instruments/${key}/reference-prices`, `${url}/api/v1/reference-prices?carrier=biomethane`]) {
    const {prices, next_page_token} = await (await fetch(path)).json();
    assert.equal(next_page_token, '');
    const csv = (await (await fetch(`${path}${path.includes('?') ? '&' : '?'}format=csv`)).text()).trim().split('\r\n');
    assert.equal(csv[0], 'instrument,day,price,method,volume,trades,time');
    assert.equal(csv.length, prices.length + 1);
  }
  for (const wrong of ['from=yesterday', 'to=tomorrow', 'format=xml', 'page_size=many', 'page_token=x', 'vintage=old']) {
    const refused = await fetch(`${url}/api/v1/reference-prices?${wrong}`);
    assert.equal(refused.status, 400, wrong);
    assert.equal((await refused.json()).field, wrong.split('=')[0]);
  }
  assert.equal((await fetch(`${url}/api/v1/instruments/ins-999/reference-prices`)).status, 404);
});

test('orders and trades of others are seen as they happen', async () => {
  const seen = () => page.evaluate(
      () => [...document.querySelectorAll('[data-trade], .ladder [data-ticks]')]
          .map((row) => row.innerText).join('\n'));
  const before = await seen();
  // It trades on until something happens in the instrument that is shown.
  const live = spawn(path.join(support.programs, 'origo'), demoArguments('--live'),
                     {cwd: root, stdio: ['ignore', 'ignore', 'inherit']});
  try {
    const deadline = Date.now() + 60000;
    while (await seen() === before) {
      assert.ok(Date.now() < deadline, 'nothing changed for a minute');
      assert.equal(live.exitCode, null, 'the demo ended');
      await pause(50);
    }
  } finally {
    const gone = once(live, 'exit');
    live.kill('SIGTERM');
    await gone;
  }
});

test('a statement of the demo is found', async () => {
  const {statement} = await (await fetch(`${url}/api/v1/cancellations/can-1`)).json();
  await page.fill('#statement-id', 'can-1');
  await page.press('#statement-id', 'Enter');
  await waitForText('#statement h3', 'can-1');
  const text = await page.innerText('#statement');
  for (const part of [statement.beneficiary, statement.date, statement.registry, statement.device,
                      `${BigInt(statement.units).toLocaleString('en-GB')} certificates`]) {
    assert.ok(part && text.includes(part), `${part} in ${text}`);
  }
  await support.picture(page, 'node-statement');
});

test('anybody may check the code of a statement', async () => {
  const {statement} = await (await fetch(`${url}/api/v1/cancellations/can-1`)).json();
  const code = statement.verification_code;
  assert.match(code, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
  assert.equal(statement.verification_url, `${url}/verify/${code}`);
  await waitForText('#statement', code);

  const check = await support.openPage(browser, complaints);
  await check.goto(`${url}/verify`);
  assert.equal(await check.locator('.verdict').count(), 0);
  // As people type it: no dashes, small letters.
  await check.fill('#code', code.replaceAll('-', '').toLowerCase());
  await check.press('#code', 'Enter');
  await support.waitForText(check, '.verdict.good', 'Confirmed');
  const text = await check.innerText('article');
  for (const part of ['can-1', statement.beneficiary, statement.holder, statement.date, statement.device,
                      statement.ranges[0].printed, code]) {
    assert.ok(part && text.includes(part), `${part} in ${text}`);
  }
  // Its style is let through, and it draws the code.
  assert.equal(await check.locator('.head').evaluate((head) => getComputedStyle(head).display), 'flex');
  assert.ok((await check.locator('.qr svg').boundingBox()).width > 80);
  await support.picture(check, 'verify');
  const pdf = await fetch(url + await check.getAttribute('.verdict a', 'href'));
  assert.equal(pdf.headers.get('content-type'), 'application/pdf');
  assert.equal(Buffer.from(await pdf.arrayBuffer()).subarray(0, 5).toString(), '%PDF-');

  const wrong = code.slice(0, -1) + (code.endsWith('0') ? '1' : '0');
  for (const typed of [wrong, 'ABC', '<img src=x>']) {
    await check.goto(`${url}/verify`);
    await check.fill('#code', typed);
    await check.click('button');
    await support.waitForText(check, '.verdict.bad', 'confirms nothing');
    assert.equal(await check.locator('article, img').count(), 0);
    assert.equal(await check.inputValue('#code'), typed);
    const answer = await fetch(`${url}/api/v1/verify/${encodeURIComponent(typed)}`);
    assert.equal(answer.status, 404);
    assert.deepEqual(Object.keys(await answer.json()), ['code', 'field', 'rule']);
  }
  const found = await (await fetch(`${url}/api/v1/verify/${code}`)).json();
  assert.deepEqual(found.statement, statement);
  for (const format of ['json', 'html', 'pdf']) {
    assert.equal((await fetch(`${url}/api/v1/cancellations/can-1/statement?format=${format}`)).status, 200);
  }
  assert.equal((await fetch(`${url}/api/v1/cancellations/can-1/statement?format=doc`)).status, 400);
  assert.equal((await fetch(`${url}/api/v1/cancellations/can-99999999/statement`)).status, 404);
  await check.close();
});

// All of a list, page by page.
async function all(path, name, size) {
  const found = [];
  let token = '';
  do {
    const page = await (await fetch(`${url}${path}${path.includes('?') ? '&' : '?'}page_size=${size}&page_token=${token}`)).json();
    assert.ok(page[name].length <= size);
    found.push(...page[name]);
    token = page.next_page_token;
  } while (token);
  return found;
}

test('statistics add up, and say what the lots say', async () => {
  const months = await all('/api/v1/statistics', 'months', 3);
  assert.ok(months.length > 0);
  let issued = 0n;
  for (const {units, amounts, unit_size} of months) {
    const of = (name) => BigInt(units[name]);
    assert.equal(of('opening') + of('issued') + of('entered_otherwise') - of('cancelled') - of('expired') -
                 of('withdrawn') - of('left_otherwise'), of('closing'));
    assert.equal(BigInt(amounts.closing), of('closing') * BigInt(unit_size));
    issued += of('issued');
  }
  const lots = await all('/api/v1/lots', 'lots', 200);
  assert.equal(issued, lots.reduce((sum, lot) => sum + BigInt(lot.issued), 0n));
  const csv = (await (await fetch(`${url}/api/v1/statistics?format=csv`)).text()).trim().split('\r\n');
  assert.match(csv[0], /^registry,scheme,month,carrier,country,dimension,unit_size,opening,issued,/);
  assert.equal(csv.length, months.length + 1);
  for (const wrong of ['from=2026', 'to=2026-13', 'format=xml', 'page_size=many', 'page_token=x']) {
    const refused = await fetch(`${url}/api/v1/statistics?${wrong}`);
    assert.equal(refused.status, 400, wrong);
    assert.equal((await refused.json()).field, wrong.split('=')[0]);
  }
  assert.equal((await fetch(`${url}/api/v1/statistics?registry=none`)).status, 404);
  const {stdout} = await run(path.join(support.programs, 'origo'), ['--data', data, 'statistics', '--check'], {cwd: root});
  assert.match(stdout, /statistics and ledger agree/);
});

test('the register is looked up page by page, without holders', async () => {
  const devices = await all('/api/v1/devices', 'devices', 7);
  assert.deepEqual(devices, await all('/api/v1/devices', 'devices', 200));
  assert.ok(devices.length > 7);
  const lots = await all('/api/v1/lots', 'lots', 11);
  assert.deepEqual(lots.map(({lot}) => lot), [...new Set(lots.map(({lot}) => lot))]);
  const [one] = lots.filter(({cancelled}) => cancelled !== '0');
  const ofDevice = await all(`/api/v1/lots?device=dev-${one.device}`, 'lots', 1);
  assert.deepEqual(ofDevice, lots.filter(({device}) => device === one.device));
  assert.deepEqual(await all(`/api/v1/lots?carrier=${one.carrier}&country=${one.country}`, 'lots', 200), lots);
  assert.deepEqual(await all('/api/v1/lots?carrier=none', 'lots', 200), []);
  for (const [name, rows] of [['devices', devices], ['lots', lots]]) {
    const answer = await fetch(`${url}/api/v1/${name}?page_size=5&format=csv`);
    assert.equal((await answer.text()).trim().split('\r\n').length, 6);
    assert.equal(answer.headers.get('x-next-page-token'), rows[4][name.slice(0, -1)]);
  }
  const events = await all(`/api/v1/lots/lot-${one.lot}/events`, 'events', 2);
  assert.equal(events[0].kind, 'issued');
  assert.ok(events.some(({kind}) => kind === 'cancelled'));
  // Neither accounts nor moves between them.
  for (const path of [`lots/lot-${one.lot}`, `lots/lot-${one.lot}/events`, 'lots', `devices/dev-${one.device}`]) {
    assert.doesNotMatch(await (await fetch(`${url}/api/v1/${path}`)).text(), /acc-|"account|holder|"moved"|"from"/);
  }
  for (const path of ['lots/lot-9999999', 'devices/dev-9999999', 'lots/x', 'lots/lot-99999999999/events', 'lots?device=dev-9999999',
                      'devices?registry=none']) {
    assert.equal((await fetch(`${url}/api/v1/${path}`)).status, 404, path);
  }
  for (const path of ['lots?page_size=x', 'devices?page_token=-1', 'lots?format=xml', 'cancellations?format=xml']) {
    assert.equal((await fetch(`${url}/api/v1/${path}`)).status, 400, path);
  }
});

test('the register has pages that lead from a statement to its lot and device', async () => {
  await page.click('#statement dd a[href^="/register/lot-"]');
  await waitForText('#lot h1', 'lot-');
  await waitForText('#history tbody', 'Issued');
  await waitForText('#history tbody', 'can-1');
  assert.ok(await page.locator('#fate .fate .cancelled').count() > 0);
  await support.picture(page, 'node-lot');
  await page.click('#lot dd a[href^="/register/dev-"]');
  await page.waitForSelector('#device-plot canvas');
  await support.picture(page, 'node-device');
  await page.click('#to-register');
  await page.waitForSelector('#statistics-plot canvas');
  await page.waitForSelector('#devices tbody tr');
  await support.picture(page, 'node-register');
});

test('what the node did is exported for audit and proved without it', async () => {
  const folder = path.join(path.dirname(data), 'audit');
  const origo = (...options) => run(path.join(support.programs, 'origo'), ['--data', data, ...options], {cwd: root});
  const made = await origo('audit', 'export', '--from', '1971-01-01', '--to', '2099-12-31', '-o', folder);
  assert.match(made.stdout, /agrees with the node/);
  const file = path.join(folder, 'journal.origo-audit');
  const proved = await run(path.join(support.programs, 'origo'), ['audit', 'verify', file, '--replay']);
  assert.match(proved.stdout, /without a gap/);
  assert.match(proved.stdout, /replayed: the events are what the commands cause/);
  const rows = async (name) => (await fs.readFile(path.join(folder, name), 'utf8')).trim().split('\r\n').length - 1;
  assert.equal(await rows('issuances.csv'), (await all('/api/v1/lots', 'lots', 200)).length);
  assert.equal(await rows('cancellations.csv'), (await all('/api/v1/cancellations', 'statements', 200)).length);
  assert.ok(await rows('transfers.csv') > 0);
  assert.ok(await rows('sums.csv') > 0);
  const bytes = await fs.readFile(file);
  bytes[Math.floor(bytes.length / 2)] ^= 1;
  await fs.writeFile(file, bytes);
  await assert.rejects(run(path.join(support.programs, 'origo'), ['audit', 'verify', file]), {code: 7});
});

test('a statement that does not exist is refused in words', async () => {
  await page.goto(url);
  await page.fill('#statement-id', 'can-99999999');
  await page.click('#lookup button');
  await waitForText('#lookup-message', 'There is no cancellation statement can-99999999');
});

test('the page never complained', () => {
  assert.deepEqual(complaints.filter((text) => !text.includes('404')), []);
});
