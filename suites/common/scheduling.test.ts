import { expect, it } from 'vitest';
import { clockOf, takesHours, wantsMachine } from '../../src/run/scheduling.ts';
import { checks } from '../index.ts';

const hasTo = (need: string) => checks.filter(({ needs }) => needs.some((one) => one === need));

it('what is available only in virtual time takes hours there, and nothing else does', () => {
  expect(checks.filter(takesHours)).toEqual(hasTo('virtualTime'));
  expect(checks.filter(takesHours).map(clockOf)).toEqual(checks.filter(takesHours).map(() => 'virtual'));
});

it('what waits for health checks or for a take-over leaves the clock to virtual time', () => {
  expect(hasTo('healthChecks').length).toBeGreaterThan(5);
  expect(hasTo('healthChecks').filter((check) => clockOf(check) !== 'virtual')).toEqual([]);
});

it('what only measures wants the machine to itself', () => {
  const measuring = checks.filter(wantsMachine);
  expect(measuring.length).toBeGreaterThan(3);
  expect(measuring.filter((check) => clockOf(check) !== 'real')).toEqual([]);
  expect(hasTo('realTime').filter((check) => clockOf(check) === 'virtual')).toEqual([]);
});
