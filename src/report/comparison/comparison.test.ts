import { describe, expect, it } from 'vitest';
import type { ComparisonRecord } from '../../model/comparison.ts';
import { aComparison } from '../testing/comparison.ts';
import { parseXml } from '../testing/xml-tree.ts';
import { inconclusiveOf } from './inconclusive.ts';
import { comparisonHtml, comparisonJunit, comparisonMarkdown, comparisonTerminal } from './index.ts';
import { returnPath } from './served.ts';
import { headlineOf } from './words.ts';

const answers = 200;
const usual = aComparison({ answers });
const rowsOf = (source: string): string[] =>
  [...source.matchAll(/<tr class="r-([^"]+)"><th scope="row">([^<]*)/g)].map(
    ([, kind, name]) => `${name} ${kind}`,
  );
const drawn = (record: ComparisonRecord): string[] => [
  comparisonHtml(record),
  comparisonMarkdown(record),
  comparisonTerminal(record, { color: false, width: 120 }),
  comparisonJunit(record),
];

describe('a comparison', () => {
  it('says what is better than the base, the best first, the control last', () => {
    expect(headlineOf(usual)).toEqual({ tone: 'pass', headline: 'wlc and lc are better than rr' });
    const first = rowsOf(comparisonHtml(usual)).slice(0, 8);
    expect(first.map((row) => row.split(' ').at(-1))).toEqual([
      'base',
      'better',
      'better',
      'no-evidence',
      'worse',
      'worse',
      'unsupported',
      'control',
    ]);
  });

  it('has the same figures in every form', () => {
    const [row] = usual.workloads[0]?.figures[0]?.rows.filter(({ variant }) => variant === 'wlc') ?? [];
    const percent = `−${Math.round((1 - (row?.ratio?.median ?? 0)) * 100)} %`;
    for (const source of drawn(usual)) expect(source).toContain(percent);
  });

  it('says of several workloads under how many the base is beaten', () => {
    const both = aComparison({ answers, workloads: ['slow-server', 'uniform'] });
    expect(headlineOf(both).headline).toBe('rr is beaten under 1 of 2 workloads');
    expect(headlineOf(aComparison({ answers, workloads: ['uniform'] }))).toEqual({
      tone: 'unsupported',
      headline: 'No evidence of a difference',
    });
  });

  it('judges nothing where the control is not sound, and says why once', () => {
    const unsound = aComparison({ answers, controlFactor: 1.3 });
    expect(headlineOf(unsound)).toEqual({ tone: 'inconclusive', headline: 'No verdict' });
    for (const source of drawn(unsound)) {
      expect(source).not.toMatch(/[▲▼] (better|worse)/);
      expect(source).toContain('5 % already matter: nothing is judged.');
    }
  });

  it('lists what was not measured with the reason, and what to do, never as good', () => {
    for (const source of drawn(usual)) expect(source).toMatch(/the kernel 6\.1\.176 has no ip(\\?_)vs\1ovf/);
    const html = comparisonHtml(usual);
    expect(html).toContain('slow-server: wrr, block 3');
    expect(html).toContain('compare again when the host is quieter');
    expect(rowsOf(html)).toContain('ovf unsupported');
  });

  it('groups inconclusive trials by what to do, whatever the figures in their reasons', () => {
    const trials = usual.trials.map((trial, i) => ({
      ...trial,
      inconclusive: `probes were sent late: p99 ${i} ms`,
    }));
    const [only, ...more] = inconclusiveOf({ ...usual, trials });
    expect([only?.trials.length, more]).toEqual([trials.length, []]);
    expect(only?.remedy).toContain('could not keep its schedule');
  });

  it('says which trials needed a second try, unless that failed, too', () => {
    const [first, second, ...rest] = usual.trials;
    if (!first || !second) throw new Error('no trials');
    const trials = [
      { ...first, again: 'late' },
      { ...second, again: 'late', inconclusive: 'late again' },
      ...rest,
    ];
    const source = comparisonHtml({ ...usual, trials });
    expect(source).toContain('1 trial; the first gave no figures');
    expect(source).toContain('late again (on the second try, too)');
  });

  it('asks for nothing and shows no curve without histograms', () => {
    const source = comparisonHtml(aComparison({ answers: 0 }));
    expect(source).not.toContain('Latency by percentile');
    expect(source).not.toMatch(/NaN|Infinity|undefined/);
    expect(source).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  it.each([
    ['one variant', { names: ['rr'], unsupported: [] }, 'Nothing was measured'],
    ['too few blocks', { blocks: 2 }, 'No verdict'],
    [
      'nothing healthy',
      { names: ['rr', 'lc'], blocks: 1, unhealthy: ['rr 0', 'lc 0'] },
      'Nothing was measured',
    ],
  ])('survives %s', (what, options, headline) => {
    const record = aComparison({ answers, ...options });
    if (what !== 'one variant') expect(headlineOf(record).headline).toBe(headline);
    for (const source of drawn(record)) expect(source).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('tells fifteen variants apart by colour and dash', () => {
    const names = Array.from({ length: 15 }, (_, i) => `v${i + 1}`);
    const source = comparisonHtml(aComparison({ answers, names, unsupported: [], blocks: 10 }));
    const keys = source.matchAll(/<path d="M1 4H25" class="(curve [^"]+)"\/><\/svg> v\d+</g);
    expect(new Set([...keys].map(([, kind]) => kind)).size).toBe(15);
  });

  it('puts variants from different places on axes of their own', () => {
    const [place] = usual.fidelities;
    const elsewhere = { ...place?.fidelity, sandbox: 'qemu' } as NonNullable<typeof place>['fidelity'];
    const apart = aComparison(
      { answers },
      {
        fidelities: [
          { variants: ['rr', 'wrr', 'lc', 'wlc'], fidelity: usual.fidelities[0]?.fidelity ?? elsewhere },
          { variants: ['sh', 'mh'], fidelity: elsewhere },
        ],
      },
    );
    const captions = [
      ...comparisonHtml(apart).matchAll(/<figcaption>Latency.*?· (uml|qemu) ·.*?<\/figcaption>/g),
    ];
    expect(captions.map(([, sandbox]) => sandbox)).toEqual(['uml', 'qemu']);
  });

  it('was interrupted where its exit code says so', () => {
    expect(headlineOf({ ...usual, exitCode: 130 })).toMatchObject({ tone: 'warn' });
  });

  it('reads the way back off the byte counters', () => {
    const client = { in: 900, out: 400 };
    expect(returnPath({ in: 410, out: 410 }, client)).toContain('bypassing the director');
    expect(returnPath({ in: 1300, out: 1300 }, client)).toBe('back through the director');
    expect(returnPath({ in: 3, out: 3 }, client)).toContain('neither');
    expect(returnPath({ in: 410, out: 410 }, undefined)).toBe('–');
  });
});

describe('a comparison as JUnit', () => {
  it('fails for no result; unsupported is skipped, an unsound control an error', () => {
    const counts = (record: ComparisonRecord) => parseXml(comparisonJunit(record)).attributes;
    expect(counts(usual)).toMatchObject({ tests: '16', failures: '0', errors: '0', skipped: '2' });
    expect(counts(aComparison({ answers, controlFactor: 1.3 })).errors).toBe('6');
  });
});

describe('a name from a lab file', () => {
  const nasty = '"><script>alert(1)</script>|`x`\u001b[31m';
  const poisoned = (value: unknown): unknown => {
    if (typeof value === 'string')
      return ['lc', 'the kernel 6.1.176 has no ip_vs_ovf', 'slow-server'].includes(value) ? nasty : value;
    if (Array.isArray(value)) return value.map(poisoned);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, poisoned(inner)]));
  };

  it('never becomes markup, nor a command to a terminal', () => {
    const [html = '', markdown = '', terminal = '', junit = ''] = drawn(poisoned(usual) as ComparisonRecord);
    expect(html).toContain('&lt;script&gt;alert(1)');
    const outsideCode = markdown.replaceAll(/``.*?``/g, '');
    for (const source of [html, outsideCode, junit]) expect(source).not.toContain('<script>alert');
    for (const source of [html, markdown, terminal, junit]) expect(source).not.toContain('\u001b');
    expect(() => parseXml(junit)).not.toThrow();
  });
});

it('tells on every way out that the lab of a variant did not settle, once for all its trials', () => {
  const { trials, ...rest } = usual;
  const variant = trials[0]?.variant ?? '';
  const own = (one: string) => one === variant && { unsettled: 'd1: lacks vip:198.18.0.100' };
  const record = { ...rest, trials: trials.map((trial) => ({ ...trial, ...own(trial.variant) })) };
  const said = `the lab of ${variant} did not settle (d1: lacks vip:198.18.0.100), and was used all the same`;
  const screen = comparisonTerminal(record, { color: false, width: 300 });
  const pages = [comparisonHtml(record), comparisonMarkdown(record)];
  for (const page of [screen, ...pages]) expect(page.split(said)).toHaveLength(2);
  expect(comparisonJunit(record)).toContain(`<property name="unsettled" value="${said}"`);
  expect(comparisonMarkdown(usual)).not.toContain('settle');
});
