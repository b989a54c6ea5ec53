import { expect, it } from 'vitest';
import { took } from './took.ts';

const fidelity = { sandbox: 'uml', time: 'virtual', cpus: 1, network: 'veth' } as const;
const simulated = [
  { case: 'run', ms: 3_600_000 },
  { case: 'run@sync', ms: 720_000 },
];

it('says how much was simulated, in how long, and how many times as fast that is', () => {
  expect(took({ durationMs: 123_000, fidelity, simulated })).toBe('simulated 1 h 12 min in 2 min 3 s, 35.1×');
});

it('says no ratio where some of the run was in real time', () => {
  const real = { ...fidelity, time: 'real' as const };
  expect(took({ durationMs: 123_000, fidelity: real, simulated })).toBe(
    '2 min 3 s, in which it simulated 1 h 12 min',
  );
  expect(took({ durationMs: 123_000, fidelity: real })).toBe('2 min 3 s');
  expect(took({ durationMs: 123_000, fidelity: real, simulated: [{ case: 'run', ms: 3 }] })).toBe(
    '2 min 3 s',
  );
});
