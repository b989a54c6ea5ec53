import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../model/exploration.ts';
import type { FaultSpec } from '../../model/fault.ts';
import { shrink } from './shrink.ts';
import { scheduleWith } from './testing/observations.ts';

const dead = (host: string): FaultSpec => ({ kind: 'serviceDead', host });
const cut = (host: string): FaultSpec => ({ kind: 'portDown', host });
const hostsIn = ({ faults }: Schedule): string[] =>
  faults.flatMap(({ fault }) => ('host' in fault ? [fault.host] : []));

/** Fails exactly where the predicate says so, and counts how often it was asked. */
function oracleOf(fails: (schedule: Schedule) => boolean) {
  const asked: Schedule[] = [];
  const oracle = async (schedule: Schedule) => {
    asked.push(schedule);
    return fails(schedule) ? `failed with ${hostsIn(schedule).join(' ')}` : undefined;
  };
  return { asked, oracle };
}

describe('the shortest schedule that fails', () => {
  const eight = scheduleWith(...Array.from({ length: 8 }, (_, i) => cut(`h${i}`)));

  it.each([
    ['one fault', ['h5']],
    ['two far apart', ['h1', 'h6']],
    ['all', eight.faults.map((_, i) => `h${i}`)],
  ])('has %s where that is what it takes', async (_, needed) => {
    const { oracle } = oracleOf((schedule) => needed.every((host) => hostsIn(schedule).includes(host)));
    const found = await shrink(eight, oracle, 500);
    expect(hostsIn(found.schedule)).toEqual(needed);
    expect(found).toMatchObject({ reproduced: true, minimal: true, seen: `failed with ${needed.join(' ')}` });
  });

  it('begins at once and lasts no longer than it takes', async () => {
    const { oracle } = oracleOf(({ faults }) => faults.some(({ durationMs }) => durationMs >= 1_000));
    const { schedule } = await shrink(scheduleWith(cut('d1')), oracle, 50);
    expect(schedule.faults).toEqual([{ fault: cut('d1'), beginMs: 0, durationMs: 1_000 }]);
  });

  it('keeps the times that it takes', async () => {
    const whole = scheduleWith(cut('d1'), dead('rs1'));
    const { oracle } = oracleOf(
      ({ faults }) => faults.length === 2 && (faults[1]?.beginMs ?? 0) - (faults[0]?.beginMs ?? 0) === 5_000,
    );
    const { schedule } = await shrink(whole, oracle, 50);
    expect(schedule.faults.map(({ beginMs }) => beginMs)).toEqual([0, 5_000]);
  });

  it('flaps no more often than it takes', async () => {
    const fault: FaultSpec = { kind: 'flap', host: 'd1', periodMs: 200, count: 4 };
    const { oracle } = oracleOf(() => true);
    const { schedule } = await shrink(scheduleWith(fault), oracle, 50);
    expect(schedule.faults).toEqual([{ fault: { ...fault, count: 1 }, beginMs: 0, durationMs: 200 }]);
  });
});

it('shrinks nothing that does not fail again', async () => {
  const { asked, oracle } = oracleOf(() => false);
  const whole = scheduleWith(cut('d1'), dead('rs1'));
  expect(await shrink(whole, oracle, 50)).toEqual({
    schedule: whole,
    seen: '',
    trials: 1,
    reproduced: false,
    minimal: false,
  });
  expect(asked).toEqual([whole]);
});

it('stops when the trials are used up, with what it has, and says so', async () => {
  const { asked, oracle } = oracleOf((schedule) => hostsIn(schedule).includes('h7'));
  const whole = scheduleWith(...Array.from({ length: 8 }, (_, i) => cut(`h${i}`)));
  const found = await shrink(whole, oracle, 3);
  expect(asked).toHaveLength(3);
  expect(found).toMatchObject({ trials: 3, reproduced: true, minimal: false });
  expect(hostsIn(found.schedule)).toContain('h7');
});

it('tries nothing twice', async () => {
  const { asked, oracle } = oracleOf((schedule) => hostsIn(schedule).length >= 2);
  await shrink(scheduleWith(cut('d1'), dead('rs1'), dead('rs2')), oracle, 50);
  const keys = asked.map(({ faults }) => JSON.stringify(faults));
  expect(new Set(keys).size).toBe(keys.length);
});
