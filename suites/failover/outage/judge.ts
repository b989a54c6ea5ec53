import type { Judgement } from '../../../src/model/check.ts';
import type { StreamResult } from '../../../src/probe/client/prober.ts';
import { inconclusive } from '../../common/judging.ts';
import { list } from '../../common/subjects.ts';
import { failsUpToMs, unfitFor } from './fitness.ts';
import { type LoadRecord, streamOf, timeline } from './load.ts';

/*
 *   did the fault happen? ──▶ did the load run? ──▶ were prober and timers fit? ──▶ the verdict
 *            └ no ─────────────────────┴ no ──────────────────┴ no ──▶ inconclusive
 */

/** Whether what should disturb the lab did, and in words what shows it, or why not. */
export interface FaultEvidence {
  happened: boolean;
  sentence: string;
}

interface Asked {
  expected: string;
  /** Without it, what was done to the lab is certain: it would have thrown. */
  fault?: FaultEvidence;
  /** How much the bound leaves beyond what is promised: an instrument that is later than this could make the difference. */
  slackMs: number;
  /** The worst that timers were late meanwhile; default: what the load says. */
  lateMs?: number | undefined;
}

/** What a verdict goes by once the observation can bear one. */
export interface UnderLoad {
  load: LoadRecord;
  fresh: StreamResult;
}

interface Loaded extends Asked {
  /** Undefined: it did not run. */
  load: LoadRecord | undefined;
  /** Of its time line. */
  title: string;
  /** Connections that failed before this were not the fault's. */
  calmUntilMs?: number;
  /** An outage shorter than this is not the fault's either: it did not reach the service. */
  leastMs?: number;
  /** For a load that the lab itself starves: share of the probes that have to be sent in time. */
  inTime?: number;
  verdict: (seen: UnderLoad) => Judgement;
}

/** Of what is watched without a load: who held what, who said what. */
interface Unloaded extends Asked {
  load: 'none';
  verdict: () => Judgement;
}

/** The verdict on what a fault did to a service: asked last, so that nothing unfit can fail a lab. Pure. */
export function judgeOutage(o: Loaded | Unloaded): Judgement {
  const { expected, fault, slackMs } = o;
  if (fault && !fault.happened) return inconclusive(expected, fault.sentence);
  if (o.load === 'none') return whereFit(o, unfitFor(o, slackMs), o.lateMs, () => o.verdict());
  const { load } = o;
  const fresh = load && streamOf(load, 'new connections');
  if (!load || !fresh || fresh.points.length === 0) return inconclusive(expected, 'the load did not run');
  const under = { load, fresh };
  const lateMs = o.lateMs ?? load.lateMs;
  const unfit = unfitFor({ ...load, lateMs }, slackMs, o.inTime);
  const judgement = whereFit(o, unfit, lateMs, () => {
    const unseen = whyUnseen(o, under);
    return unseen === undefined ? o.verdict(under) : inconclusive(expected, unseen);
  });
  return { ...judgement, charts: [timeline(load, o.title)] };
}

/** A failure stands only where the machine was not so late that it could have made it. */
function whereFit(
  { expected, slackMs }: Asked,
  unfit: string[],
  lateMs: number | undefined,
  verdict: () => Judgement,
): Judgement {
  if (unfit.length > 0)
    return inconclusive(expected, `the instrument was not fit to resolve ${slackMs} ms: ${list(unfit)}`);
  const judgement = verdict();
  if (judgement.verdict === 'fail' && (lateMs ?? 0) > failsUpToMs(slackMs))
    return inconclusive(expected, `timers were ${lateMs} ms late: ${judgement.seen}`);
  return { ...judgement, toleratesLateMs: failsUpToMs(slackMs) };
}

/** Why the load did not see what the fault did, if anything. */
function whyUnseen({ calmUntilMs = Number.NEGATIVE_INFINITY, leastMs = 0 }: Loaded, { fresh }: UnderLoad) {
  if (fresh.points.some(({ tMs, latencyMs }) => tMs < calmUntilMs && latencyMs === null))
    return 'connections failed before the fault';
  const outageMs = Math.round(fresh.outage.contiguousMs);
  if (outageMs < leastMs)
    return `new connections failed for ${outageMs} ms: the fault did not reach the service`;
  return undefined;
}
