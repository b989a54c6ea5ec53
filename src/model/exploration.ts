import type { FaultSpec, Interval } from './fault.ts';
import type { ProbePoint } from './measurement.ts';
import type { Fidelity, RunRecord, SandboxTrial } from './record.ts';

/** `exploration.json`. Raise the number when a reader of the old form would misread the new one. */
export const explorationVersion = 1;

/** A fault of a schedule. Times count from the moment at which the load is steady. */
export interface PlannedFault {
  fault: FaultSpec;
  beginMs: number;
  durationMs: number;
}

/** What is done to one fresh lab: plain data, made from a seed, shrunk, printed, and replayed. */
export interface Schedule {
  /** Also what random numbers in virtual time come from. */
  seed: number;
  /** In the order in which they begin. */
  faults: PlannedFault[];
}

/** What the configuration of a lab promises, from its own formulas, in milliseconds. */
export interface Bounds {
  /** A director that leaves in order sends priority 0; the other waits so long. */
  skewMs: number;
  /** Silence after which the other director takes over. */
  masterDownMs: number;
  /** From a take-over to the last of its announcements. */
  announceMs: number;
  /** From the death of a real server to its removal. */
  detectionMs: number;
  /** From the return of a real server to its place in the table. */
  returnMs: number;
  /** From its establishment until the other director knows a connection; null where nothing synchronises. */
  syncMs: number | null;
  /** A director that preempts and was rebooted takes VIPs over with an empty table. */
  preempt: boolean;
  /** From starting a director's daemon until it could take over. */
  readyMs: number;
  /** For the period of the probes, announcements on the way, and a busy machine. */
  slackMs: number;
}

/** One look at the directors. */
export interface Look {
  fromMs: number;
  toMs: number;
  /** By VIP: the directors that have it. */
  holders: Record<string, string[]>;
  /** By director: the real servers of the probed service that may get new connections. */
  tables: Record<string, string[]>;
}

/** What came of one schedule; all times on the clock of the load. */
export interface Observation {
  faults: { fault: FaultSpec; applied: Interval; reverted: Interval }[];
  looks: Look[];
  /** A connection for each probe. */
  fresh: ProbePoint[];
  /** Heartbeats on connections that stay open. */
  held: ProbePoint[];
  /** Why the prober was not fit to judge, if so. */
  unfit?: string;
  endMs: number;
  /** After settling. */
  final: {
    neighbours: { host: string; vip: string; mac: string | null }[];
    /** By director, its rules in one order. */
    rules: Record<string, string[]>;
    /** By VIP and director: the MAC address that it announces. */
    macs: Record<string, Record<string, string>>;
  };
}

export const invariants = {
  'one owner': 'each VIP has one owner while nothing is wrong, and after settling',
  'right answers': 'no request is answered by a real server that is dead or removed, or wrongly',
  'healed in time': 'new connections fail only for as long as the formulas of the configuration allow',
  'connections survive': 'established connections survive where synchronisation promises it',
  'neighbours follow': 'neighbour entries of clients and routers point to the owner after settling',
  'tables alike': 'both directors have the same rules after settling',
} as const;
export type InvariantId = keyof typeof invariants;

export interface Finding {
  invariant: InvariantId;
  verdict: 'holds' | 'fails' | 'inconclusive';
  /** What was seen, as a sentence; why not judged. */
  seen: string;
}

export interface ScheduleOutcome {
  schedule: Schedule;
  /** Empty where nothing could be observed. */
  findings: Finding[];
  /** Why nothing could be observed. */
  broken?: string;
}

/** The shortest schedule that still fails. */
export interface Shrunk {
  seed: number;
  invariant: InvariantId;
  schedule: Schedule;
  /** As in the last trial that failed. */
  seen: string;
  trials: number;
  /** The whole schedule failed again on a fresh lab; nothing was shrunk otherwise. */
  reproduced: boolean;
  /** Nothing shorter failed; otherwise the trials were used up. */
  minimal: boolean;
}

export interface ExplorationRecord
  extends Pick<
    RunRecord,
    | 'id'
    | 'commandLine'
    | 'startedAt'
    | 'finishedAt'
    | 'durationMs'
    | 'drlab'
    | 'machine'
    | 'faults'
    | 'exitCode'
  > {
  version: typeof explorationVersion;
  command: 'explore';
  lab: RunRecord['lab'];
  sandboxTrials: SandboxTrial[];
  fidelity?: Fidelity;
  bounds: Bounds;
  /** How many schedules were asked for. */
  planned: number;
  outcomes: ScheduleOutcome[];
  shrunk: Shrunk[];
}

/** Of all invariants together: one that fails decides; what could not be judged does not hold. */
export function verdictOf({ findings, broken }: ScheduleOutcome): Finding['verdict'] {
  const has = (verdict: Finding['verdict']) => findings.some((finding) => finding.verdict === verdict);
  if (has('fails')) return 'fails';
  return broken !== undefined || findings.length === 0 || has('inconclusive') ? 'inconclusive' : 'holds';
}

/** What `--replay` takes; one is written for each schedule that was made shorter. */
export interface ReplayFile {
  /** As on the command line. */
  lab: string;
  time: 'real' | 'virtual';
  invariant: InvariantId;
  schedule: Schedule;
}
