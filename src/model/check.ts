import type { Capability } from './capabilities.ts';
import type { Family } from './family.ts';
import type { Difference } from './forwarding.ts';
import type { Lab } from './lab.ts';
import type { Chart, Figure } from './measurement.ts';
import type { Precondition, Refutation } from './preconditions.ts';
import type { RemedyStep } from './remedy.ts';
import type { ForwardingMethod, LabSpec } from './spec.ts';
import type { Vantages } from './vantage.ts';

export const suiteNames = [
  'state',
  'arp',
  'path',
  'ipv6',
  'scheduler',
  'persistence',
  'connections',
  'firewall',
  'loops',
  'offload',
  'defence',
  'latency',
  'throughput',
  'balance',
  'anycast',
  'failover',
] as const;
export type Suite = (typeof suiteNames)[number];
/** `must`: a failure means not conformant. `should`: a failure is a warning. `measure`: figures, no demand. */
export const levels = ['must', 'should', 'measure'] as const;
export type Level = (typeof levels)[number];
export const verdicts = ['pass', 'fail', 'warn', 'unsupported', 'skipped', 'inconclusive', 'broken'] as const;
export type Verdict = (typeof verdicts)[number];

/** What `judge` says. The runner turns the `fail` of a SHOULD into `warn`. */
export interface Judgement {
  verdict: 'pass' | 'fail' | 'inconclusive';
  /** What a conformant lab shows here, in this lab's names and addresses. */
  expected: string;
  seen: string;
  /** Likely cause, naming the host; for failures. */
  cause?: string;
  /** What fixes it, or shows more of it, step by step; for failures. */
  remedy?: RemedyStep[];
  /** Of a check that establishes preconditions: which of them do not hold. */
  refutes?: Refutation[];
  figures?: Figure[];
  charts?: Chart[];
  /** With timers later than this a failure may be the machine's; default: what quiet machines show. */
  toleratesLateMs?: number;
}

/** A misconfiguration that must make the check fail, for the reason that it names. */
export interface Mutant {
  /** Unique within the check, such as `arp-ignore-off`. */
  id: string;
  /** What an operator did wrong, as a phrase. */
  breaks: string;
  /** Returns a changed copy of the lab. */
  change(spec: LabSpec): LabSpec;
  /** Must match `seen` or `cause` of the failure; a failure for another reason is no kill. */
  reason: RegExp;
  /** It shows from another vantage than the first, which passes; a stage with one vantage does without it. */
  elsewhere?: true;
}

/** Keeps files of one check in the run: captures, tables, configurations. */
export interface Evidence {
  save(name: string, content: string | Uint8Array): Promise<void>;
}

export interface Observing {
  lab: Lab;
  evidence: Evidence;
  /** Shown as progress. */
  note(text: string): void;
}

/** What a judge may know apart from the observation. */
export interface Facts {
  spec: LabSpec;
}

/**
 * A lab derived from the one under test, in which a check means something that it does not mean there: another
 * scheduler, IPv6, a client behind a router. Checks that name the same stage share one lab.
 */
export interface Stage {
  /** Short and unique, such as `routed`. */
  id: string;
  /** What is different, as a phrase: «one director set with ipvsadm; the client is behind a router». */
  title: string;
  /**
   * Returns a changed copy.
   * @throws {NotInLab} with the reason where no such lab can be derived; its checks are `unsupported` then.
   */
  change(spec: LabSpec): LabSpec;
}

/** What a check wants of the clock and of the machine; by it the cases of a run are put side by side. */
export interface Scheduling {
  /**
   * `virtual`: it waits for timers more than it computes, so virtual time suits it, and a busy machine makes its
   * verdict doubtful. `real`: it measures the machine. Default: `either`.
   */
  clock?: 'real' | 'virtual' | 'either';
  /** Its figures mean little while other labs keep the machine busy. */
  alone?: boolean;
  /** It simulates hours, which nobody waits for in real time. */
  hours?: boolean;
  /**
   * `first`: it looks at the lab before any other uses it. `last`: it looks at what the others left, after all that share
   * its lab and before those that disturb theirs.
   */
  turn?: 'first' | 'last';
}

/** How a staged check is judged in the lab as written, where that has what it is about. */
export interface Own {
  /** What the lab has then, as a phrase: «a service with sh». */
  subject: string;
  has(spec: LabSpec): boolean;
  /** Default: those of the check. */
  needs?: Capability[];
  vantages?: Vantages;
  /** It breaks things there, which it does not in its stage. */
  disturbs?: true;
}

export interface Check<Observation = unknown> {
  /** As in the catalogue; stable. */
  id: string;
  suite: Suite;
  level: Level;
  title: string;
  requirement: string;
  /** Where the requirement comes from: kernel document, RFC, manual. */
  source: string;
  needs: Capability[];
  /** The forwarding methods that it is about; default: all. It sees no service of another, and is `unsupported` where all are. */
  forwards?: readonly ForwardingMethod[];
  /** The families of the services that it is about; default: IPv4. It sees no service of another, and is `unsupported` where all are. */
  families?: readonly Family[];
  /** What it expects differs by method, or with NAT: it sees no service that reaches its real servers in several of these ways. */
  differsBy?: Difference;
  /** Where it is judged; without one, in the lab as the user wrote it. */
  stage?: Stage;
  /** What takes the place of the stage where the lab as written has the subject of the check. */
  own?: Own;
  /** The stage in whose place it is judged in the lab as written. */
  insteadOf?: Stage;
  /** It also holds where all directors are active at once, and announce the VIPs. Others take for granted that one answers for a VIP. */
  announced?: true;
  mutants: Mutant[];
  /** It is judged for each of these that the lab has, or why it is looked at once; default: once, in its stage. */
  vantages?: Vantages;
  /** A failure of it refutes these: it is judged before the checks that presume them. */
  establishes?: readonly Precondition[];
  /** Without these it cannot say anything about its subject, and is not judged; default: those of its suite. */
  presumes?: readonly Precondition[];
  /** Without these it may fail and still say something: a failure on the same hosts follows from that of the check that refuted them. */
  follows?: readonly Precondition[];
  /** It breaks things: it starts on a lab that no other check has used, and the next check gets a fresh one. */
  disturbs?: boolean;
  /** Default: any clock, beside other labs, seconds. */
  scheduling?: Scheduling;
  /** Longest time it may take; default: the table of timeouts. */
  timeoutMs?: number;
  /** Looks at the lab and returns plain data (it is stored as JSON). May throw: that is `broken`. */
  observe(on: Observing): Promise<Observation>;
  /** Pure: the same data gives the same verdict, today and next year. */
  judge(observation: Observation, facts: Facts): Judgement;
}

/** Keeps the observation's type while a check is written, and drops it for lists of checks. */
export function check<Observation>(value: Check<Observation>): Check {
  return value as unknown as Check;
}
