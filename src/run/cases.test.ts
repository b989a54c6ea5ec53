import { expect, it } from 'vitest';
import { type Check, check, type Scheduling } from '../model/check.ts';
import { parseLab } from '../model/labfile/index.ts';
import { runCases } from './cases.ts';
import { caseName } from './purpose.ts';

const aCheck = (id: string, suite: Check['suite'], scheduling?: Scheduling): Check =>
  check({
    id,
    suite,
    level: 'must',
    title: id,
    requirement: id,
    source: id,
    needs: [],
    ...(scheduling && { scheduling }),
    mutants: [],
    observe: async () => 1,
    judge: () => ({ verdict: 'pass', expected: '', seen: '' }),
  });

it('keeps failovers apart from what measures throughput: one may be in virtual time, the other may not', () => {
  const checks = [
    aCheck('HA', 'failover', { clock: 'virtual' }),
    aCheck('LNG', 'failover', { clock: 'virtual', hours: true }),
    aCheck('PERF', 'throughput', { clock: 'real', alone: true }),
    aCheck('ARP', 'arp'),
  ];
  const cases = runCases(parseLab('name: one', 'one.yaml'), checks);
  expect(cases.map((one) => [caseName(one), one.checks])).toEqual([
    ['run', ['ARP']],
    ['run@failover', ['HA']],
    ['run@hours', ['LNG']],
    ['run@alone', ['PERF']],
  ]);
});

it('asks first and last what is to be so, and what disturbs the lab after all', () => {
  const disturbing: Check = { ...aCheck('DEF', 'defence'), disturbs: true };
  const checks = [
    aCheck('LAST', 'state', { turn: 'last' }),
    disturbing,
    aCheck('ARP', 'arp'),
    aCheck('FIRST', 'state', { turn: 'first' }),
  ];
  const [only] = runCases(parseLab('name: one', 'one.yaml'), checks);
  expect(only?.checks).toEqual(['FIRST', 'ARP', 'LAST', 'DEF']);
});
