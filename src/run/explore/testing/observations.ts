import type { Bounds, Observation, Schedule } from '../../../model/exploration.ts';
import type { FaultSpec } from '../../../model/fault.ts';
import { parseLab } from '../../../model/labfile/index.ts';

/** Observations that nobody made: what is wrong with them is known. */

export const pair = parseLab(
  'directors: { count: 2, with: keepalived, vrrp: { version: 3, advert: 100ms, preempt: false }, sync: { id: 1 } }\nrealServers: 3\nservices: [ { vip: 198.18.0.100 } ]',
  'lab.yaml',
);

export const bounds: Bounds = {
  skewMs: 60,
  masterDownMs: 360,
  announceMs: 1_000,
  detectionMs: 2_200,
  returnMs: 2_200,
  syncMs: 4_000,
  preempt: false,
  readyMs: 2_900,
  slackMs: 700,
};
export const settlingMs = 3_600;

const vip = '198.18.0.100';
const [d1 = '', d2 = ''] = pair.hosts.filter(({ role }) => role === 'director').map(({ name }) => name);
const servers = ['rs1', 'rs2', 'rs3'];
export const names = { d1, d2, vip };

/** A lab in which each of these lasts from 5 s to 7 s, and nothing goes wrong. */
export function healthy(...faults: FaultSpec[]): Observation {
  const endMs = 12_000;
  const every = (stepMs: number) => Array.from({ length: endMs / stepMs }, (_, i) => i * stepMs);
  const look = (tMs: number) => ({
    fromMs: tMs,
    toMs: tMs + 5,
    holders: { [vip]: [d1] },
    tables: { [d1]: [...servers], [d2]: [...servers] },
  });
  const points = () =>
    every(100).map((tMs, i) => ({ tMs, latencyMs: 2, server: servers[i % servers.length] ?? '' }));
  const rules = ['tcp 198.18.0.100:80 rr', 'tcp 198.18.0.100:80 rr -> 198.18.1.1:80 dr weight 1'];
  return {
    faults: faults.map((fault) => ({
      fault,
      applied: { fromMs: 5_000, toMs: 5_010 },
      reverted: { fromMs: 7_000, toMs: 7_010 },
    })),
    looks: every(400).map(look),
    fresh: points(),
    held: points(),
    endMs,
    final: {
      neighbours: [{ host: 'client1', vip, mac: 'mac1' }],
      rules: { [d1]: rules, [d2]: [...rules] },
      macs: { [vip]: { [d1]: 'mac1', [d2]: 'mac2' } },
    },
  };
}

/** The probes planned in this span fail. */
export function failing<T extends { tMs: number }>(
  points: T[],
  fromMs: number,
  toMs: number,
  error: string,
): (T | { tMs: number; latencyMs: null; error: string })[] {
  return points.map((point) =>
    point.tMs >= fromMs && point.tMs <= toMs ? { tMs: point.tMs, latencyMs: null, error } : point,
  );
}

export const scheduleWith = (...faults: FaultSpec[]): Schedule => ({
  seed: 1,
  faults: faults.map((fault, i) => ({ fault, beginMs: 1_000 + 5_000 * i, durationMs: 2_000 })),
});
