import { describe, expect, it } from 'vitest';
import type { RunLine } from '../model/history.ts';
import type { RunRecord } from '../model/record.ts';
import { parseBaseline, selectBaseline } from './baseline.ts';
import { gate } from './gate.ts';
import { lineOf } from './line.ts';
import { aNight } from './testing/nights.ts';
import { trendsOf } from './trend.ts';

const level = (n: number): number => 500 + ((n * 7) % 11);
const history = Array.from({ length: 40 }, (_, n) => lineOf(aNight(n, [level(n)])));
const none = (): Promise<RunRecord> => Promise.reject(new Error('not asked'));
const idsOf = (runs: RunLine[]): string[] => runs.map(({ id }) => id);

describe('a baseline', () => {
  it('is a median of runs, a run, or a file', () => {
    expect(parseBaseline('median:7')).toEqual({ kind: 'median', runs: 7 });
    expect(parseBaseline('median')).toEqual({ kind: 'median', runs: 7 });
    expect(parseBaseline('night-0001')).toEqual({ kind: 'named', name: 'night-0001' });
    for (const wrong of ['median:0', 'median:x', 'median:', 'median:1.5'])
      expect(() => parseBaseline(wrong)).toThrow('a whole number of at least 1');
  });

  it('of a median are the last runs before the one to be judged, without it and the one it confirms', async () => {
    const [run, first] = [history[38], history[37]];
    if (!run || !first) throw new Error('no such nights');
    const { runs, name } = await selectBaseline({ kind: 'median', runs: 7 }, { run, first, history }, none);
    expect(name).toBe('the median of the last 7 runs');
    expect(runs).toHaveLength(30);
    expect([idsOf(runs)[0], idsOf(runs).at(-1)]).toEqual(['night-0007', 'night-0036']);
  });

  it('of a median are nights, not the runs that confirmed one', async () => {
    const again = lineOf(aNight(38, [900], { id: 'again', confirms: 'night-0038' }));
    const run = lineOf(aNight(39, [500]));
    const { runs } = await selectBaseline(
      { kind: 'median', runs: 7 },
      { run, history: [...history.slice(0, 39), again] },
      none,
    );
    expect(idsOf(runs).at(-1)).toBe('night-0038');
    expect(trendsOf([...history.slice(0, 39), again], run.fingerprint)[0]?.points).toHaveLength(39);
  });

  it('of a run in the history, or of a file: noise still comes from the history', async () => {
    const run = lineOf(aNight(50, [900]));
    const inHistory = await selectBaseline(parseBaseline('night-0003'), { run, history }, none);
    expect(inHistory).toMatchObject({ name: 'run night-0003', named: { id: 'night-0003' } });
    expect(gate({ run, baseline: inHistory })).toMatchObject({
      verdict: 'regression',
      needsConfirming: true,
    });
    expect(gate({ run, baseline: inHistory }).figures[0]?.centre).toBe(level(3));
    const asked: string[] = [];
    const fromFile = await selectBaseline(parseBaseline('a/run.json'), { run, history }, async (path) => {
      asked.push(path);
      return aNight(60, [890]);
    });
    expect(asked).toEqual(['a/run.json']);
    expect(gate({ run, baseline: fromFile }).verdict).toBe('no change');
    const alone = await selectBaseline(
      parseBaseline('night-0003'),
      { run, history: history.slice(3, 4) },
      none,
    );
    expect(gate({ run, baseline: alone }).verdict).toBe('not enough history');
  });

  it('with another fingerprint judges nothing, and says why', async () => {
    const run = lineOf(aNight(50, [900]));
    const other = aNight(60, [100], { versions: { 'kernel in the sandbox': '6.12.1' } });
    const baseline = await selectBaseline(parseBaseline('x.json'), { run, history }, async () => other);
    expect(gate({ run, baseline })).toMatchObject({ verdict: 'not enough history' });
    expect(gate({ run, baseline }).reason).toMatch(
      /^run night-0060 had another kernel: «6.12.1», not «.+»\.$/,
    );
  });
});

describe('a trend', () => {
  it('has the points, the noise band and where the level changed', () => {
    const later = Array.from({ length: 12 }, (_, i) => lineOf(aNight(40 + i, [level(i) + 300])));
    const [fingerprint] = history.map((run) => run.fingerprint);
    if (!fingerprint) throw new Error('no nights');
    const foreign = { ...fingerprint, kernel: '6.12.1' };
    const runs = [...history, { ...lineOf(aNight(39, [9999])), fingerprint: foreign }, ...later];
    const [trend, ...others] = trendsOf(runs, fingerprint);
    expect(others).toEqual([]);
    expect(trend).toMatchObject({ check: 'LAT-1', name: 'p50', unit: 'µs', better: 'lower' });
    expect(trend?.points).toHaveLength(52);
    expect(trend?.changes).toMatchObject([{ run: 'night-0040', before: 505, after: 804.5 }]);
    expect(trend?.band?.low).toBeGreaterThan(780);
    expect(trend?.band?.high).toBeLessThan(830);
    expect(trendsOf(runs, foreign)[0]).not.toHaveProperty('band');
  });
});
