import type { Level, Suite, Verdict } from './check.ts';
import type { DecidedClaim } from './claim.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { NightGate } from './history.ts';
import type { ConfigText } from './lab.ts';
import type { Chart, Figure } from './measurement.ts';
import type { LabSpec } from './spec.ts';

/** `run.json`. Raise the number when a reader of the old form would misread the new one. */
export const recordVersion = 1;

/** Where a lab's kernel is; `none`: no sandbox of ours, the driver's machines themselves. */
export type SandboxKind = 'none' | 'host' | 'uml' | 'qemu';

/** Label on every figure: runs with different labels are never put on one axis. */
export interface Fidelity {
  sandbox: SandboxKind;
  time: 'real' | 'virtual';
  cpus: number;
  /** Such as `veth, offloads on`. */
  network: string;
}

export interface EvidenceRef {
  name: string;
  /** Relative to the run's folder. */
  path: string;
  bytes: number;
}

export interface CheckResult {
  id: string;
  suite: Suite;
  level: Level;
  title: string;
  requirement: string;
  source: string;
  /** The derived lab that it was judged in; missing: the lab as written. */
  stage?: { id: string; title: string };
  verdict: Verdict;
  expected?: string;
  seen?: string;
  cause?: string;
  remedy?: string;
  /** For unsupported, skipped, inconclusive and broken: why. */
  reason?: string;
  figures: Figure[];
  charts: Chart[];
  evidence: EvidenceRef[];
  /** ISO 8601, UTC. */
  startedAt: string;
  durationMs: number;
  /** What this was measured in, where that is not what the run says of itself. */
  fidelity?: Fidelity;
  /** Why it could not be measured at first; what is here was seen on a fresh lab. */
  triedAgain?: string;
  /** The worst that timers in the sandbox were late meanwhile; where the check waits for some, in real time. */
  timersLateMs?: number;
}

export interface HostProvenance {
  host: string;
  role: string;
  /** Heading to text: `addresses`, `neighbours`, `routes`, `qdiscs`, `sysctls`, `ipvsadm -Sn`, `offloads`. */
  facts: Record<string, string>;
}

export interface SandboxTrial {
  sandbox: SandboxKind;
  taken: boolean;
  /** Why it was taken, or why not. */
  why: string;
}

export interface MutantResult {
  check: string;
  mutant: string;
  breaks: string;
  /** `killed`: the check failed for the stated reason. */
  outcome: 'killed' | 'survived' | 'wrong-reason' | 'no-verdict' | 'unsupported';
  /** What the check said. */
  verdict: Verdict;
  seen: string;
  /** What the other MUST checks said in the same broken lab. */
  others?: { check: string; verdict: Verdict }[];
}

/** A lab in which what was applied had not taken effect in time. Its checks were run all the same. */
export interface UnsettledLab {
  case: string;
  /** Such as `d1: lacks vip:198.18.0.100`. */
  lacks: string;
}

export interface RunRecord {
  version: typeof recordVersion;
  id: string;
  command: 'run' | 'mutants' | 'claims';
  commandLine: string;
  startedAt: string;
  finishedAt: string;
  durationMs: number;
  drlab: { version: string; commit?: string };
  machine: {
    hostname: string;
    kernel: string;
    cpuModel: string;
    cpus: number;
    memoryBytes: number;
    os: string;
  };
  sandboxTrials: SandboxTrial[];
  fidelity: Fidelity;
  /** What random numbers in virtual time came from. */
  seed?: number;
  /** How long each lab in virtual time went by its own clock, from nothing to nothing. */
  simulated?: { case: string; ms: number }[];
  /** Kernel release inside the sandbox, and versions of the tools that matter. */
  versions: Record<string, string>;
  lab: { file: string; text: string; spec: LabSpec };
  /** Labs that did not settle, but for those that mutants broke. */
  unsettled?: UnsettledLab[];
  configs: ConfigText[];
  hosts: HostProvenance[];
  results: CheckResult[];
  mutants?: MutantResult[];
  claims?: DecidedClaim[];
  /** Known misconfigurations that failures like these come from, the likeliest first. */
  diagnosis?: Diagnosis[];
  /** What its figures are against those of the nights before. */
  gate?: NightGate;
  /** ID of the run before it, in which a regression was suspected. */
  confirms?: string;
  /** Problems of the run as a whole, such as a guest that hung. */
  faults: { message: string; hint?: string }[];
  exitCode: number;
}
