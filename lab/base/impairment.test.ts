import { expect, it } from 'vitest';
import { qdiscLine } from './impairment.ts';

const none = { delayUs: 0, jitterUs: 0, lossPercent: 0, rateBitPerS: 0 };

it('leaves an unimpaired link alone', () => {
  expect(qdiscLine('eth0', none)).toBe('');
});

it('writes every impairment with its unit', () => {
  expect(qdiscLine('p1', { delayUs: 2000, jitterUs: 100, lossPercent: 0.5, rateBitPerS: 1e8 })).toBe(
    'qdisc add dev p1 root netem limit 435 delay 2000us 100us loss 0.5% rate 100000000bit\n',
  );
});

it('gives even the slowest link a queue of some packets', () => {
  expect(qdiscLine('p1', { ...none, rateBitPerS: 1000 })).toContain('limit 50 ');
});
