import type { Host, SpawnedProcess } from '../../src/model/host.ts';
import type { ConfigText } from '../../src/model/lab.ts';
import type { HostSpec, LabSpec, ServiceSpec } from '../../src/model/spec.ts';

/** A host together with what its driver knows of a started program. */
export interface Spawning<Daemon extends SpawnedProcess> extends Host {
  spawn(argv: string[]): Promise<Daemon>;
}

/** One kind of director: its configuration, how it is applied, and what the director holds once that has taken effect. */
export interface Director {
  /** Logs of its daemons, relative to the director's own folder; some appear only once there is something to say. */
  logs: string[];
  /** Pure: the texts that configure this director; empty for one that only stands by. */
  configs(spec: LabSpec, director: HostSpec): ConfigText[];
  /**
   * Applies the configuration on the host.
   * @returns the daemon, where it is one.
   * @throws {CommandFailed} when the configuration is refused.
   */
  apply<Daemon extends SpawnedProcess>(
    spec: LabSpec,
    director: HostSpec,
    host: Spawning<Daemon>,
  ): Promise<Daemon | undefined>;
  /** Pure: what this director holds when the lab has settled. */
  holds(spec: LabSpec, director: HostSpec): Holding;
}

export interface Holding {
  vips: string[];
  /** VIPs of which nothing is said. */
  mayHold?: string[];
  /** Services that IPVS of this director must know with all their real servers of weight above 0. */
  ipvsServices: ServiceSpec[];
  /** How long that may take, in milliseconds. */
  withinMs: number;
  /** Between two looks, where each would slow down what is awaited; missing: 100. */
  everyMs?: number;
}

export const nothing: Holding = { vips: [], ipvsServices: [], withinMs: 0 };
