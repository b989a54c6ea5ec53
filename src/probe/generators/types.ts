import type { Lab } from '../../model/lab.ts';
import type { Figure, Histogram } from '../../model/measurement.ts';
import type { Target } from '../client/types.ts';
import type { InstrumentHealth } from '../health.ts';
import type { Saturated } from './bottleneck.ts';
import type { HostLoad } from './resources.ts';

/** Whom to load, from where, and what to watch meanwhile. */
export interface Aim {
  lab: Lab;
  client: string;
  target: Target;
  /** The hosts on the way: their CPUs and interfaces are read before and after. */
  directors: string[];
  realServers: string[];
  durationMs: number;
}

/** What a generator itself has to say. */
export interface Generated {
  /** Name and version of the program: `autocannon 9.0.0`. */
  generator: string;
  /** What it was told, as it would be typed or as JSON. */
  arguments: string;
  figures: Figure[];
  /** Where it has one: of all good answers, from their planned times. */
  histogram?: Histogram;
  errors: number;
  /** Share of one CPU that it took; 1 is its limit, since each has one thread that matters. */
  ownCpu?: number;
  /** Of the open-loop prober. */
  health?: InstrumentHealth;
}

export interface LoadRun extends Generated {
  durationMs: number;
  hosts: HostLoad[];
  saturated: Saturated;
}

/** Something that puts load on a target. */
export interface LoadGenerator {
  readonly name: string;
  /** @throws {ProbeFailed} where it gives no figures. */
  generate(aim: Aim): Promise<Generated>;
}
