import { setTimeout as sleep } from 'node:timers/promises';
import type { TrialSetting, WorkloadValue } from '../../src/model/workload.ts';
import { answered, heartbeats, median, p90 } from './figures.ts';
import { comparedService } from './servers.ts';
import { workload } from './workload.ts';

/**
 * The loads that variants are compared under. What a real server can do is set by how long it works on a request and on
 * how many at once, far below what its program could: so its queues are those of the load, not of the machine.
 *
 *   client, 64 addresses ──▶ VIP ──▶ director ──▶ rs1 rs2 rs3, each with its own time and workers; a fourth is as rs1
 */

const connect = { name: 'new connections', kind: 'connect', schedule: 'poisson', timeoutMs: 8_000 } as const;

export const workloads: WorkloadValue[] = [
  workload({
    id: 'uniform',
    title: 'short requests, equal servers',
    description:
      '40 short requests a second, each on a connection of its own, at random times from 64 addresses; 2 kB come back. Equal servers with room to spare.',
    figures: [median, p90, answered],
    servers: [{ delayMs: 0 }],
    trialMs: 5_000,
    streams: [{ ...connect, rateHz: 40, path: '/?bytes=2000' }],
  }),
  workload({
    id: 'heavy-tail',
    title: 'a few requests that take very long',
    description:
      '40 requests a second that take from 14 ms to 1 s, most of them short, a few very long (Pareto, shape 1.1), as web requests do. Equal servers with 1 worker each, busy 70 % of the time: requests queued behind a long one wait for it.',
    figures: [p90, median, answered],
    lagMs: 150,
    servers: [{ delayMs: 0, concurrency: 1 }],
    trialMs: 5_000,
    streams: [
      { ...connect, rateHz: 40, service: { kind: 'pareto', leastMs: 14, mostMs: 1_000, shape: 1.1 } },
    ],
  }),
  workload({
    id: 'slow-server',
    title: 'one slow real server',
    description:
      '40 requests a second. The first real server takes 225 ms and works on 3 at once, so it can do no more than its share, 13 a second, and falls behind with whatever comes in a bunch; the others take 10 ms and have no such limit. Weights are equal: nobody told the director.',
    figures: [p90, median, answered],
    lagMs: 150,
    servers: [{ delayMs: 225, concurrency: 3 }, { delayMs: 10 }, { delayMs: 10 }],
    streams: [{ ...connect, rateHz: 40 }],
  }),
  workload({
    id: 'unequal',
    title: 'servers of different size, with weights to match',
    description:
      '40 requests a second of 90 ms each. The servers have 1, 2 and 4 workers, so they can do 11, 22 and 44 a second, and weights 1, 2 and 4: a scheduler that uses the weights has room, one that does not overloads the smallest.',
    figures: [p90, median, answered],
    lagMs: 150,
    servers: [
      { delayMs: 90, concurrency: 1, weight: 1 },
      { delayMs: 90, concurrency: 2, weight: 2 },
      { delayMs: 90, concurrency: 4, weight: 4 },
    ],
    streams: [{ ...connect, rateHz: 40 }],
  }),
  workload({
    id: 'long-lived',
    title: 'connections that last',
    description:
      '30 connections a second that last 660 ms on average (exponential), alongside 12 that stay open and carry 20 requests a second. Equal servers with 9 workers each, busy for three quarters of the time: what counts is how many each server has open.',
    figures: [p90, heartbeats, median, answered],
    lagMs: 150,
    servers: [{ delayMs: 0, concurrency: 9 }],
    trialMs: 6_500,
    streams: [
      { ...connect, rateHz: 30, service: { kind: 'exponential', meanMs: 660 } },
      { name: 'open connections', kind: 'established', connections: 12, rateHz: 20, timeoutMs: 8_000 },
    ],
  }),
  workload({
    id: 'one-nat',
    title: 'many clients behind one address',
    description:
      '40 requests a second of 38 ms each, all from one address, like a company behind NAT. Equal servers with 1 worker each, so each can do 26 a second: a scheduler that chooses by address sends all of it to one of them.',
    figures: [p90, median, answered],
    servers: [{ delayMs: 38, concurrency: 1 }],
    sources: 1,
    streams: [{ ...connect, rateHz: 40 }],
  }),
  workload({
    id: 'bursts',
    title: 'requests in bursts',
    description:
      '120 requests a second for a third of each 750 ms, then none. They take 40 ms each, on equal servers with 2 workers each, so a burst is little less than what all can do together: whoever gets more than its share of it has a queue.',
    figures: [p90, median, answered],
    servers: [{ delayMs: 40, concurrency: 2 }],
    trialMs: 5_000,
    streams: [{ ...connect, rateHz: 120, burst: { onMs: 250, offMs: 500 } }],
  }),
  workload({
    id: 'churn',
    title: 'a real server leaves and returns',
    description:
      '40 requests a second of 20 ms each. For a third of the time the second real server is cut off from the network; a request without an answer for 1 s counts as lost. Whether anybody notices is up to the director.',
    figures: [answered, median],
    servers: [{ delayMs: 20 }],
    needs: ['linkFault'],
    streams: [{ ...connect, rateHz: 40, timeoutMs: 1_000 }],
    during: cutOff,
  }),
];

async function cutOff({ lab, spec, trialMs }: TrialSetting): Promise<void> {
  const name = comparedService(spec).realServers[1]?.name ?? '';
  await sleep(trialMs / 3);
  await lab.faults.cutLink(name);
  try {
    await sleep(trialMs / 3);
  } finally {
    await lab.faults.restoreLink(name);
  }
}
