import { expect, it } from 'vitest';
import { findLab, readLab } from '../../src/model/labfile/index.ts';
import { hostSpec } from '../../src/model/spec.ts';
import { bypass } from './coassert.ts';
import { ipv6Stage } from './stage.ts';

const spec = ipv6Stage.change((await readLab(await findLab('default'))).spec);
const [d1, rs1] = [hostSpec(spec, 'd1').mac, hostSpec(spec, 'rs1').mac];
const well = { vip: 'fd00::64', director: 'd1', advertisers: [d1], neighbour: d1, packets: 9 };

it('says nothing where all went through the director', () => expect(bypass('x', well, spec)).toBeUndefined());

it.each([
  [{ advertisers: [d1, rs1] }, 'fail', /rs1 .* answered/],
  [{ neighbour: rs1 }, 'fail', /has fd00::64 at rs1/],
  [{ packets: 0 }, 'fail', /counted no packet/],
  [{ neighbour: null }, 'inconclusive', /has no entry/],
  [{ advertisers: [] }, 'inconclusive', /nobody answered/],
] as const)('judges %o as %s', (changed, verdict, seen) => {
  const judgement = bypass('x', { ...well, ...changed } as typeof well, spec);
  expect(judgement?.verdict).toBe(verdict);
  expect(judgement?.seen).toMatch(seen);
});
