import { describe, expect, it } from 'vitest';
import type { MatrixRecord, PlaceColumn } from '../../model/matrix.ts';
import { aMatrix } from '../testing/matrix.ts';
import { matrixHtml, matrixLines, matrixMarkdown } from './index.ts';
import { checkReport, reportOf } from './links.ts';

const nasty = '"><script>alert(1)</script><img src=x onerror=alert(2)>\'`|';
const fixed = new Set([
  'version',
  'suite',
  'level',
  'verdict',
  'state',
  'driver',
  'sandbox',
  'director',
  'time',
]);

/** Puts the text wherever a record holds text that a host, a user or a file can choose. */
function poisoned<T>(value: T): T {
  if (typeof value === 'string') return nasty as T;
  if (Array.isArray(value)) return value.map(poisoned) as T;
  if (typeof value !== 'object' || value === null) return value;
  const pairs = Object.entries(value).map(([key, inner]) => [key, fixed.has(key) ? inner : poisoned(inner)]);
  return Object.fromEntries(pairs) as T;
}

describe('the page', () => {
  const source = matrixHtml(aMatrix());

  it('shows its parts in the order in which they are needed', () => {
    const ids = [...source.matchAll(/<section id="([a-z]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(['differences', 'matrix', 'unsupported', 'reproduce']);
    expect(source).toContain('22 checks × 4 places: 62 pass, 1 fail');
  });

  it('leads from each verdict to the report of its place', () => {
    expect(source).toContain('href="./places/1-netns-uml-keepalived/report.html#ARP-01"');
    const row = /<tr id="row-ARP-01" class="differs">.*?<\/tr>/s.exec(source)?.[0] ?? '';
    expect([...row.matchAll(/<td class="v-(\w+)"/g)].map(([, verdict]) => verdict)).toEqual([
      'pass',
      'fail',
      'unsupported',
      'pass',
    ]);
  });

  it('puts no figures on one axis, and says why', () => {
    expect(source).not.toContain('<svg');
    expect(source).toContain('measured in 3 different environments');
  });

  it('loads nothing', () => {
    expect(source).toContain('default-src &#39;none&#39;');
    expect(source).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(source).not.toMatch(/@import|url\(/);
  });

  it('never takes text for markup, wherever it stands', () => {
    const page = matrixHtml(poisoned(aMatrix()));
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<img');
    expect(page.match(/<script>/g)).toHaveLength(1);
  });

  it('is drawn of a matrix that has only begun', () => {
    const places = aMatrix().places.map((column): PlaceColumn => {
      const { run: _run, ...rest } = column;
      return { ...rest, state: 'waiting', cells: [] };
    });
    const begun = matrixHtml(aMatrix({ places }));
    expect(begun).toContain('88 not run');
    expect(begun).not.toMatch(/NaN|undefined/);
  });
});

describe('links', () => {
  it('lead only into the folder of the matrix', () => {
    const [column] = aMatrix().places;
    if (!column?.run) throw new Error('the fixture has changed');
    expect(reportOf({ ...column, run: { ...column.run, dir: '../../etc' } })).toBeUndefined();
    const cell = { id: 'A', verdict: 'pass', durationMs: 1 } as const;
    expect(checkReport({ ...cell, report: '/etc/passwd#A' })).toBeUndefined();
    expect(checkReport({ ...cell, report: 'javascript:alert(1)#A' })).toBe('./javascript%3Aalert(1)#A');
  });
});

describe('the Markdown', () => {
  it('has a row for each place and each check', () => {
    const source = matrixMarkdown(aMatrix());
    expect(source).toMatch(/^## Not conformant in 1 of 4 places/);
    expect(source).toContain(
      '| arp | **`ARP-01`** ≠ | exactly one MAC answers for the VIP | ✓ pass | ✗ fail |',
    );
    expect(source).toContain('unavailable: no sandbox can run this lab');
  });

  it('keeps its rows whole whatever hosts say', () => {
    const source = matrixMarkdown(poisoned(aMatrix()));
    const rows = source.split('\n').filter((line) => line.startsWith('| netns') || line.startsWith('| arp'));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row.replaceAll(/``.*?``/g, '')).not.toMatch(/<script|<img/);
  });
});

describe('the terminal', () => {
  const lines = matrixLines({ color: false, width: 100 });

  it('shows the matrix in letters, what differs, and the conclusion last', () => {
    const text = lines.summary(aMatrix());
    expect(text).toMatch(
      /^B {2}netns\/host\/nftables +not conformant {2}✓ 19 {2}– 1 {2}\? 1 {2}✗ 1 {2}1 min 24 s$/m,
    );
    expect(text).toMatch(/^arp +ARP-01 +≠ ✓ {2}✗ {2}– {2}✓ {3}exactly one MAC/m);
    expect(text).toMatch(/✗ fail in B: rs1 and rs2 answered/);
    expect(text).toMatch(/Not conformant in 1 of 4 places: 22 checks × 4 places: .*nftables\.$/s);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('names each place before and after it', () => {
    const [first, , gone] = aMatrix().places as [PlaceColumn, PlaceColumn, PlaceColumn];
    expect(lines.begins(first, 0, 4)).toBe('\nplace 1 of 4: netns/uml/keepalived\n');
    expect(lines.ended(first)).toBe('netns/uml/keepalived: ✓ 22 pass in 1 min 24 s\n');
    expect(lines.ended(gone)).toMatch(/unavailable: no sandbox.*apt-get install docker\.io/s);
  });

  it('loses control characters', () => {
    const bad: MatrixRecord = aMatrix();
    for (const { cells } of bad.places) for (const cell of cells) cell.seen = 'red \u001b[31m';
    expect(lines.summary(bad)).not.toContain('\u001b');
  });
});
