import type { LabSpec } from './spec.ts';

/** One lab, built fresh, and the checks run on it in this order. */
export interface Case {
  /** Unique within the job: `run`, `run@routed`, `before`, `ARP-01/arp-ignore-off`, `after`. */
  name: string;
  spec: LabSpec;
  /** Check IDs. */
  checks: string[];
  /** Why there can be no such lab; its checks are `unsupported` then, and nothing is built. */
  impossible?: string;
}

/** What the outside asks the inside of a sandbox to do; a JSON file in the run's folder. */
export type Job =
  | { kind: 'checks'; cases: Case[]; outDir: string; lane?: string }
  | { kind: 'shell'; spec: LabSpec; outDir: string; command?: string[] }
  | { kind: 'hold'; spec: LabSpec; outDir: string };
