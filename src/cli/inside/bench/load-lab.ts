import { setTimeout as sleep } from 'node:timers/promises';
import { buildLab } from '../../../../lab/drivers.ts';
import { clientAddresses, moreClientAddresses } from '../../../../suites/common/stages.ts';
import { parseLab } from '../../../model/labfile/index.ts';
import { proberOn, type StreamPlan } from '../../../probe/client/prober.ts';
import { autocannon, type LoadGenerator, wrk } from '../../../probe/generators/index.ts';
import { percentile } from '../../../probe/histogram.ts';
import { median } from '../../../statistics/quantile.ts';
import type { LoadFigures, Probing } from '../../shared/bench/load.ts';

/** What the benchmark runs inside a sandbox: loads one real server in every way, and prints the figures as JSON. */

const rates = [200, 1_000, 5_000, 20_000];
const stepUp = 1.25;
const longestClimb = 8;
const probeMs = 2_000;
const rounds = 3;
const connections = 16;

const yaml = `directors: { count: 1, with: nftables }
clients: 1
realServers: 1
services:
  - { vip: 198.18.0.100, port: 80 }
  - { vip: 198.18.0.100, port: 5000, protocol: udp }
`;
// One address has fewer source ports than the highest rate needs.
const spec = moreClientAddresses(16)(parseLab(yaml, 'bench.yaml'));
await using lab = await buildLab(spec);
const client = spec.hosts.find(({ role }) => role === 'client')?.name ?? '';
const ip = spec.hosts.find(({ role }) => role === 'realServer')?.ip ?? '';
const from = clientAddresses(spec);
const prober = await proberOn(lab, client);

async function probe(kind: StreamPlan['kind'], rateHz: number): Promise<Probing> {
  const target = { ip, port: kind === 'udp' ? 5_000 : 80 };
  const plan = { name: kind, kind, target, rateHz, connections: 8, timeoutMs: 1_000, from };
  const load = await prober.openLoop([plan], { warmUp: false });
  await sleep(probeMs);
  const { streams, health } = await load.stop();
  const [stream] = streams;
  return {
    kind,
    rateHz,
    achievedRatio: health.achievedRatio,
    sentRatio: stream ? stream.sent / stream.planned : 0,
    lagP99Ms: health.scheduleLagP99Ms,
    ownCpu: health.ownCpu,
    medianUs: (stream && percentile(stream.histogram, 0.5)) ?? null,
    lost: (stream?.sent ?? 0) - (stream?.histogram.count ?? 0),
    reasons: health.reasons,
  };
}

/** Climbs from the highest of the rates at which it was fit. */
async function ceilingOf(kind: StreamPlan['kind'], seen: Probing[]): Promise<number> {
  const fit = seen.filter((one) => one.kind === kind && one.reasons.length === 0);
  let highest = Math.max(0, ...fit.map(({ rateHz }) => rateHz));
  for (let step = 0; step < longestClimb && highest > 0; step++) {
    const next = Math.round(highest * stepUp);
    if ((await probe(kind, next)).reasons.length > 0) break;
    highest = next;
  }
  return highest;
}

async function requestsPerS(generator: LoadGenerator) {
  const aim = { lab, client, target: { ip, port: 80 }, directors: [], realServers: [], durationMs: probeMs };
  const { generator: name, figures } = await generator.generate(aim);
  return { name, value: figures[0]?.value ?? Number.NaN };
}

async function peak(): Promise<LoadFigures['peak']> {
  const noWrk = (await lab.host(client).exec('command -v wrk', { okCodes: [0, 1, 127] })).code !== 0;
  const [ours, theirs]: [number[], number[]] = [[], []];
  const names = { ours: '', theirs: '' };
  for (let round = 0; round < rounds; round++) {
    const one = await requestsPerS(autocannon({ connections }));
    ours.push(one.value);
    names.ours = one.name;
    if (noWrk) continue;
    const other = await requestsPerS(wrk({ connections }));
    theirs.push(other.value);
    names.theirs = other.name;
  }
  return {
    connections,
    rounds,
    autocannon: { generator: names.ours, requestsPerS: median(ours) },
    wrk: noWrk
      ? 'wrk missing (apt-get install wrk)'
      : {
          generator: names.theirs,
          requestsPerS: median(theirs),
          ratio: median(ours.map((value, i) => value / (theirs[i] ?? Number.NaN))),
        },
  };
}

const kinds = ['udp', 'established', 'connect'] as const;
// Translated before it is measured.
for (const kind of kinds) await probe(kind, 1_000);
const probing: Probing[] = [];
for (const kind of kinds) for (const rateHz of rates) probing.push(await probe(kind, rateHz));
const ceilings: LoadFigures['ceilings'] = [];
for (const kind of kinds) ceilings.push({ kind, rateHz: await ceilingOf(kind, probing) });
const figures: LoadFigures = { probing, ceilings, peak: await peak() };
process.stdout.write(`${JSON.stringify(figures)}\n`);
