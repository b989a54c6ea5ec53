import { expect, it } from 'vitest';
import { findLab, readLab } from '../../../src/model/labfile/index.ts';
import { hostSpec } from '../../../src/model/spec.ts';
import { phasesOf } from './phases.ts';

const { spec } = await readLab(await findLab('default'));
const macOf = (name: string) => hostSpec(spec, name).mac;

const stream = {
  name: 'new connections',
  points: [
    { tMs: 4_640, latencyMs: null },
    { tMs: 4_665, latencyMs: 5 },
  ],
};
const advert = { version: 2, virtualRouterId: 51, priority: 100, advertMs: 1_000, mac: macOf('d2') };
const seen = {
  owners: [
    { tMs: 900, who: ['d1'] },
    { tMs: 4_610, who: ['d2'] },
  ],
  adverts: [
    { ...advert, tMs: 950, from: 'd1' },
    { ...advert, tMs: 4_600, from: 'd2' },
  ],
  neighbourEntries: [
    { tMs: 0, host: 'c1', mac: macOf('d1') },
    { tMs: 4_640, host: 'c1', mac: macOf('d2') },
  ],
};
const at = { faultMs: 1_000, newMaster: 'd2', spec };
const load = { streams: [stream] } as unknown as Parameters<typeof phasesOf>[1];

it('splits a failover at advertisement, VIP, neighbour entry and first answer', () => {
  expect(phasesOf(seen, load, at)).toEqual({
    detectionMs: 3_600,
    takeOverMs: 10,
    arpMs: 30,
    recovery: [{ stream: 'new connections', ms: 30 }],
  });
});

it('says of what never came that it did not', () => {
  const stuck = { ...seen, neighbourEntries: seen.neighbourEntries.slice(0, 1) };
  expect(phasesOf(stuck, load, at)).toMatchObject({
    detectionMs: 3_600,
    arpMs: null,
    recovery: [{ stream: 'new connections', ms: null }],
  });
});
