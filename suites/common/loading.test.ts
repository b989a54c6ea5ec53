import { describe, expect, it } from 'vitest';
import type { LoadRun } from '../../src/probe/generators/index.ts';
import { limitOf, type Round, ratioFigures, unfit, whyNoFigure } from './loading.ts';

const run = (value: number, over: Partial<LoadRun> = {}): LoadRun => ({
  generator: 'autocannon 9',
  arguments: '',
  figures: [{ name: 'requests', value, unit: 'requests/s', better: 'higher' }],
  errors: 0,
  durationMs: 1_000,
  hosts: [],
  saturated: { part: 'shared CPU', why: 'client, director and real servers share 1 CPU' },
  ...over,
});
const generator = { saturated: { part: 'generator' as const, why: 'it took 99 % of a CPU' } };
const rounds: Round[] = [
  { vip: run(80), direct: run(100) },
  { vip: run(90), direct: run(100) },
  { vip: run(70), direct: run(100) },
];
const health = {
  ok: true,
  reasons: [],
  scheduleLagP99Ms: 1,
  achievedRatio: 1,
  ownCpu: 0.1,
  steal: 0,
  portsLeft: 1,
  drops: 0,
};

describe('ratioFigures', () => {
  it('begins with the median of the paired ratios and its interval', () => {
    const figures = ratioFigures(rounds, 'requests');
    expect(figures.map(({ name }) => name)).toEqual([
      'VIP / direct',
      'VIP / direct, 95 % from',
      'VIP / direct, 95 % to',
      'requests through the VIP',
      'requests direct to one RIP',
    ]);
    expect(figures[0]).toMatchObject({ value: 0.8, samples: 3 });
    expect(figures[1]?.value).toBeLessThan(0.8);
    expect(ratioFigures(rounds, 'requests')).toEqual(figures);
  });

  it('has no ratio where the generator was the limit on both ways', () => {
    const same = [{ vip: run(100, generator), direct: run(100, generator) }];
    expect(ratioFigures(same, 'requests').map(({ name }) => name)).not.toContain('VIP / direct');
    const one = [{ vip: run(50), direct: run(100, generator) }];
    expect(ratioFigures(one, 'requests')[0]).toMatchObject({ name: 'VIP / direct', value: 0.5 });
  });
});

describe('what gives no figure', () => {
  it('errors, silence and nothing at all', () => {
    expect(whyNoFigure(rounds)).toBeUndefined();
    expect(whyNoFigure([])).toContain('nothing was measured');
    expect(whyNoFigure([{ vip: run(1, { errors: 2 }), direct: run(1) }])).toContain('2 errors');
    expect(whyNoFigure([{ vip: run(0), direct: run(1) }])).toContain('no answer');
  });

  it('an instrument that was not healthy, and says what to do', () => {
    expect(unfit([health])).toBeUndefined();
    const late = { ...health, ok: false, reasons: ['probes were sent late: p99 80.0 ms'] };
    expect(unfit([health, late])).toMatch(/p99 80\.0 ms; measure on an idle machine/);
    expect(whyNoFigure([{ vip: run(1, { health: late }), direct: run(1) }])).toContain('p99 80.0 ms');
  });
});

it('says what was at its limit, and where frames were dropped', () => {
  expect(limitOf(rounds)).toBe('at the limit: shared CPU (client, director and real servers share 1 CPU)');
  const cpus = [{ busy: 1, softirq: 0, steal: 0 }];
  const d1 = { host: 'd1', role: 'director' as const, kernel: 'a', cpus, dropped: 3, backlogDropped: 0 };
  expect(limitOf([{ vip: run(1, { hosts: [d1] }), direct: run(1) }])).toContain('frames were dropped at d1');
});
