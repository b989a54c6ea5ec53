import type { z } from 'zod';
import type { Capability } from './capabilities.ts';
import type { faultSpecSchema, requestersSchema } from './schema/fault.ts';
import { hostsOf, type LabSpec, type Role, serversOf } from './spec.ts';

/** What can break in a lab, as plain data; schema/fault.ts says what each does. */
export type FaultSpec = z.infer<typeof faultSpecSchema>;
export type Requesters = z.infer<typeof requestersSchema>;
export type FaultKind = FaultSpec['kind'];

/** A span of the clock that never steps (CLOCK_MONOTONIC), in milliseconds. */
export interface Interval {
  fromMs: number;
  toMs: number;
}

/** What shows that a fault happened, or that it did not. */
export interface FaultEvidence {
  happened: boolean;
  sentence: string;
  data: Record<string, unknown>;
}

/** A fault that is there. Disposing reverts it. */
export interface RunningFault extends AsyncDisposable {
  readonly spec: FaultSpec;
  /** It began between these two readings. */
  readonly applied: Interval;
  /** Looks whether it is there, by what the lab does. May wait for what takes a while, such as a take-over. */
  verify(): Promise<FaultEvidence>;
  /** @returns when it ended; called again, the same. */
  revert(): Promise<Interval>;
}

const capabilityFor: Record<FaultKind, Capability> = {
  daemon: 'directorFault',
  powerOff: 'hostFault',
  portDown: 'linkFault',
  flap: 'linkFault',
  loss: 'wireFault',
  partition: 'wireFault',
  announcementsLost: 'wireFault',
  slowAnswers: 'answerFault',
  errorAnswers: 'answerFault',
  hang: 'answerFault',
  serviceDead: 'serviceFault',
  tableFull: 'tableFault',
  clockStep: 'clockFault',
  rogueRouter: 'rogueRouterFault',
};

/** What a lab must be able to do for the fault. */
export const capabilityOf = ({ kind }: Pick<FaultSpec, 'kind'>): Capability => capabilityFor[kind];

/** The fault as a clause, such as `d1 is sent KILL`. */
export function describeFault(fault: FaultSpec): string {
  const by = (requesters: Requesters) => (requesters === 'directors' ? ' to health checks' : '');
  switch (fault.kind) {
    case 'daemon':
      return `the daemon of ${fault.host} is sent ${fault.signal}`;
    case 'powerOff':
      return `${fault.host} is off, then ${fault.back}`;
    case 'portDown':
      return `the switch port of ${fault.host} is down`;
    case 'flap':
      return `the link of ${fault.host} flaps, ${fault.count} × ${fault.periodMs} ms`;
    case 'loss':
      return `${fault.percent} % of what ${fault.direction === 'fromHost' ? `${fault.host} sends` : `is sent to ${fault.host}`} is lost`;
    case 'partition':
      return `${fault.sides[0].join(', ')} and ${fault.sides[1].join(', ')} do not hear each other`;
    case 'announcementsLost':
      return `gratuitous ARP of ${fault.host} is lost`;
    case 'slowAnswers':
      return `${fault.host} answers${by(fault.requesters)} after ${fault.delayMs} ms`;
    case 'errorAnswers':
      return `${fault.host} answers${by(fault.requesters)} with ${fault.status}`;
    case 'hang':
      return `${fault.host} accepts connections and does not answer${by(fault.requesters)}`;
    case 'serviceDead':
      return `the service of ${fault.host} is dead`;
    case 'tableFull':
      return `the connection table of ${fault.host} is full (${fault.entries} half-open)`;
    case 'clockStep':
      return `the wall clock steps by ${fault.stepMs} ms`;
    case 'rogueRouter':
      return `a rogue VRRP router has priority ${fault.priority}`;
  }
}

/** Why the fault makes no sense in this lab, as one sentence; undefined where it does. Its capabilities are not asked. */
export function faultProblem(fault: FaultSpec, spec: LabSpec): string | undefined {
  const named = 'host' in fault ? [fault.host] : fault.kind === 'partition' ? fault.sides.flat() : [];
  const unknown = named.find((name) => !spec.hosts.some((host) => host.name === name));
  if (unknown !== undefined) return `the lab has no host «${unknown}»`;
  const unless = (fits: boolean, why: string) => (fits ? undefined : why);
  const within = (value: number, least: number, most: number, what: string) =>
    unless(value >= least && value <= most, `${what} is ${value}, not between ${least} and ${most}`);
  const is = (role: Role, name: string) => hostsOf(spec, role).some((host) => host.name === name);
  switch (fault.kind) {
    case 'daemon':
    case 'announcementsLost':
      return unless(is('director', fault.host), `${fault.host} is not a director`);
    case 'tableFull':
      return (
        unless(is('director', fault.host), `${fault.host} is not a director`) ??
        within(fault.entries, 0, 100_000, 'the number of entries')
      );
    case 'slowAnswers':
    case 'errorAnswers':
    case 'hang':
    case 'serviceDead':
      return unless(
        spec.services.some((one) => one.protocol === 'tcp' && serversOf(one).includes(fault.host)),
        `${fault.host} serves no TCP service`,
      );
    case 'flap':
      return within(fault.periodMs, 20, 600_000, 'the period') ?? within(fault.count, 1, 1_000, 'the count');
    case 'loss':
      return within(fault.percent, 1, 100, 'the percentage');
    case 'partition': {
      const [one, other] = fault.sides;
      if (one.length === 0 || other.length === 0) return 'a side of the partition is empty';
      const both = one.find((name) => other.includes(name));
      return unless(both === undefined, `${both} is on both sides of the partition`);
    }
    case 'rogueRouter':
      return (
        unless(spec.director.vrrp !== undefined, 'the directors of the lab do not speak VRRP') ??
        within(fault.priority, 1, 254, 'the priority')
      );
    case 'powerOff':
    case 'portDown':
    case 'clockStep':
      return undefined;
  }
}
