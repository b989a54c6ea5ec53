import type { Mutant } from '../../src/model/check.ts';
import { freeAddresses } from '../../src/model/free-addresses.ts';
import { type HostSpec, hostsOf, type LabSpec, type Protocol } from '../../src/model/spec.ts';
import { clientKinds, routerOf, withFirst } from '../../src/model/vantage.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { afterApply, onDirectors, onFirstServer } from './mutate.ts';
import { expectReshapable } from './reshaping.ts';
import type { Change } from './stages.ts';
import { serviceOf } from './subjects.ts';

/*
 *   c1 ────────────┐              what is broken here shows from c2 alone, or at the second VIP alone:
 *   c2 ── router ──┼── d1 ── rs   whoever looks from the first client at the first service sees nothing of it
 */

/** A router, and a client of its own behind it; the clients on the segment stay. */
export function andRoutedClient(spec: LabSpec): LabSpec {
  expectReshapable(spec, 'get no other machine beside them');
  const client = hostsOf(spec, 'client').find(({ segment }) => segment === 'lan');
  if (!client) throw new NotInLab(`lab «${spec.name}» has no client on the segment`);
  if (hostsOf(spec, 'router').length > 0) throw new NotInLab(`lab «${spec.name}» has a router already`);
  const [free = ''] = freeAddresses(spec, 1, { from: { after: client.ip.replace(/\d+$/, '253') } });
  const outside = { ip: '198.19.0.1', prefixLength: 24, mac: '02:0e:00:00:fe:01' };
  const { addresses: _none, ...plain } = client;
  const router: HostSpec = {
    ...plain,
    name: 'r1',
    role: 'router',
    ip: free,
    mac: '02:0e:00:00:fe:02',
    sysctls: { ...client.sysctls, 'net.ipv4.ip_forward': '1' },
    outside,
  };
  const routed: HostSpec = {
    ...plain,
    name: 'c2',
    ip: '198.19.0.10',
    prefixLength: 24,
    mac: '02:0e:00:00:fe:0a',
    gateway: outside.ip,
    segment: 'outside',
  };
  const others = spec.hosts.map((host) =>
    host.segment === 'lan' && !host.gateway ? { ...host, gateway: free } : host,
  );
  return { ...spec, hosts: [...others, router, routed] };
}

const withBothClients = (spec: LabSpec): LabSpec =>
  clientKinds(spec).length > 1 ? spec : andRoutedClient(spec);

/** A port that no lab has by chance. */
const otherPort = 8_765;

/** The first service that fits once more, on a VIP of its own; it comes last. */
const withOtherService =
  (protocol: Protocol, scheduler?: string): Change =>
  (spec) => {
    expectReshapable(spec, 'have the VIPs that they have');
    const [vip = ''] = freeAddresses(spec, 1);
    const other = { ...serviceOf(spec, protocol, scheduler), vip, port: otherPort };
    return { ...spec, services: [...spec.services, other] };
  };

/** What a mutant does to the first client and service, done to the other one, in a lab that has both. */
function toOther(mutant: Mutant, lab: LabSpec, view: LabSpec): LabSpec {
  const changed = mutant.change(view);
  const inOrder = <T>(now: T[], viewed: T[], before: T[]): T[] =>
    before.flatMap((one) => now[viewed.indexOf(one)] ?? []);
  return {
    ...changed,
    hosts: inOrder(changed.hosts, view.hosts, lab.hosts),
    services: inOrder(changed.services, view.services, lab.services),
  };
}

export const forRoutedClient = (mutant: Mutant): Mutant => ({
  ...mutant,
  id: `${mutant.id}-for-routed-client`,
  breaks: `${mutant.breaks}: for a client behind a router, not for one on the segment`,
  elsewhere: true,
  change(spec) {
    const lab = withBothClients(spec);
    return toOther(mutant, lab, withFirst(lab, otherClient(lab)));
  },
});

export const onSecondVip = (mutant: Mutant, protocol: Protocol = 'tcp', scheduler?: string): Mutant => ({
  ...mutant,
  id: `${mutant.id}-on-second-vip`,
  breaks: `${mutant.breaks}: on a second VIP, not on the first`,
  elsewhere: true,
  change(spec) {
    const lab = withOtherService(protocol, scheduler)(spec);
    return toOther(mutant, lab, withFirst(lab, undefined, lab.services.at(-1)));
  },
});

export function otherClient(spec: LabSpec): HostSpec {
  const other = clientKinds(spec)[1];
  if (!other) throw new NotInLab(`lab «${spec.name}» has one kind of client`);
  return other;
}

/** The router of the client behind one. */
export function routerIn(spec: LabSpec): HostSpec {
  const router = hostsOf(spec, 'client').flatMap((client) => routerOf(spec, client) ?? [])[0];
  if (!router) throw new NotInLab(`lab «${spec.name}» has no client behind a router`);
  return router;
}

type Said = Pick<Mutant, 'id' | 'breaks' | 'reason'>;

/** With text for the directors, or for the first real server, that acts on what is of the other client alone. */
const elsewhere =
  (on: typeof onDirectors) =>
  (said: Said, text: (spec: LabSpec, other: HostSpec) => string): Mutant => ({
    ...said,
    elsewhere: true,
    change: (spec) => on((lab) => text(lab, otherClient(lab)))(withBothClients(spec)),
  });

export const onDirectorsElsewhere = elsewhere(onDirectors);
export const onServerElsewhere = elsewhere(onFirstServer);

/** Drops what the directors get from the other client, or send to it, by a filter of its interface. */
export const dropOnDirectors = (
  said: Said,
  direction: 'ingress' | 'egress',
  match: (spec: LabSpec, other: HostSpec) => string,
): Mutant =>
  onDirectorsElsewhere(
    said,
    (spec, other) =>
      `tc qdisc add dev eth0 clsact
       tc filter add dev eth0 ${direction} protocol ip u32 ${match(spec, other)} action drop`,
  );

/** The router was told for good who has the VIP, and whoever comes through it goes past the director. */
export const routerPinned = (reason: RegExp): Mutant => ({
  id: 'router-neighbour-pinned',
  breaks: 'the router has a permanent neighbour entry for the VIP with the MAC of a real server',
  reason,
  elsewhere: true,
  change: (spec) =>
    afterApply((lab) => {
      const { vip, realServers } = serviceOf(lab, 'tcp');
      const server = lab.hosts.find(({ name }) => name === realServers[0]?.name);
      return `ip -n ${routerIn(lab).name} neigh replace ${vip} lladdr ${server?.mac} dev eth0 nud permanent`;
    })(withBothClients(spec)),
});
