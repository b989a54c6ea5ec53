import { expect, test } from 'vitest';
import { type Figures, goals, growth, mediansOf } from './figures.ts';
import { page } from './page.ts';

const machine = {
  hostname: 'h',
  kernel: '6.1.0',
  cpuModel: 'Some CPU',
  cpus: 2,
  memoryBytes: 2 ** 31,
  os: 'Debian',
};
const figures: Figures = {
  passes: 3,
  drlab: [
    { hosts: 200, upMs: 800, downMs: 40, freedMs: 10 },
    { hosts: 1000, upMs: 4_000, downMs: 200, freedMs: 90 },
  ],
  mininet: [{ hosts: 200, upMs: 4_000, downMs: 5_000 }],
  starts: [
    { sandbox: 'host', lab: 'nftables', firstCheckMs: 900, wholeMs: 1_500 },
    { sandbox: 'uml', lab: 'minimal', why: 'not installed: linux.uml' },
  ],
  memory: {
    hosts: 102,
    processes: [
      { name: 'perl', pssKiB: 8 * 1024 },
      { name: 'node', pssKiB: 40 * 1024 },
    ],
  },
  load: {
    probing: [
      {
        kind: 'connect',
        rateHz: 5_000,
        achievedRatio: 1,
        sentRatio: 1,
        lagP99Ms: 2.34,
        ownCpu: 0.5,
        medianUs: 210.4,
        lost: 0,
        reasons: [],
      },
      {
        kind: 'connect',
        rateHz: 20_000,
        achievedRatio: 0.4,
        sentRatio: 0.5,
        lagP99Ms: 900,
        ownCpu: 1,
        medianUs: null,
        lost: 7,
        reasons: ['the prober took 100 % of a CPU'],
      },
    ],
    ceilings: [{ kind: 'connect', rateHz: 6_250 }],
    peak: {
      connections: 16,
      rounds: 3,
      autocannon: { generator: 'autocannon 9.0.0', requestsPerS: 20_000 },
      wrk: { generator: 'wrk 4.1.0', requestsPerS: 50_000, ratio: 0.4 },
    },
  },
};

test('medians of several passes', () => {
  const passes = [
    { upMs: 3, downMs: 1 },
    { upMs: 9, downMs: 2, freedMs: 7 },
    { upMs: 4, downMs: 5 },
  ];
  expect(mediansOf(20, passes)).toEqual({ hosts: 20, upMs: 4, downMs: 2, freedMs: 7 });
});

test('growth is of the time for one host', () => {
  expect(growth(figures.drlab, 'upMs')).toBe(1);
  expect(growth(figures.drlab.slice(0, 1), 'upMs')).toBeNaN();
});

test('goals are met at their limits, missed beyond, and open without figures', () => {
  expect(goals(figures).map(({ met }) => met)).toEqual([true, true, true]);
  const slower = figures.drlab.map((one, i) => ({ ...one, upMs: one.upMs * (1.1 + i), downMs: 251 }));
  expect(goals({ ...figures, drlab: slower }).map(({ met }) => met)).toEqual([false, false, false]);
  expect(goals({ ...figures, mininet: 'absent' }).map(({ met }) => met)).toEqual([
    undefined,
    undefined,
    true,
  ]);
});

test('the page shows times, ratios, goals and what was not measured', () => {
  const text = page(figures, machine, '1.0', '2026-11-22');
  expect(text).toMatch(
    /\| +200 \| +800 ms \| +40 ms \| +10 ms \| +4\.00 ms \| +4\.00 s \| +5\.00 s \| +0\.20 \| +0\.0080 \|/,
  );
  expect(text).toMatch(/\| +1000 \| +4\.00 s \|.*\| +– \| +– \| +– \| +– \|/);
  const columns = text.split('\n').filter((line) => line.includes('200 |') || line.includes('Mininet up'));
  expect(columns.map((line) => line.split('|').length)).toEqual([11, 11]);
  expect(text).toContain('- met: at 200 hosts up in at most a fifth of the time of Mininet');
  expect(text).toMatch(/uml \| +minimal \| +not measured: not installed: linux\.uml/);
  expect(text).toContain('48 MiB in 2 processes');
  expect(page({ ...figures, mininet: 'absent' }, machine, '1.0', 'd')).toContain(
    'Mininet was not measured: absent.',
  );
});

test('the page shows how far the prober is to be trusted, and autocannon beside wrk', () => {
  const text = page(figures, machine, '1.0', 'd');
  expect(text).toMatch(
    /\| connect \| +5000 \| +100 % \| +2\.3 ms \| +50 % \| +100 µs \| +210 µs \| +0 \| yes \|/,
  );
  expect(text).toMatch(
    /\| connect \| +20000 \| +40 % \| +900\.0 ms \| +100 % \| +100 µs \| +– \| +7 \| +no \|/,
  );
  expect(text).toContain('fit: connect 6250/s.');
  expect(text).toContain('autocannon 9.0.0 20000 requests/s, wrk 4.1.0 50000 requests/s; ratio 0.40.');
  const peak = { ...figures.load.peak, wrk: 'absent' };
  expect(page({ ...figures, load: { ...figures.load, peak } }, machine, '1.0', 'd')).toContain(
    'wrk was not measured: absent.',
  );
});
