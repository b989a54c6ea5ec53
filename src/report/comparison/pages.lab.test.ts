import { accessSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { html } from '../html/index.ts';
import { aComparison } from '../testing/comparison.ts';
import { aHistory } from '../testing/history.ts';
import { aRecord } from '../testing/record.ts';
import { trendHtml } from '../trend/index.ts';
import { comparisonHtml } from './index.ts';

const executablePath = '/usr/bin/chromium';
const missing = ((): string | undefined => {
  try {
    return accessSync(executablePath) as undefined;
  } catch {
    return `no ${executablePath} (apt install chromium)`;
  }
})();

const fifteen = Array.from({ length: 15 }, (_, i) => `variant-${i + 1}`);
const pages = {
  comparison: () => comparisonHtml(aComparison({ workloads: ['slow-server', 'uniform'] })),
  large: () =>
    comparisonHtml(aComparison({ names: fifteen, unsupported: ['ovf'], blocks: 10, answers: 400 })),
  trend: () => trendHtml(aHistory({ runs: 60 })),
  'run in a history': () => html(aRecord(), aHistory()),
};

/** What a browser says of one page at one width. */
interface Seen {
  width: number;
  overflow: number;
  background: string;
  /** Charts with an area on the screen, and those without. */
  charts: number;
  hidden: number;
  verdictEnds: number;
  /** Right end of the verdicts, in the table or beside the names. */
  verdictsTo: number;
}

const look = `(() => {
  const shown = [...document.querySelectorAll('svg.chart')].filter((one) => getComputedStyle(one).display !== 'none');
  const area = (one) => { const { width, height } = one.getBoundingClientRect(); return width * height; };
  const table = document.querySelector('.verdicts tr.r-better, .banner .remedy-list');
  return {
    width: innerWidth,
    overflow: document.documentElement.scrollWidth - innerWidth,
    background: getComputedStyle(document.body).backgroundColor,
    charts: shown.filter((one) => area(one) > 5000).length,
    hidden: shown.filter((one) => area(one) <= 5000).length,
    verdictsTo: Math.max(0, ...[...document.querySelectorAll(innerWidth > 640 ? '.verdicts td:last-child' : '.verdicts .slim')].map((one) => one.getBoundingClientRect().right)),
    verdictEnds: table ? table.getBoundingClientRect().bottom : 0,
  };
})()`;

describe.skipIf(missing)(`comparison and trend in a browser${missing ? `: skipped, ${missing}` : ''}`, () => {
  let browser: Browser;
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'drlab-pages-'));
    for (const [name, draw] of Object.entries(pages)) await writeFile(join(dir, `${name}.html`), draw());
    const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];
    browser = await chromium.launch({ executablePath, args: flags });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(dir, { recursive: true, force: true });
  });

  it.each(Object.keys(pages))(
    '%s: complains of nothing, asks for nothing, fits, in light and dark',
    async (name) => {
      const complaints: string[] = [];
      const requests: string[] = [];
      const page = await browser.newPage();
      page.on('request', (request) => requests.push(request.url()));
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(pathToFileURL(join(dir, `${name}.html`)).href);
      const seen: Seen[] = [];
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const width of [360, 768, 1600]) {
          await page.setViewportSize({ width, height: 900 });
          seen.push((await page.evaluate(look)) as Seen);
        }
      }
      await page.close();
      expect(complaints).toEqual([]);
      expect(requests.filter((url) => !url.startsWith('file:') && url !== 'data:,')).toEqual([]);
      expect(seen.map(({ width, overflow }) => [width, overflow])).toEqual(
        [360, 768, 1600, 360, 768, 1600].map((width) => [width, 0]),
      );
      // Intervals, percentiles, shares; more where secondary figures differ.
      for (const { charts } of seen) expect(charts).toBeGreaterThanOrEqual(3);
      expect(new Set(seen.map(({ background }) => background)).size).toBe(2);
      for (const { width, verdictsTo } of seen) expect(verdictsTo).toBeLessThanOrEqual(width);
      // The advice and the first verdict need no scrolling.
      for (const { width, verdictEnds } of seen) if (width > 700) expect(verdictEnds).toBeLessThan(900);
    },
  );
});
