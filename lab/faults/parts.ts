import type { Capability } from '../../src/model/capabilities.ts';
import type { Host } from '../../src/model/host.ts';
import type { HostSpec, LabSpec } from '../../src/model/spec.ts';
import type { Scope } from '../../src/util/scope.ts';
import type { AgentProcess } from '../agent/process.ts';
import type { Misconduct } from '../servers/conduct.ts';

/** How a driver cuts a host off. */
export interface Links {
  set(host: string, state: 'up' | 'down'): Promise<void>;
}

/** How a driver stops and starts what a real server serves. */
export interface Services {
  kill(name: string): Promise<void>;
  restart(name: string): Promise<void>;
}

/** A host of any driver, together with what is known of a started program. */
export type LabHost = Host & { spawn(argv: string[]): Promise<AgentProcess> };

/** What can be done with hosts, cables and a switch that the driver made itself. */
export interface Works {
  switchHost: LabHost;
  /** Reaches every process of the lab. */
  sandbox: LabHost;
  /** Bridge of the VIPs on the switch. */
  readonly lanBridge: string;
  /** Ports of the switch, the one of the host’s own address first. */
  portsOf(host: string): string[];
  /** Empties the kernel of the host and gives it its network again, as after a reboot; starts no program. */
  renew(host: string): Promise<void>;
  /** Puts one more machine on the segment, with its address. */
  connect(host: HostSpec): Promise<LabHost>;
  disconnect(name: string): Promise<void>;
  behave(realServer: string, misconduct: Misconduct | undefined): Promise<void>;
}

/** What the faults act on. */
export interface Parts {
  spec: LabSpec;
  scope: Scope;
  host(name: string): LabHost;
  links: Links;
  servers: Services;
  /** Daemons of the directors. */
  daemons: Map<string, AgentProcess>;
  lacks(capability: Capability): string | undefined;
  /** Missing where the driver found its hosts. */
  works?: Works;
}
