// What the browser tests share: Chromium as Debian ships it, and how to wait.
import path from 'node:path';
import {chromium} from 'playwright-core';

const [, screenshots] = process.argv.slice(2);
export const [programs] = process.argv.slice(2);

export async function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
           '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

// A page whose errors are collected in `complaints`.
export async function openPage(browser, complaints) {
  const page = await browser.newPage({viewport: {width: 1360, height: 900}, colorScheme: 'light'});
  page.setDefaultTimeout(20000);
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return page;
}

export async function picture(page, name) {
  if (screenshots) {
    await page.screenshot({path: path.join(screenshots, `${name}.png`), fullPage: true});
  }
}

export const waitForText = (page, selector, text) =>
  page.locator(selector, {hasText: text}).first().waitFor({state: 'attached'});
