import { expect, it } from 'vitest';
import { StreamLog } from './stream-log.ts';

it('gives the service its time from the sending, and counts the latency from the plan', () => {
  let nowMs = 500;
  const log = new StreamLog(() => nowMs, 100);
  const late = log.sent(0);
  const lost = log.sent(0);
  nowMs = 550;
  log.sweep();
  log.answered(late, 'rs1');
  expect(log.points[late]).toMatchObject({ lagMs: 500, latencyMs: 550, server: 'rs1' });
  expect(log.points[lost]?.error).toBeUndefined();
  nowMs = 601;
  log.sweep();
  expect(log.points[lost]).toMatchObject({ latencyMs: null, error: 'timeout' });
  log.answered(lost, 'rs1');
  expect(log.points[lost]?.latencyMs).toBeNull();
  expect(log.underWay).toBe(0);
});
