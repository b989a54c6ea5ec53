import { describe, expect, it } from 'vitest';
import type { GateResult } from '../../model/history.ts';
import { trendChart } from '../chart/trend.ts';
import { html } from '../html/index.ts';
import { junit } from '../junit.ts';
import { markdown } from '../markdown.ts';
import { aHistory, aTrend } from '../testing/history.ts';
import { aRecord } from '../testing/record.ts';
import { parseXml } from '../testing/xml-tree.ts';
import type { RunHistory } from './history.ts';
import { gateWords, trendHtml, trendMarkdown } from './index.ts';

const bad = aHistory();
const withGate = (gate: Partial<GateResult>): RunHistory => aHistory({ gate });
const firstScreen = (source: string): string => /<header.*<\/header>/s.exec(source)?.[0] ?? '';

describe('the trend page', () => {
  it('names a regression first: figure, check, how much, and that it was confirmed', () => {
    const source = firstScreen(trendHtml(bad));
    const value = bad.trends.at(-1)?.points.at(-1)?.value.toFixed(2);
    expect(source).toContain('<h1>Regression</h1>');
    expect(source).toContain('LAT-03 p99 of new connections');
    expect(source).toMatch(new RegExp(`${value} ms, 3\\.\\d+ × against 1\\.\\d+ ms`));
    expect(source).toContain('Confirmed by a second run.');
  });

  it.each([
    [{ confirmed: false, needsConfirming: true }, 'Regression suspected, not confirmed', 'warn'],
    [{ verdict: 'no change', confirmed: false }, 'No regression', 'pass'],
    [{ verdict: 'improvement', confirmed: false }, 'Improvement', 'pass'],
    [{ verdict: 'not measured', confirmed: false }, 'Not measured', 'inconclusive'],
  ] as [Partial<GateResult>, string, string][])('says of %o: %s', (gate, headline, tone) => {
    expect(gateWords(withGate(gate))).toMatchObject({ headline, tone });
    expect(trendHtml(withGate(gate))).toContain(`<h1>${headline}</h1>`);
  });

  it('with three runs says that this is not enough, draws them, and invents no band', () => {
    const source = trendHtml(aHistory({ runs: 3 }));
    expect(source).toContain('<h1>Not enough history</h1>');
    expect(source).toContain('2 of the 7 runs needed');
    expect(source).not.toMatch(/class="(band|band-key|limit-key)"/);
    expect(source).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('draws a point per run, the change of level, and marks this run', () => {
    const trend = aTrend({ check: 'T-1', name: 'x', unit: 'ms', better: 'lower' }, 5, {
      runs: 60,
      level: (run) => (run < 30 ? 1 : 1.5),
    });
    const [wide = ''] = trendChart({ trend, run: 'night-060' }).source.split('</svg>');
    expect(wide.match(/class="point"/g)).toHaveLength(60);
    expect(wide).toMatch(/\+(4|5)\d % since 2026-10-01/);
    expect(wide.match(/class="here"/g)).toHaveLength(1);
    expect(wide.match(/class="band"/g)).toHaveLength(1);
  });

  it('survives one run, no run, and figures that are 0 or below', () => {
    for (const runs of [0, 1]) expect(trendHtml(aHistory({ runs }))).not.toMatch(/NaN|Infinity|undefined/);
    const what = { check: 'T-1', name: 'x', unit: 'ms', better: 'lower' } as const;
    for (const centre of [0, -2])
      expect(trendChart({ trend: aTrend(what, centre) }).source).not.toMatch(/NaN|Infinity/);
    expect(trendHtml({ fingerprint: bad.fingerprint, trends: [] })).toContain('there is none to follow');
  });

  it('labels every chart with where it was measured', () => {
    const captions = [...trendHtml(bad).matchAll(/<figcaption>.*?<\/figcaption>/g)];
    expect(captions).toHaveLength(bad.trends.length);
    for (const [caption] of captions) expect(caption).toContain('uml · real time · 1 CPU');
  });

  it('takes no text for markup', () => {
    const nasty = '"><script>alert(1)</script>';
    const trends = bad.trends.map((trend) => ({ ...trend, name: nasty, check: nasty }));
    const figures = bad.gate?.figures.map((figure) => ({ ...figure, name: nasty, check: nasty })) ?? [];
    const source = trendHtml({
      ...bad,
      trends,
      gate: { ...(bad.gate as GateResult), figures, reason: nasty },
    });
    expect(source).toContain('&lt;script&gt;');
    expect(source.match(/<script>/g)).toHaveLength(1);
  });
});

describe('the reports of a run in a history', () => {
  it('have a section with the verdict and every figure', () => {
    const source = html(aRecord(), bad);
    expect(source).toContain('<section id="trend">');
    expect(source.indexOf('href="#trend"')).toBeLessThan(source.indexOf('<section'));
    const summary = markdown(aRecord(), bad);
    expect(summary).toContain('**Regression.**');
    expect(trendMarkdown(bad).match(/^\| [✗✓]/gm)).toHaveLength(5);
  });

  it('fail in JUnit only by a regression that the night is to fail by', () => {
    const counts = (history: RunHistory) =>
      parseXml(junit(aRecord({ results: [], exitCode: 0 }), history)).children.find(
        ({ attributes }) => attributes.name === 'drlab.history',
      )?.attributes;
    expect(counts(bad)).toMatchObject({ tests: '5', failures: '0' });
    const gate = { ...(bad.gate as GateResult), failOn: 'regression' as const };
    expect(counts({ ...bad, gate })).toMatchObject({ tests: '5', failures: '1', errors: '0' });
    expect(counts(aHistory({ runs: 3 }))).toMatchObject({ tests: '5', failures: '0', skipped: '5' });
  });

  it('say nothing of it where there is none', () => {
    expect(html(aRecord())).not.toContain('id="trend"');
    expect(markdown(aRecord())).not.toContain('Against the runs before');
  });
});
