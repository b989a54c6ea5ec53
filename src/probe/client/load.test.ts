import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { percentile } from '../histogram.ts';
import { proberOn } from './prober.ts';
import { type FakeServer, fakeLab, fakeServer } from './testing/servers.ts';
import type { LoadResult, RunningLoad, StreamPlan } from './types.ts';

let server: FakeServer;
let rig: ReturnType<typeof fakeLab>;

beforeEach(async () => {
  server = await fakeServer('rs1');
  rig = fakeLab();
});
afterEach(async () => {
  await rig.scope[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/**
 * Runs all three kinds of streams, and does something to the server meanwhile. Server and prober are in this process:
 * where it was late the load measured that, and the test says so instead of failing.
 */
async function underLoad(
  { skip }: TestContext,
  meanwhile: (load: RunningLoad) => Promise<void>,
): Promise<LoadResult> {
  const { target } = server;
  const streams: StreamPlan[] = [
    { name: 'udp', kind: 'udp', target, rateHz: 200, timeoutMs: 250 },
    { name: 'new', kind: 'connect', target, rateHz: 100, timeoutMs: 250 },
    { name: 'flow', kind: 'established', target, rateHz: 100, connections: 2, timeoutMs: 250 },
  ];
  const prober = await proberOn(rig.lab, 'c1');
  const load = await prober.openLoop(streams);
  await meanwhile(load);
  const result = await load.stop();
  skip(!result.health.ok, `this machine is busy: ${result.health.reasons.join('; ')}`);
  return result;
}

const named = (result: LoadResult, name: string) => {
  const stream = result.streams.find((each) => each.name === name);
  if (!stream) throw new Error(`no stream ${name}`);
  return stream;
};

/** The fault's length as seen on the load's own clock, and how far a reading on a busy machine may be off. */
const slackMs = 200;

describe('openLoop', () => {
  it('sends what it planned, and finds a healthy service healthy', async (context) => {
    const result = await underLoad(context, async () => void (await sleep(800)));
    for (const stream of result.streams) {
      expect(stream.planned).toBeGreaterThanOrEqual(Math.floor(0.75 * stream.rateHz));
      expect(stream.sent / stream.planned).toBeGreaterThan(0.9);
      expect(stream.points).toHaveLength(stream.sent);
      expect(stream.points.map((point) => point.tMs)).toEqual(
        stream.points.map((_, i) => Math.round((i * 1e6) / stream.rateHz) / 1e3),
      );
      expect(stream.outage.bad).toBe(0);
      expect(stream.histogram.count).toBe(stream.sent);
      expect(stream.points[0]?.server).toBe('rs1');
    }
    expect(percentile(named(result, 'udp').histogram, 0.5)).toBeGreaterThan(0);
    // And those of the warm-up.
    expect(server.connections).toBeGreaterThan(named(result, 'new').sent + 2);
  });

  it('reads a stall back in full, from every kind of stream', async (context) => {
    let [from, to] = [0, 0];
    const result = await underLoad(context, async (load) => {
      await sleep(300);
      from = load.nowMs();
      server.set('stall');
      await sleep(500);
      server.set('answer');
      to = load.nowMs();
      await sleep(300);
    });
    for (const { outage } of result.streams) {
      expect(Math.abs(outage.contiguousMs - (to - from))).toBeLessThan(outage.resolutionMs + slackMs);
      expect(outage.firstBadMs).toBeGreaterThanOrEqual(from - slackMs);
      expect(outage.lastBadMs).toBeLessThanOrEqual(to);
      expect(outage.silent).toBe(outage.bad);
    }
  });

  it('reads refusals of new connections, while the datagrams go on', async (context) => {
    let [from, to] = [0, 0];
    const result = await underLoad(context, async (load) => {
      await sleep(300);
      from = load.nowMs();
      await server.shut();
      await sleep(400);
      to = load.nowMs();
      await server.listen();
      await sleep(300);
    });
    const { outage } = named(result, 'new');
    expect(Math.abs(outage.contiguousMs - (to - from))).toBeLessThan(outage.resolutionMs + slackMs);
    expect(outage.refused).toBeGreaterThan(0.8 * outage.bad);
    expect(named(result, 'udp').outage.bad).toBe(0);
    const flow = named(result, 'flow').outage;
    expect(flow.bad).toBeGreaterThan(0);
    expect(flow.lastBadMs).toBeLessThan(to + slackMs);
  });

  it('tells resets from silence, and opens established flows again', async (context) => {
    const result = await underLoad(context, async () => {
      await sleep(300);
      server.set('reset');
      await sleep(200);
      server.set('answer');
      await sleep(300);
    });
    for (const name of ['new', 'flow']) {
      const { outage, points } = named(result, name);
      expect(outage.resets).toBeGreaterThan(0);
      expect(outage.silent).toBe(0);
      expect(points.at(-1)?.error).toBeUndefined();
    }
  });

  it('counts lost datagrams as silence', async (context) => {
    const result = await underLoad(context, async () => {
      await sleep(200);
      server.set('drop');
      await sleep(300);
      server.set('answer');
      await sleep(300);
    });
    const { outage, points } = named(result, 'udp');
    expect(outage.silent).toBe(outage.bad);
    expect(outage.lossDerivedMs).toBeGreaterThan(200);
    expect(points.filter((point) => point.error === 'timeout')).toHaveLength(outage.bad);
  });

  it('shares its clock with the caller', async (context) => {
    let before = 0;
    const result = await underLoad(context, async (load) => {
      await sleep(200);
      before = load.nowMs();
    });
    expect(before).toBeGreaterThan(100);
    const last = Math.max(...result.streams.map((stream) => stream.points.at(-1)?.tMs ?? 0));
    expect(last).toBeGreaterThan(before - slackMs);
    expect(last).toBeLessThan(before + slackMs);
  });
});
