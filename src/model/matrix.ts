import type { Level, Suite, Verdict } from './check.ts';
import type { Fidelity, RunRecord, SandboxKind } from './record.ts';
import type { DirectorKind, DriverSpec } from './spec.ts';

/** The same checks over several places, and what they said in each. */

export type DriverKind = DriverSpec['kind'];

/** Where a lab is built and what directs there; what is absent is as the lab file says. */
export interface Place {
  /** Unique within a matrix. */
  name: string;
  driver?: DriverKind;
  sandbox: 'auto' | SandboxKind;
  /** For the qemu sandbox: a release, or the path of a bzImage. */
  kernel?: string;
  director?: DirectorKind;
  /** A lab file of its own: a path, or the name of a ready-made lab. */
  lab?: string;
}

/** `matrix.json`. Raise the number when a reader of the old form would misread the new one. */
export const matrixVersion = 1;

/** A check as a row; what it says is in the columns. */
export interface MatrixCheck {
  id: string;
  suite: Suite;
  level: Level;
  title: string;
  requirement: string;
}

/** One check in one place. */
export interface Cell {
  id: string;
  verdict: Verdict;
  seen?: string;
  /** For unsupported, skipped, inconclusive and broken: why. */
  reason?: string;
  cause?: string;
  durationMs: number;
  /** The check in the place's own report, relative to the matrix's folder; absent where no run was. */
  report?: string;
}

/**
 * `done`: its run ended. `unavailable`: the place cannot be had, so every check is unsupported there.
 * `interrupted`: its run was ended early, and what it had done is kept. `waiting`: not begun yet.
 */
export type PlaceState = 'done' | 'unavailable' | 'interrupted' | 'waiting';

export interface PlaceColumn {
  place: Place;
  state: PlaceState;
  /** As they came out, or as they were asked for where nothing came of it. */
  driver: DriverKind;
  sandbox: 'auto' | SandboxKind;
  director: DirectorKind;
  /** Release of the kernel under the lab, or the one that was asked for. */
  kernel?: string;
  /** Index into `labs`. */
  lab: number;
  /** Why it is unavailable, and what can be done about it. */
  reason?: string;
  hint?: string;
  tookMs: number;
  run?: MatrixRun;
  /** One for each check that has a verdict here. */
  cells: Cell[];
}

/** The run of a place: a whole run, which can be looked at by itself. */
export interface MatrixRun {
  id: string;
  /** Its folder, relative to the matrix's. */
  dir: string;
  startedAt: string;
  exitCode: number;
  fidelity: Fidelity;
  faults: RunRecord['faults'];
}

export interface MatrixRecord {
  version: typeof matrixVersion;
  id: string;
  commandLine: string;
  startedAt: string;
  /** When the last place ended. */
  finishedAt: string;
  drlab: RunRecord['drlab'];
  /** Lab files as they were read, so that a matrix goes on with what it began with. */
  labs: { file: string; text: string }[];
  checks: MatrixCheck[];
  places: PlaceColumn[];
  exitCode: number;
}
