import { accessSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aMatrix } from '../testing/matrix.ts';
import { matrixHtml } from './index.ts';

const executablePath = '/usr/bin/chromium';
const missing = ((): string | undefined => {
  try {
    return accessSync(executablePath) as undefined;
  } catch {
    return `no ${executablePath} (apt install chromium)`;
  }
})();

/** The matrix as a browser shows it. */
describe.skipIf(missing)(`the matrix in a browser${missing ? `: skipped, ${missing}` : ''}`, () => {
  let browser: Browser;
  let dir = '';
  const requests: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'drlab-browser-'));
    const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
    browser = await chromium.launch({ executablePath, args: [...flags, '--disable-sync', '--no-first-run'] });
    const { places } = aMatrix();
    const many = [1, 2, 3].flatMap((turn) =>
      places.map((column) => ({
        ...column,
        place: { ...column.place, name: `${column.place.name} ${turn}` },
      })),
    );
    await writeFile(join(dir, 'matrix.html'), matrixHtml(aMatrix()));
    await writeFile(join(dir, 'many.html'), matrixHtml(aMatrix({ places: many })));
  });
  afterAll(async () => {
    await browser?.close();
    await rm(dir, { recursive: true, force: true });
  });

  async function open(file: string, width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(pathToFileURL(join(dir, file)).href);
    return page;
  }

  it('asks for nothing but itself and has nothing to complain about', async () => {
    await (await open('matrix.html', 1280)).close();
    expect(requests.filter((url) => !url.startsWith('file:') && url !== 'data:,')).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('says on the first screen what it comes to, and where places differ', async () => {
    const page = await open('matrix.html', 1280);
    expect(await page.locator('h1').textContent()).toBe('Not conformant in 1 of 4 places');
    const bottom = (what: string) =>
      page
        .locator(what)
        .first()
        .evaluate((node) => node.getBoundingClientRect().bottom);
    expect(await bottom('.banner')).toBeLessThan(320);
    expect(await bottom('.difference')).toBeLessThan(800);
    await page.close();
  });

  it.each([1280, 400])('many places scroll in their own box at %i px, names stay in sight', async (width) => {
    const page = await open('many.html', width);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    const box = page.locator('.box');
    expect(await box.evaluate((node) => node.scrollWidth > node.clientWidth)).toBe(true);
    await box.evaluate((node) => node.scrollTo(node.scrollWidth, node.scrollHeight));
    const seen = await box.evaluate((node) => {
      const own = node.getBoundingClientRect();
      const [name, head] = ['#row-HC-01 th', 'thead th:last-child'].map((what) =>
        node.querySelector(what)?.getBoundingClientRect(),
      );
      return { left: (name?.left ?? -1) - own.left, top: (head?.top ?? -1) - own.top };
    });
    expect(seen.left).toBeCloseTo(1, 0);
    expect(seen.top).toBeCloseTo(1, 0);
    await page.close();
  });

  it('tells the reason of a verdict where it stands', async () => {
    const page = await open('matrix.html', 1280);
    const cell = page.locator('#row-ARP-02 td.v-unsupported details').first();
    expect(await cell.locator('p').isVisible()).toBe(false);
    await cell.locator('summary').click();
    expect(await cell.locator('p').textContent()).toContain('no IPVS tables');
    await page.close();
  });

  it('has other colours in the dark, and all rows on white paper', async () => {
    const ground = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const page = await open('matrix.html', 1280, 'dark');
    expect(await ground(page)).toBe('rgb(17, 20, 24)');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await ground(page)).toBe('rgb(255, 255, 255)');
    const hidden = await page.locator('.box').evaluate((node) => node.scrollHeight > node.clientHeight + 1);
    expect(hidden).toBe(false);
    await page.close();
  });
});
