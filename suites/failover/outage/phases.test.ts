import { describe, expect, it } from 'vitest';
import { findLab, readLab } from '../../../src/model/labfile/index.ts';
import type { TimelineChart } from '../../../src/model/measurement.ts';
import { hostSpec } from '../../../src/model/spec.ts';
import { lengthOf, outageOf } from '../../../src/probe/outage.ts';
import { checks } from '../../index.ts';
import { recordedCase } from '../../recorded/recorded.ts';
import { phasesOf } from './phases.ts';

const { spec } = await readLab(await findLab('default'));
const macOf = (name: string) => hostSpec(spec, name).mac;

/** Connections each 25 ms, none of which is answered from 1.0 s to 4.665 s. */
const points = Array.from({ length: 200 }, (_, i) => ({
  seq: i,
  tMs: 25 * i,
  latencyMs: i >= 40 && i < 187 ? null : 5,
}));
const stream = { name: 'new connections', rateHz: 40, points, outage: outageOf(points, 40) };
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
const at = { faultMs: 990, fromMs: 0, newMaster: 'd2', spec };
const load = { streams: [stream] } as unknown as Parameters<typeof phasesOf>[1];

it('splits an outage at advertisement, VIP, neighbour entry and first answer', () => {
  expect(phasesOf(seen, load, at)).toEqual({
    detectionMs: 3_600,
    takeOverMs: 10,
    arpMs: 30,
    recovery: [{ stream: 'new connections', ms: 35 }],
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

it('leaves what came after the end of the outage to nobody: connections may come back before the last neighbour', () => {
  const late = { ...seen, neighbourEntries: [{ tMs: 9_000, host: 'c1', mac: macOf('d2') }] };
  expect(phasesOf(late, load, at)).toMatchObject({
    arpMs: 65,
    recovery: [{ stream: 'new connections', ms: 0 }],
  });
});

it('tells no phases of an outage that began when the take-over was over', () => {
  const early = {
    owners: [{ tMs: 900, who: ['d2'] }],
    adverts: [{ ...advert, tMs: 880, from: 'd2' }],
    neighbourEntries: [{ tMs: 910, host: 'c1', mac: macOf('d2') }],
  };
  expect(phasesOf(early, load, { ...at, faultMs: 800 })).toEqual({
    detectionMs: null,
    takeOverMs: null,
    arpMs: null,
    recovery: [{ stream: 'new connections', ms: null }],
  });
});

describe.each(['HA-01', 'HA-02', 'HA-09', 'HA-19', 'HA-20'])('in the record of %s', (id) => {
  const check = checks.find((one) => one.id === id);
  if (!check) throw new Error(`no check ${id}`);
  const { spec: lab, observation } = recordedCase(check);
  const { figures = [], charts = [] } = check.judge(observation, { spec: lab });
  const outageMs = figures.find(({ name }) => name === 'outage of new connections')?.value;

  it('the phases add up to the outage', () => {
    const phases = figures.filter(({ name }) =>
      /\(detection\)|\(take-over\)|\(ARP\)|outage of new connections$/.test(name),
    );
    const [outage, ...parts] = phases;
    expect(outage?.value).toBe(outageMs);
    expect(parts).toHaveLength(4);
    expect(parts.reduce((sum, { value }) => sum + value, 0)).toBe(outageMs);
  });

  it('the chart draws the outage that is the figure', () => {
    const [timeline] = charts as TimelineChart[];
    const drawn = timeline?.streams.find(({ name }) => name === 'new connections')?.outages ?? [];
    expect(drawn.map((one) => Math.round(lengthOf(one)))).toContain(outageMs);
  });
});
