import { expect, it } from 'vitest';
import type { GatedFigure, NightGate } from '../../model/history.ts';
import { aRecord } from '../testing/record.ts';
import { terminalSummary } from './summary.ts';

const figure = (over: Partial<GatedFigure>): GatedFigure => ({
  ...{ check: 'PERF-04', name: 'p50 direct', unit: 'µs', better: 'lower', outcome: 'no change', value: 1200 },
  ...{ centre: 1200, low: 1000, high: 1400, runs: 9 },
  ...over,
});
const said = (over: Partial<NightGate>): string => {
  const gate: NightGate = {
    ...{
      verdict: 'no change',
      confirmed: false,
      needsConfirming: false,
      baseline: 'the median of the last 7 runs',
    },
    ...{
      reason: 'nothing beyond noise.',
      figures: [],
      fingerprint: { lab: '', sandbox: '', kernel: '', machine: '' },
    },
    ...over,
  };
  return terminalSummary(aRecord({ gate, results: [], exitCode: 0 }), { color: false, width: 100 });
};

it('a run that nothing was asked of says nothing of nights', () => {
  expect(terminalSummary(aRecord(), { color: false, width: 100 })).not.toContain('nights before');
});

it('names what is worse, with both runs and the limit, and counts the rest', () => {
  const text = said({
    verdict: 'regression',
    confirmed: true,
    failOn: 'regression',
    reason: 'worse in two runs: PERF-04 p50 direct.',
    figures: [
      figure({ outcome: 'regression', value: 4200, firstValue: 4100 }),
      figure({}),
      figure({ outcome: 'not measured' }),
    ],
  });
  expect(text).toContain(
    '  ✗ PERF-04 p50 direct: regression\n    4.2 ms, 3.5 × against 1.2 ms; up to 1.4 ms is noise; 4.1 ms in the first',
  );
  expect(text).toContain('  1 other figure: no change\n');
  expect(text).toContain('Regression. Worse in two runs: PERF-04 p50 direct. Confirmed by a second run.');
});

it('says in one line that nothing changed', () => {
  const text = said({ figures: [figure({}), figure({})] });
  expect(text).toContain(
    'against the nights before (the median of the last 7 runs)\nNo regression. Nothing beyond noise.\n',
  );
});
