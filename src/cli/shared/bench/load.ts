import type { StreamPlan } from '../../../probe/client/types.ts';

/** How the prober did at one rate. */
export interface Probing {
  kind: StreamPlan['kind'];
  rateHz: number;
  /** Share of the planned probes that were sent, and at most 250 ms late. */
  achievedRatio: number;
  /** Share that was sent at all. */
  sentRatio: number;
  lagP99Ms: number;
  /** Share of one CPU. */
  ownCpu: number;
  medianUs: number | null;
  lost: number;
  /** Empty: fit to measure. */
  reasons: string[];
}

export interface LoadFigures {
  probing: Probing[];
  /** The highest rate tried at which the prober was healthy; 0 where it never was. */
  ceilings: { kind: StreamPlan['kind']; rateHz: number }[];
  /** Requests a second of one client on keep-alive connections to one real server; medians. */
  peak: {
    connections: number;
    rounds: number;
    autocannon: { generator: string; requestsPerS: number };
    /** Or why it was not measured. */
    wrk: { generator: string; requestsPerS: number; ratio: number } | string;
  };
}

/** Pure. What the terminal and the page say about the load generators. */
export function loadSection(
  load: LoadFigures,
  table: (heading: string[], rows: string[][]) => string,
): string[] {
  const rows = load.probing.map((one) => [
    one.kind,
    String(one.rateHz),
    percent(one.achievedRatio),
    `${one.lagP99Ms.toFixed(1)} ms`,
    percent(one.ownCpu),
    `${cpuUs(one).toFixed(0)} µs`,
    one.medianUs === null ? '–' : `${Math.round(one.medianUs)} µs`,
    String(one.lost),
    one.reasons.length === 0 ? 'yes' : 'no',
  ]);
  const { peak } = load;
  const ceilings = load.ceilings.map(({ kind, rateHz }) => `${kind} ${rateHz}/s`).join(', ');
  const ours = `${peak.autocannon.generator} ${Math.round(peak.autocannon.requestsPerS)} requests/s`;
  const theirs =
    typeof peak.wrk === 'string'
      ? `wrk was not measured: ${peak.wrk}`
      : `${peak.wrk.generator} ${Math.round(peak.wrk.requestsPerS)} requests/s; ratio ${peak.wrk.ratio.toFixed(2)}`;
  return [
    '## Load generators',
    `From a client to one real server on the same segment, on this machine's kernel. The prober is open loop: how late it
sends is its own fault, and at a p99 above 50 ms or with a CPU used up no measurement counts.`,
    table(
      [
        'stream',
        'planned/s',
        'in time',
        'lag p99',
        'of a CPU',
        'CPU a probe',
        'median answer',
        'lost',
        'fit',
      ],
      rows,
    ),
    `Highest rate at which it was fit: ${ceilings}.`,
    `Peak, ${peak.connections} keep-alive connections, medians of ${peak.rounds} rounds in turn: ${ours}, ${theirs}.`,
  ];
}

/** Says on a busy machine too what the prober could do with a CPU of its own. */
const cpuUs = ({ ownCpu, rateHz, sentRatio }: Probing): number => (ownCpu * 1e6) / (rateHz * sentRatio);

const percent = (share: number): string => `${Math.round(100 * share)} %`;
