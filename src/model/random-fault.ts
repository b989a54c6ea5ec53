import type { LabSpec } from './spec.ts';

export const faultFamilies = [
  'routes',
  'neighbours',
  'addresses',
  'macs',
  'mtu',
  'qdiscs',
  'filters',
  'sysctls',
  'tables',
  'daemons',
  'files',
  'harmless',
] as const;
/** What is broken; `harmless`: something that looks like a fault, and is none. */
export type FaultFamily = (typeof faultFamilies)[number];

/** One fault, drawn at random, for one lab. */
export interface RandomFault {
  /** Its place among those drawn: `R01`. */
  id: string;
  family: FaultFamily;
  /** Unique among all kinds, such as `no-default-route`. */
  kind: string;
  /** A finding should name one of them: the host that was broken, or both ends where it lies between two. */
  hosts: string[];
  /** What was done, where and how much, in words. */
  breaks: string;
  /** Returns a changed copy of the lab. */
  change(spec: LabSpec): LabSpec;
  /** Must match `seen` or `cause` of the first finding; missing for what is harmless. */
  cause?: RegExp;
}
