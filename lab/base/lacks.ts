import type { Capability } from '../../src/model/capabilities.ts';
import {
  hasDaemon,
  hasIpvs,
  isSetByHand,
  kindsWithKey,
  programsFor,
} from '../../src/model/director-kinds.ts';
import { directorTraits } from '../../src/model/director-traits.ts';
import { filesSay } from '../../src/model/files.ts';
import { type DirectorSpec, hostsOf, isScheduledBy, type LabSpec } from '../../src/model/spec.ts';
import { starterOf } from '../../src/model/starters.ts';
import { isOnLan } from '../../src/model/topology.ts';
import { orList } from '../../src/util/words.ts';

/** What the sandbox offers. */
export interface SandboxOffer {
  /** Whether the program can be found. */
  has(program: string): boolean;
  /** Whether the kernel knows IPVS. */
  ipvs: boolean;
  virtualTime: boolean;
  /** What a lab of namespaces can break because it made the hosts; missing where it did not. */
  breaks?: {
    /** Whether the kernel filters frames on a bridge (nf_tables, family bridge). */
    bridgeFilter: boolean;
    /** Whether the kernel serves this sandbox alone, so that its wall clock does too. */
    ownKernel: boolean;
  };
}

const notMade = 'drlab breaks this only in labs of namespaces, where it made the hosts and the switch itself';

/** Which program of its directors is not there, as one sentence with the command that installs it. */
export function missingProgram(director: DirectorSpec, place: Pick<SandboxOffer, 'has'>): string | undefined {
  const missing = programsFor(director).filter(({ name }) => !place.has(name));
  if (missing.length === 0) return undefined;
  const names = missing.map(({ name }) => name).join(', ');
  return `not installed: ${names} (apt-get install ${[...new Set(missing.map((one) => one.package))].join(' ')})`;
}

/** A daemon that a line of shell has started is known to nobody else. */
function startsUnseen(spec: LabSpec): string | undefined {
  const one = hostsOf(spec, 'director').find(
    (host) => filesSay(host, 'directing') && !host.files?.start.some((step) => starterOf(step)?.daemon),
  );
  return one && `what directs ${one.name} is started by a line of shell, and drlab has no hold of it`;
}

/** Why a netns lab lacks the capability, as one sentence; undefined when it has it. */
export function lacksCapability(
  capability: Capability,
  spec: LabSpec,
  place: SandboxOffer,
): string | undefined {
  const unless = (has: unknown, why: string) => (has ? undefined : why);
  const { kind, vrrp, healthCheck, announce } = spec.director;
  const { title, onlyScheduler } = directorTraits[kind];
  const tcp = spec.services.filter((service) => service.protocol === 'tcp');
  const clients = hostsOf(spec, 'client');
  const scheduled = (scheduler: string) =>
    onlyScheduler
      ? `${title} has no scheduler: it ${onlyScheduler.does}`
      : unless(
          tcp.some((service) => isScheduledBy(service, scheduler)),
          `no TCP service of this lab is scheduled with ${scheduler}, and with nothing but it`,
        );
  switch (capability) {
    case 'capture':
      return unless(place.has('tcpdump'), 'tcpdump is not installed');
    case 'inject':
    case 'serviceFault':
    case 'linkFault':
      return undefined;
    case 'hostFault':
    case 'answerFault':
      return unless(place.breaks, notMade);
    case 'wireFault':
      return place.breaks
        ? unless(place.breaks.bridgeFilter, 'the kernel of this sandbox does not filter frames on a bridge')
        : notMade;
    case 'clockFault':
      return place.breaks
        ? unless(place.breaks.ownKernel, 'the wall clock belongs to the whole machine, not to the sandbox')
        : notMade;
    case 'rogueRouterFault':
      return place.breaks
        ? unless(place.has('keepalived') && vrrp, 'the directors of this lab do not speak VRRP')
        : notMade;
    case 'tableFault':
      if (!place.breaks) return notMade;
      return lacksCapability('ipvs', spec, place);
    case 'ipvs':
      if (!hasIpvs(kind)) return `${title} has no IPVS tables`;
      return unless(place.ipvs, 'the kernel of this sandbox has no IPVS');
    case 'directorFault':
      if (!hasDaemon(kind)) return `a director with ${kind} has no daemon to stop`;
      return startsUnseen(spec);
    case 'director':
      return unless(
        hostsOf(spec, 'director').length > 0 && spec.services.length > 0,
        'the lab has no director with a service',
      );
    case 'directorPair':
      return unless(
        vrrp && hostsOf(spec, 'director').length >= 2,
        `the lab has no two directors that take over from each other (${orList(kindsWithKey('vrrp'))} with VRRP)`,
      );
    case 'announcedVips':
      return unless(announce, 'the directors of this lab announce no VIPs (directors.announce)');
    case 'healthChecks':
      return unless(hasDaemon(kind) && healthCheck, 'the director of this lab checks no real servers');
    case 'severalRealServers':
      return unless(
        tcp.some((service) => service.realServers.filter(({ weight }) => weight > 0).length >= 2),
        'no TCP service of this lab has two real servers of weight above 0',
      );
    case 'directClient':
      return unless(
        clients.some((client) => isOnLan(spec, client)),
        'the lab has no client on the segment',
      );
    case 'routedClient':
      return unless(
        clients.some((client) => !isOnLan(spec, client)),
        'the lab has no client behind a router',
      );
    case 'schedulerRr':
      return scheduled('rr');
    case 'schedulerWrr':
      return scheduled('wrr');
    case 'udpService':
      return unless(
        spec.services.some(({ protocol }) => protocol === 'udp'),
        'the lab has no UDP service',
      );
    case 'realTime':
      return unless(!place.virtualTime, 'time is virtual here: throughput and latency are meaningless');
    case 'virtualTime':
      return unless(place.virtualTime, 'it takes an hour or more of real time; --time virtual takes seconds');
    case 'iptables':
      return unless(place.has('iptables-legacy'), 'iptables-legacy is not installed');
    case 'arptables':
      return unless(place.has('arptables-legacy'), 'arptables-legacy is not installed');
    case 'conntrack':
      return unless(place.has('conntrack'), 'conntrack is not installed');
    case 'settableDirector':
      return unless(isSetByHand(kind), `${kind} owns the rules of the director`);
    case 'iperf3':
      return unless(place.has('iperf3'), 'iperf3 is not installed');
  }
}
