import type { Own, Stage } from '../../src/model/check.ts';
import { driverTraitsOf } from '../../src/model/driver-traits.ts';
import { freeAddresses } from '../../src/model/free-addresses.ts';
import {
  type AnnounceSpec,
  type HostSpec,
  hostsOf,
  type LabSpec,
  type ServiceSpec,
} from '../../src/model/spec.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { expectReshapable } from '../common/reshaping.ts';
import { type Change, clientBehindRouter, services, stage, withSysctls } from '../common/stages.ts';

/*
 *                         ┌── a1 ──┐   each has the VIP on lo and announces it by BGP while it
 *   client ── router ─────┼── a2 ──┼── has real servers; the router spreads flows over them
 *              ECMP       ├── a3 ──┤
 *                         └── a4 ──┘   rs1  rs2  …
 */

const announce: AnnounceSpec = {
  by: 'bgp',
  asn: 64512,
  routerAsn: 64513,
  holdS: 9,
  bfd: { intervalMs: 100, multiplier: 3 },
};

const fourDirectors: Change = (spec) => {
  expectReshapable(spec, 'keep the daemons that they have');
  if (!driverTraitsOf(spec).runsProgramsOfSandbox)
    throw new NotInLab('drlab starts bird on hosts that run what is installed in the sandbox');
  const [first] = hostsOf(spec, 'director');
  if (!first) throw new NotInLab(`lab «${spec.name}» has no director`);
  const { files: _, ...plain } = first;
  const directors = freeAddresses(spec, 4).map(
    (ip, i): HostSpec => ({ ...plain, name: `a${i + 1}`, ip, mac: `02:0e:00:00:fd:0${i + 1}` }),
  );
  const taken = spec.hosts.find(({ name, role }) => role !== 'director' && /^a[1-4]$/.test(name));
  if (taken) throw new NotInLab(`a host of lab «${spec.name}» is called ${taken.name}`);
  const hosts = [...spec.hosts.filter(({ role }) => role !== 'director'), ...directors];
  const healthCheck = { intervalMs: 500, timeoutMs: 500, retries: 1 };
  return {
    ...spec,
    hosts,
    director: { kind: 'keepalived', announce, healthCheck },
  };
};

export const announced: Stage = stage(
  'anycast',
  'four directors with keepalived that announce a VIP by BGP (bird); the client is behind a router with ECMP; mh by address and port',
  fourDirectors,
  clientBehindRouter,
  services({ port: 80, scheduler: 'mh', schedulerFlags: ['mh-port'] }),
  withSysctls('director', {
    'net.ipv4.conf.all.arp_ignore': '1',
    'net.ipv4.conf.all.arp_announce': '2',
    'net.ipv4.vs.sloppy_tcp': '1',
    'net.ipv4.vs.schedule_icmp': '1',
  }),
  withSysctls('router', { 'net.ipv4.fib_multipath_hash_policy': '1' }),
);

/** Schedulers that choose by what a packet bears, so that two directors choose alike. */
export const choosesByPacket = ({ scheduler }: Pick<ServiceSpec, 'scheduler'>): boolean =>
  ['sh', 'mh', 'dh'].includes(scheduler);

/** The service that is looked at: TCP, of the first VIP that has one. */
export function announcedService(spec: LabSpec): ServiceSpec {
  const found = spec.services.find(({ protocol, persistenceS }) => protocol === 'tcp' && persistenceS === 0);
  if (!found) throw new NotInLab(`lab «${spec.name}» has no TCP service without persistence`);
  return found;
}

const hasService = (spec: LabSpec): boolean =>
  spec.services.some(({ protocol, persistenceS }) => protocol === 'tcp' && persistenceS === 0);

/** Of a lab whose directors announce: several of them. */
export const ownAnnounced = (more?: { hashes: true }): Own => ({
  subject: `directors that announce the VIPs${more ? ', with a service of sh or mh' : ''}`,
  has: (spec) =>
    spec.director.announce !== undefined &&
    hostsOf(spec, 'director').length > 1 &&
    hasService(spec) &&
    (!more || choosesByPacket(announcedService(spec))),
});
