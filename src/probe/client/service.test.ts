import { describe, expect, it } from 'vitest';
import { pathsOf, serviceMs } from './service.ts';

describe('pathsOf', () => {
  it('takes several paths in turn', () => {
    const next = pathsOf({ name: 'a', path: ['/?bytes=1', '/?bytes=2'] });
    expect([next(), next(), next()]).toEqual(['/?bytes=1', '/?bytes=2', '/?bytes=1']);
    expect(pathsOf({ name: 'a' })()).toBe('/');
  });

  it('asks for a service time, the same for the same seed', () => {
    const plan = {
      name: 'a',
      seed: 3,
      path: '/?bytes=9',
      service: { kind: 'exponential' as const, meanMs: 20 },
    };
    const drawn = (seed: number) => {
      const next = pathsOf({ ...plan, seed });
      return Array.from({ length: 5 }, next);
    };
    expect(drawn(3)).toEqual(drawn(3));
    expect(drawn(3)).not.toEqual(drawn(4));
    for (const path of drawn(3)) expect(path).toMatch(/^\/\?bytes=9&delay=\d+$/);
  });
});

describe('serviceMs', () => {
  const draws = (service: Parameters<typeof serviceMs>[0]) =>
    Array.from({ length: 10_000 }, (_, i) => serviceMs(service, (i + 0.5) / 10_000));

  it('has the tail of Pareto between its bounds', () => {
    const drawn = draws({ kind: 'pareto', leastMs: 2, mostMs: 2_000, shape: 1.2 });
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(2_000);
    // P(X > x) = (2/x)^1.2, nearly: the cut takes 0.02 % of it.
    expect(drawn.filter((ms) => ms > 20).length / drawn.length).toBeCloseTo(0.1 ** 1.2, 2);
    expect(drawn.filter((ms) => ms > 200).length).toBeGreaterThan(20);
  });

  it('has the mean that it is given', () => {
    const drawn = draws({ kind: 'exponential', meanMs: 10 });
    expect(drawn.reduce((sum, ms) => sum + ms, 0) / drawn.length).toBeCloseTo(10, 1);
  });
});
