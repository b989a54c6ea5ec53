import { accessSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runsSideBySide } from '../side-by-side/index.ts';
import { aLab } from '../testing/lab.ts';
import { aRecord, someMutants } from '../testing/record.ts';
import { html } from './index.ts';

const executablePath = '/usr/bin/chromium';
const missing = ((): string | undefined => {
  try {
    return accessSync(executablePath) as undefined;
  } catch {
    return `no ${executablePath} (apt install chromium)`;
  }
})();

/** Pages as a browser shows them. */
describe.skipIf(missing)(`the report in a browser${missing ? `: skipped, ${missing}` : ''}`, () => {
  let browser: Browser;
  let dir = '';
  const requests: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'drlab-browser-'));
    const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
    flags.push('--disable-component-update', '--disable-sync', '--no-first-run');
    browser = await chromium.launch({ executablePath, args: flags });
    const record = aRecord({ mutants: someMutants(), faults: [{ message: 'the guest hung' }] });
    await writeFile(join(dir, 'report.html'), html(record));
    const big = { file: 'big.yaml', text: '', spec: aLab({ realServers: 100, routed: true }) };
    await writeFile(join(dir, 'big.html'), html(aRecord({ lab: big })));
    await writeFile(join(dir, 'compare.html'), runsSideBySide([record, aRecord({ results: [] })]).html);
  });
  afterAll(async () => {
    await browser?.close();
    await rm(dir, { recursive: true, force: true });
  });

  async function open(
    file: string,
    width: number,
    colorScheme: 'light' | 'dark' = 'light',
    hash = '',
  ): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(pathToFileURL(join(dir, file)).href + hash);
    return page;
  }

  it('asks for nothing but itself and has nothing to complain about', async () => {
    for (const file of ['report.html', 'big.html', 'compare.html']) await (await open(file, 1280)).close();
    expect(requests.filter((url) => !url.startsWith('file:') && url !== 'data:,')).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('shows verdict, reason and what to fix without a click', async () => {
    const page = await open('report.html', 1280);
    expect(await page.locator('h1').textContent()).toBe('Not conformant');
    await expect(page.locator('#ARP-01 .copy pre').isVisible()).resolves.toBe(true);
    expect(await page.locator('#ARP-01 .copy pre').textContent()).toContain('arp_ignore=1');
    const bottom = await page.locator('.banner').evaluate((node) => node.getBoundingClientRect().bottom);
    expect(bottom).toBeLessThan(800);
    await page.close();
  });

  it('opens and closes a row', async () => {
    const page = await open('report.html', 1280);
    const body = page.locator('#HA-01 .body');
    expect(await body.isVisible()).toBe(false);
    await page.locator('#HA-01 > summary').click();
    expect(await body.isVisible()).toBe(true);
    expect(await page.locator('#HA-01 svg.chart.wide').isVisible()).toBe(true);
    await page.locator('#HA-01 > summary').click();
    expect(await body.isVisible()).toBe(false);
    await page.close();
  });

  it('opens the row that a link leads to', async () => {
    const page = await open('report.html', 1280, 'light', '#LAT-01');
    expect(await page.locator('#LAT-01 .body').isVisible()).toBe(true);
    await page.close();
  });

  it('shows one verdict only, and all again', async () => {
    const page = await open('report.html', 1280);
    const shown = () => page.locator('details.check:visible').evaluateAll((all) => all.map(({ id }) => id));
    await page.locator('[data-only=warn]').click();
    expect(await shown()).toEqual(['PP-13']);
    await page.locator('[data-only=""]').click();
    expect((await shown()).length).toBe(22);
    await page.close();
  });

  it('copies commands alone, as they run on the host that stands above them', async () => {
    const page = await open('report.html', 1280);
    const remedy = page.locator('#ARP-01 dt:text("Remedy") + dd');
    expect(await remedy.locator('.step').allTextContents()).toEqual(['on rs2:']);
    await remedy.locator('.copy button').click();
    await remedy.locator('.copy button', { hasText: 'Copied' }).waitFor({ timeout: 2000 });
    await page.evaluate("document.body.append(document.createElement('textarea'))");
    const pasted = page.locator('body > textarea');
    await pasted.focus();
    await page.keyboard.press('Control+V');
    expect(await pasted.inputValue()).toBe(
      'sysctl -w net.ipv4.conf.all.arp_ignore=1\nsysctl -w net.ipv4.conf.all.arp_announce=2',
    );
    await page.close();
  });

  it.each(['report.html', 'big.html', 'compare.html'])('%s fits a telephone, all rows open', async (file) => {
    const page = await open(file, 400);
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })");
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBe(400);
    const svgs = await page
      .locator('svg.chart:visible')
      .evaluateAll((all) => all.map((one) => one.classList));
    expect(svgs.every((classes) => Object.values(classes).includes('narrow'))).toBe(true);
    await page.close();
  });

  it('has other colours in the dark, and enough contrast in both', async () => {
    const light = await contrasts(await open('report.html', 1280, 'light'));
    const dark = await contrasts(await open('report.html', 1280, 'dark'));
    expect(dark.page).not.toBe(light.page);
    for (const { worst } of [light, dark]) expect(worst.ratio, worst.what).toBeGreaterThan(4.5);
  });

  it('is light on paper, with every check open', async () => {
    const page = await open('report.html', 1280, 'dark');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator('details.check:not([open])').count()).toBe(0);
    await page.close();
  });
});

/** Contrast of verdicts, soft and plain text against the card they stand on, as WCAG defines it. */
async function contrasts(page: Page): Promise<{ page: string; worst: { what: string; ratio: number } }> {
  const found = (await page.evaluate(`(() => {
    const light = (color) => {
      const [r, g, b] = color.match(/\\d+/g).map((n) => n / 255)
        .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const card = light(getComputedStyle(document.querySelector('.banner')).backgroundColor);
    const all = [...document.querySelectorAll('h1,.lead,.verdict,.counts li,.soft,.level,.check a,.id')].map((node) => {
      const ink = light(getComputedStyle(node).color);
      const ratio = (Math.max(card, ink) + 0.05) / (Math.min(card, ink) + 0.05);
      return { what: node.className + ' ' + node.textContent, ratio };
    });
    return { page: getComputedStyle(document.body).backgroundColor, worst: all.sort((a, b) => a.ratio - b.ratio)[0] };
  })()`)) as { page: string; worst: { what: string; ratio: number } };
  await page.close();
  return found;
}
