import type { z } from 'zod';
import type { Scope } from '../util/scope.ts';
import type { Capability } from './capabilities.ts';
import type { FaultSpec, RunningFault } from './fault.ts';
import type { Host } from './host.ts';
import type { configTextSchema } from './schema/lab.ts';
import type { LabSpec } from './spec.ts';

/** A running capture; every frame on the segment is seen once, with both MAC addresses. */
export interface RunningCapture extends AsyncDisposable {
  /** Stops, and returns the whole pcap file once everything on the wire before the call is in it. */
  stop(): Promise<Uint8Array>;
}

export interface CaptureOptions {
  /** pcap filter language. */
  filter: string;
  /** Bytes kept of each frame; default 262144. */
  snapLengthBytes?: number;
  /**
   * `lan`: all frames on the segment of the VIPs, and on those of real servers elsewhere, once on each. A host's name: the
   * interface with its own address, both directions.
   */
  at?: 'lan' | string;
  /** Of a host: another interface of it. */
  device?: string;
}

/** Breaks things that an operator or a power cut would break. Each call returns when it is done. */
export interface Faults {
  /** The switch port of the host goes down: the host is cut off, its processes go on. */
  cutLink(host: string): Promise<void>;
  restoreLink(host: string): Promise<void>;
  /** The real server's service dies: listeners closed, connections reset. */
  killService(realServer: string): Promise<void>;
  restartService(realServer: string): Promise<void>;
  /** Ends the director's daemons (keepalived) with this signal; `startDirector` brings them back. */
  signalDirector(director: string, signal: 'TERM' | 'KILL' | 'STOP' | 'CONT'): Promise<void>;
  startDirector(director: string): Promise<void>;
  /**
   * Lets a fault begin; it lasts until it is reverted, or the lab goes.
   * @throws {NotInLab} where it makes no sense in this lab; {CannotHere} where the lab lacks its capability (`capabilityOf`).
   */
  start(fault: FaultSpec): Promise<RunningFault>;
}

/** A text that configures a host, kept as evidence. */
export type ConfigText = z.infer<typeof configTextSchema>;

/** A lab that is up. Disposing takes it down. */
export interface Lab extends AsyncDisposable {
  readonly spec: LabSpec;
  /** Things that live as long as the lab; probes register their clean-up here. */
  readonly scope: Scope;
  readonly configs: ConfigText[];
  /** What was applied and did not take effect in time; checks will say what that means. */
  readonly unsettled?: string;
  /** Shell text after which `ip netns exec HOST` reaches every host; missing where it does without. */
  readonly reach?: string;
  host(name: string): Host;
  /** Why this lab lacks the capability, as one sentence; undefined when it has it. */
  lacks(capability: Capability): string | undefined;
  capture(options: CaptureOptions): Promise<RunningCapture>;
  readonly faults: Faults;
  /** What the daemons of the directors have logged so far, as far as it can be read; long logs only by their end. */
  logs(): Promise<ConfigText[]>;
}
