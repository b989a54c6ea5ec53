import { expect, it } from 'vitest';
import { type Check, check } from '../model/check.ts';
import { parseLab } from '../model/labfile/index.ts';
import { runCases } from './cases.ts';

const aCheck = (id: string, suite: Check['suite'], needs: Check['needs'] = []): Check =>
  check({
    id,
    suite,
    level: 'must',
    title: id,
    requirement: id,
    source: id,
    needs,
    mutants: [],
    observe: async () => 1,
    judge: () => ({ verdict: 'pass', expected: '', seen: '' }),
  });

it('keeps failovers apart from what measures throughput: one may be in virtual time, the other may not', () => {
  const checks = [
    aCheck('HA', 'failover'),
    aCheck('LNG', 'failover', ['virtualTime']),
    aCheck('PERF', 'throughput'),
    aCheck('ARP', 'arp'),
  ];
  const cases = runCases(parseLab('name: one', 'one.yaml'), checks);
  expect(cases.map(({ name, checks: ids }) => [name, ids])).toEqual([
    ['run', ['ARP']],
    ['run@failover', ['HA']],
    ['run@hours', ['LNG']],
    ['run@alone', ['PERF']],
  ]);
});
