import { setTimeout as sleep } from 'node:timers/promises';
import type { TrialSetting, WorkloadValue } from '../../src/model/workload.ts';
import { answered, heartbeats, median, p95 } from './figures.ts';
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
      '60 short requests a second, each on a connection of its own, at random times from 64 addresses; 2 kB come back. Equal servers with room to spare.',
    figures: [median, p95, answered],
    servers: [{ delayMs: 0 }],
    trialMs: 5_000,
    streams: [{ ...connect, rateHz: 60, path: '/?bytes=2000' }],
  }),
  workload({
    id: 'heavy-tail',
    title: 'a few requests that take very long',
    description:
      '50 requests a second that take from 10 ms to 1 s, most of them little, a few very much (Pareto, shape 1.1), as web requests do. Equal servers with 1 worker each, busy for two thirds of the time: who is sent behind a long request waits for it.',
    figures: [p95, median, answered],
    lagMs: 150,
    servers: [{ delayMs: 0, concurrency: 1 }],
    trialMs: 5_000,
    streams: [
      { ...connect, rateHz: 50, service: { kind: 'pareto', leastMs: 10, mostMs: 1_000, shape: 1.1 } },
    ],
  }),
  workload({
    id: 'slow-server',
    title: 'one slow real server',
    description:
      '60 requests a second. The first real server takes 150 ms and works on 3 at once, so it can do no more than its share, 20 a second, and falls behind with whatever comes in a bunch; the others take 10 ms and have no such limit. Weights are equal: nobody told the director.',
    figures: [p95, median, answered],
    lagMs: 150,
    servers: [{ delayMs: 150, concurrency: 3 }, { delayMs: 10 }, { delayMs: 10 }],
    streams: [{ ...connect, rateHz: 60 }],
  }),
  workload({
    id: 'unequal',
    title: 'servers of different size, with weights to match',
    description:
      '60 requests a second of 60 ms each. The servers have 1, 2 and 4 workers, so they can do 17, 33 and 67 a second, and weights 1, 2 and 4: who looks at the weights has room, who does not overloads the smallest.',
    figures: [p95, median, answered],
    lagMs: 150,
    servers: [
      { delayMs: 60, concurrency: 1, weight: 1 },
      { delayMs: 60, concurrency: 2, weight: 2 },
      { delayMs: 60, concurrency: 4, weight: 4 },
    ],
    streams: [{ ...connect, rateHz: 60 }],
  }),
  workload({
    id: 'long-lived',
    title: 'connections that last',
    description:
      '40 connections a second that last 500 ms on average (exponential), beside 12 that stay open and are asked 20 times a second. Equal servers with 9 workers each, busy for three quarters of the time: what counts is who has how many open.',
    figures: [p95, heartbeats, median, answered],
    lagMs: 150,
    servers: [{ delayMs: 0, concurrency: 9 }],
    trialMs: 6_500,
    streams: [
      { ...connect, rateHz: 40, service: { kind: 'exponential', meanMs: 500 } },
      { name: 'open connections', kind: 'established', connections: 12, rateHz: 20, timeoutMs: 8_000 },
    ],
  }),
  workload({
    id: 'one-nat',
    title: 'many clients behind one address',
    description:
      '60 requests a second of 25 ms each, all from one address, as of a company behind NAT. Equal servers with 1 worker each, so each can do 40 a second: who chooses by the address sends all of it to one of them.',
    figures: [p95, median, answered],
    servers: [{ delayMs: 25, concurrency: 1 }],
    sources: 1,
    streams: [{ ...connect, rateHz: 60 }],
  }),
  workload({
    id: 'bursts',
    title: 'requests in bursts',
    description:
      '160 requests a second for a third of each 750 ms, then none. They take 30 ms each, on equal servers with 2 workers each, so a burst is little less than what all can do together: whoever gets more than its share of it has a queue.',
    figures: [p95, median, answered],
    servers: [{ delayMs: 30, concurrency: 2 }],
    trialMs: 5_000,
    streams: [{ ...connect, rateHz: 160, burst: { onMs: 250, offMs: 500 } }],
  }),
  workload({
    id: 'churn',
    title: 'a real server leaves and returns',
    description:
      '60 requests a second of 20 ms each. For a third of the time the second real server is cut off from the network; a request without an answer for 1 s counts as lost. Whether anybody notices is up to the director.',
    figures: [answered, median],
    servers: [{ delayMs: 20 }],
    needs: ['linkFault'],
    streams: [{ ...connect, rateHz: 60, timeoutMs: 1_000 }],
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
