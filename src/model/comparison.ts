import type { Histogram } from './measurement.ts';
import type { Fidelity, RunRecord, SandboxTrial } from './record.ts';
import type { LabSpec } from './spec.ts';

/** `comparison.json`. Raise the number when a reader of the old form would misread the new one. */
export const comparisonVersion = 1;

/** One of the things that are compared; the lab that it stands for differs from the base in that only. */
export interface Variant {
  /** Short and unique: `rr`, `dr`, `ipvsadm`, `6.12`. */
  name: string;
  /** As a phrase: `scheduler rr`, `forwarding method TUN`. */
  title: string;
  spec: LabSpec;
  /** The client asks the real servers in turn, past the director. */
  direct?: true;
  /** Of the qemu sandbox, where kernels are compared. */
  kernel?: string;
  /** Why it cannot be measured here; it has no trials then. */
  unsupported?: string;
}

/** How much of a trial one figure tells; the first of a workload decides which variant is recommended. */
export interface FigureKind {
  /** Such as `p99 of new connections`. */
  name: string;
  unit: string;
  better: 'higher' | 'lower';
  /** Smallest change that matters, as a share: 0.05. */
  effect: number;
}

export interface Workload {
  /** As on the command line: `slow-server`. */
  id: string;
  title: string;
  /** What the load is and what it stands for, in a sentence or two. */
  description: string;
  figures: FigureKind[];
}

/** One measurement: one variant under one workload in one block. */
export interface TrialRecord {
  workload: string;
  variant: string;
  /** The base once more (A/A). */
  control: boolean;
  /** Counted from 0. */
  block: number;
  /** Place in the order of the whole comparison, from 0. */
  order: number;
  /** ISO 8601, UTC. */
  startedAt: string;
  durationMs: number;
  /** By name of the figure kind; one that could not be measured is missing. */
  figures: Record<string, number>;
  /** Of all good answers, from their planned times. */
  histogram?: Histogram;
  /** Good answers by real server. */
  shares: Record<string, number>;
  /** Probes planned, answered well, and failed by kind. */
  planned: number;
  good: number;
  errors: Record<string, number>;
  /** Bytes on the director's interface during the load, where the kernel counts them. */
  directorBytes?: { in: number; out: number };
  /** Bytes on the client's interface in the same time: `in` holds the answers. */
  clientBytes?: { in: number; out: number };
  /**
   * Which part was at its limit; `nothing` where none was. `shared CPU`: the CPUs were full, and client, director and
   * real servers run on the same ones.
   */
  saturated?: 'generator' | 'director' | 'real server' | 'shared CPU' | 'nothing';
  /** Why there are no figures: the instrument was not healthy, or observing threw. */
  inconclusive?: string;
  /** Why a first try at it gave no figures; what is here was measured at the end of the block. */
  again?: string;
}

/** How a variant's figure stands to the base. Ratios above 1: the variant's is the larger. */
export interface ComparedRow {
  variant: string;
  /** Median over the blocks; null where nothing was measured. */
  median: number | null;
  /** Of that median, 95 %. */
  low: number | null;
  high: number | null;
  /** Blocks with a value. */
  n: number;
  /** Median of the paired ratio to the base with its interval; missing for the base itself. */
  ratio?: { median: number; low: number; high: number };
  /** Corrected by Holm. */
  p?: number;
  verdict: 'base' | 'better' | 'worse' | 'no evidence' | 'not judged' | 'unsupported';
  /** For `no evidence`, `not judged` and `unsupported`: why, as a clause. */
  reason?: string;
  /** As good as equal: the whole interval is nearer to 1 than the smallest effect that matters. */
  alike?: boolean;
}

export interface ComparedFigure {
  kind: FigureKind;
  rows: ComparedRow[];
  /** A/A: the base measured twice in every block. */
  control: {
    ratio: { median: number; low: number; high: number } | null;
    p: number;
    sound: boolean;
    reason?: string;
  };
}

export interface ComparedWorkload {
  workload: Workload;
  /** The first decides. */
  figures: ComparedFigure[];
  /** Share of the good answers by variant and real server, with Jain's index and the fit to the weights. */
  balance: {
    variant: string;
    shares: { server: string; share: number; expected?: number }[];
    /** 1: equal by weight. */
    jain: number;
    /** Chi-square of the counts against the weights; missing where they cannot be tested. */
    p?: number;
  }[];
  /** All good answers of a variant over all blocks. */
  histograms: { variant: string; histogram: Histogram }[];
  /** For which load which variant, and how sure that is; plain sentences. */
  advice: string;
}

/** The plan, fixed before the first measurement. */
export interface ComparisonPlan {
  seed: number;
  base: string;
  blocks: number;
  /**
   * Blocks in reserve: `order` has them behind the others. One is measured only where fewer pairs than `fewest` came
   * to figures and the budget has time left; what the figures are has no say.
   */
  reserve?: number;
  /** Needed for any verdict. */
  fewest: number;
  trialMs: number;
  budgetMs?: number;
  /** Requests a second of each workload, fixed before the first block; `why` where they are below its own rate. */
  rates?: { workload: string; rateHz: number; why?: string }[];
  /** How the lab differs from its file for comparing, as clauses. */
  changes?: string[];
  /** Variant names in the order of measuring, the same for every workload of a block; the base's second turn in a block is `base (A/A)`. */
  order: string[][];
}

/** Everything that a comparison's report is drawn from. */
export interface ComparisonRecord
  extends Pick<
    RunRecord,
    | 'id'
    | 'commandLine'
    | 'startedAt'
    | 'finishedAt'
    | 'durationMs'
    | 'drlab'
    | 'machine'
    | 'versions'
    | 'faults'
    | 'exitCode'
  > {
  version: typeof comparisonVersion;
  command: 'compare';
  lab: { file: string; text: string; spec: LabSpec };
  sandboxTrials: SandboxTrial[];
  /** Of every place that was measured in; one unless kernels were compared. */
  fidelities: { variants: string[]; fidelity: Fidelity }[];
  plan: ComparisonPlan;
  variants: Variant[];
  trials: TrialRecord[];
  workloads: ComparedWorkload[];
}
