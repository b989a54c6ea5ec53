import { expect, test } from 'vitest';
import { hostSpec } from '../../../src/model/spec.ts';
import { recordedCase } from '../../recorded/recorded.ts';
import { saidOf } from '../../testing/judging.ts';
import { unservedPortStays } from './refusing.ts';

/** A real server that refuses got what should have gone to the director: no firewall of that has a part in it. */

const { spec } = recordedCase(unservedPortStays);
const { mac } = hostSpec(spec, 'rs1');

test.each([
  ['PP-07', { resets: [{ mac }] }],
  ['PP-08', { refusals: [{ mac, kind: 'reset' }] }],
  ['PP-09', { refusals: [{ mac, kind: 'reset' }] }],
])('%s tells a real server that refuses from a firewall', (id, where) => {
  const { verdict, cause, remedy } = saidOf(id, { where });
  expect(verdict).toBe('fail');
  expect(cause).toMatch(
    /^rs1 .* refused it in place of d1: packets for 198\.18\.0\.100 go past the director/,
  );
  expect(remedy).toEqual([{ on: 'c1', run: 'ip neigh show to 198.18.0.100' }]);
});
