// The register's pages in a real browser, on made-up data that tries to be markup.
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
const complaints = [];

const waitForText = (selector, text) => support.waitForText(page, selector, text);
const cells = (row) => page.locator(row).locator('th, td').allInnerTexts();

before(async () => {
  server = spawn(path.join(support.programs, 'origo-page-server'), ['0'], {stdio: ['ignore', 'pipe', 'inherit']});
  const [line] = await once(server.stdout, 'data');
  url = String(line).trim();
  browser = await support.openBrowser();
  page = await support.openPage(browser, complaints);
});

after(async () => {
  await browser?.close();
  const gone = once(server, 'exit');
  server.kill('SIGTERM');
  await gone;
});

test('the market links to the register', async () => {
  await page.goto(url);
  await page.click('.places a[href="/register"]');
  await waitForText('#statistics h2', 'Statistics');
  assert.equal(new URL(page.url()).pathname, '/register');
});

test('statistics are a picture and a table, by registry and carrier', async () => {
  await page.waitForSelector('#statistics-plot canvas');
  assert.equal(await page.locator('#statistics tbody tr').count(), 3);
  assert.deepEqual(await cells('#statistics tbody tr >> nth=0'),
                   ['2025-08', 'FR-GAZ', 'biomethane', 'FR', '2,000 MWh', '0 Wh', '1,250 MWh', '50 MWh', '200 MWh',
                    '500 MWh', '0 Wh']);
  await page.selectOption('#carrier', 'hydrogen');
  assert.equal(await page.locator('#statistics tbody tr').count(), 1);
  await page.selectOption('#registry', 'FR-GAZ');
  await waitForText('#statistics .empty', 'Nothing has happened yet');
  assert.ok(!await page.isVisible('#statistics-plot'));
  await page.selectOption('#carrier', '');
  assert.equal(await page.locator('#statistics tbody tr').count(), 2);
  assert.match(await page.getAttribute('#statistics a', 'href'), /format=csv/);
  await support.picture(page, 'register');
});

test('lists grow page by page, and names never become markup', async () => {
  assert.equal(await page.locator('#devices tbody tr').count(), 1);
  await page.click('#devices .more');
  await waitForText('#devices tbody tr >> nth=1', '<b onclick="alert(1)">BioBéarn</b>');
  assert.ok(!await page.isVisible('#devices .more'));
  assert.deepEqual(await cells('#cancellations tbody tr >> nth=0'),
                   ['can-3', '2026-03-02', '1,250 MWh', 'Brasserie du Nord <b>SAS</b>', 'disclosure', 'lot-9']);
  assert.equal(await page.locator('main b').count(), 0);
});

test('a device has its fields, a picture and its lots', async () => {
  await page.click('#devices a[href="/register/dev-1"]');
  await waitForText('#device h1', '<b onclick="alert(1)">BioBéarn</b>');
  assert.equal(new URL(page.url()).pathname, '/register/dev-1');
  const text = await page.innerText('#device');
  for (const part of ['FR-GAZ · Gaz', 'biomethane', '2020-05-01', 'device address',
                      "<script>document.title='hacked'</script> Mourenx"]) {
    assert.ok(text.includes(part), `${part} in ${text}`);
  }
  assert.ok(text.includes('Suspended by the registry'), text);
  assert.equal(await page.locator('#versions tbody tr').count(), 2);
  assert.deepEqual(await cells('#versions tbody tr >> nth=1'),
                   ['2024-01-01', '<b onclick="alert(1)">BioBéarn</b>', 'biomethane', '',
                    "device address: <script>document.title='hacked'</script> Mourenx"]);
  await page.waitForSelector('#device-plot canvas');
  await waitForText('#register', '2,000 MWh in 1 lot,');
  assert.equal(await page.title(), 'dev-1 · Origo');
  assert.equal(await page.locator('main b, main script').count(), 0);
  await support.picture(page, 'device');
});

test('a lot says where it is from and what became of it', async () => {
  await page.click('#lots a[href="/register/lot-9"]');
  await waitForText('#lot h1', 'lot-9');
  const text = await page.innerText('#lot');
  for (const part of ['2,000 MWh', '2,000 certificates', '2025-06-01 to 2025-06-30', 'no longer: until 2026-02-01',
                      'until 2026-06-30', 'FR-9-000000001 to FR-9-000002000', 'gas class', 'renewable',
                      'What it was made from was withdrawn']) {
    assert.ok(text.includes(part), `${part} in ${text}`);
  }
  const widths = await page.locator('#fate .fate span').evaluateAll(
      (parts) => parts.map((part) => [part.className, part.getBoundingClientRect().width]));
  assert.deepEqual(widths.map(([name]) => name), ['held', 'cancelled', 'expired', 'withdrawn']);
  const whole = widths.reduce((sum, [, width]) => sum + width, 0);
  assert.ok(Math.abs(widths[1][1] / whole - 0.625) < 0.02, `${widths}`);
  await waitForText('#fate', 'of the cancelled the use of 700 is recorded; the claim of 10 is void; of the held 40 are frozen');
  const evidence = await page.innerText('#evidence');
  for (const part of ['70.00 %', 'met', 'not met: co2 too late', '28,200 mg']) {
    assert.ok(evidence.includes(part), `${part} in ${evidence}`);
  }
  await support.picture(page, 'lot');
});

test('its lineage and history link to what they name', async () => {
  assert.equal(await page.getAttribute('#lineage li >> nth=0 >> a >> nth=0', 'href'), '/register/lot-7');
  await waitForText('#lineage', 'became hydrogen: not issued yet');
  await waitForText('#lineage', '3,960,000 g of CO₂: air, biogenic');
  assert.deepEqual((await cells('#history tbody tr >> nth=1')).toSpliced(1, 1),
                   ['140', 'Cancelled', '1,250', 'FR-9-000000001 - FR-9-000001250', 'can-3']);
  await page.click('#history a[href="/#can-3"]');
  await waitForText('#statement h3', 'can-3');
  assert.equal(await page.getAttribute('#statement dd a[href="/register/lot-9"]', 'href'), '/register/lot-9');
});

test('what is not there is said, and leads back', async () => {
  const before = complaints.length;
  for (const name of ['lot-999', 'dev-999', 'lot-0', 'nothing', '%3Cimg%20src=x%3E']) {
    await page.goto(`${url}/register/${name}`);
    await waitForText('#register [role="alert"]', 'nothing of this number');
    assert.equal(await page.locator('main img').count(), 0);
  }
  complaints.splice(before);  // the browser reports the 404 itself
});

test('it fits a telephone and the dark', async () => {
  await page.setViewportSize({width: 390, height: 844});
  for (const place of ['/register', '/register/dev-1', '/register/lot-9']) {
    await page.goto(url + place);
    await page.waitForSelector('main section');
    const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(overflow <= 0, `${overflow} pixels too wide: ${place}`);
  }
  await page.click('#theme');
  await support.picture(page, 'lot-telephone');
});

test('the page never complained', () => {
  assert.deepEqual(complaints, []);
});
