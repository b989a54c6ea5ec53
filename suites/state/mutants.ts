import type { Mutant } from '../../src/model/check.ts';
import { destinationOf, entryOf } from '../../src/model/ipvs-words.ts';
import { hostsOf, type LabSpec, type ServiceSpec } from '../../src/model/spec.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { afterApply, nameOfFirst, onDirectors, onFirstServer } from '../common/mutate.ts';
import { switchName } from '../common/subjects.ts';

/** What another program may do to a lab that is configured: one of each kind. */

function firstService({ name, services }: LabSpec): ServiceSpec {
  const [service] = services;
  if (!service) throw new NotInLab(`lab «${name}» has no service`);
  return service;
}

function firstRip(spec: LabSpec): string {
  const rip = hostsOf(spec, 'realServer')[0]?.ip;
  if (!rip) throw new NotInLab(`lab «${spec.name}» has no real server`);
  return rip;
}

const onFirstClient = (text: (spec: LabSpec) => string) =>
  afterApply((spec) => `ip netns exec ${nameOfFirst(spec, 'client')} sh -ec '${text(spec)}'`);

export const stateMutants: Mutant[] = [
  {
    id: 'timeouts',
    breaks: 'the timeouts of IPVS are 3 s',
    change: onDirectors(() => 'ipvsadm --set 3 3 3'),
    reason: /timeouts of IPVS of \S+ are 3 3 3, not 900 120 300/,
  },
  {
    id: 'persistence',
    breaks: 'a service was made persistent',
    change: onDirectors((spec) => `ipvsadm -E ${entryOf(firstService(spec))} -s rr -p 300`),
    reason: /the service -t \S+ has a persistence in seconds of 300 instead of none/,
  },
  {
    id: 'weight',
    breaks: 'a real server has another weight',
    change: onDirectors((spec) => {
      const service = firstService(spec);
      return `ipvsadm -e ${entryOf(service)} ${destinationOf(spec, service, service.realServers[0]?.name ?? '')} -g -w 50`;
    }),
    reason: /in the table of \S+ \S+ \(-t \S+ -r \S+\) has weight 50 instead of 1/,
  },
  {
    id: 'connection-limit',
    breaks: 'a real server takes no more than five connections',
    change: onDirectors((spec) => {
      const service = firstService(spec);
      return `ipvsadm -e ${entryOf(service)} ${destinationOf(spec, service, service.realServers[0]?.name ?? '')} -g -w 1 -x 5`;
    }),
    reason: /has a limit of connections \(-x\) of 5 instead of none/,
  },
  {
    id: 'extra-service',
    breaks: 'the director has a service that nobody declared',
    change: onDirectors((spec) => `ipvsadm -A -t ${firstService(spec).vip}:81 -s rr`),
    reason: /the table of \S+ has the service -t \S+:81 \(-s rr\), which it should not have/,
  },
  {
    id: 'extra-address',
    breaks: 'a real server has an address that nobody declared',
    change: onFirstServer(() => 'ip addr add 203.0.113.9/32 dev eth0'),
    reason: /has the address 203\.0\.113\.9\/32 dev eth0, which it should not have/,
  },
  {
    id: 'sysctl',
    breaks: 'another program set a sysctl that the lab file has, too',
    change: onFirstServer(() => 'sysctl -qw net.ipv4.conf.eth0.rp_filter=2'),
    reason: /the sysctl net\.ipv4\.conf\.eth0\.rp_filter of \S+ is 2, not 0/,
  },
  {
    id: 'undeclared-sysctl',
    breaks: 'another program set a sysctl about which the lab file says nothing',
    change: onFirstServer(() => 'sysctl -qw net.ipv4.tcp_timestamps=0'),
    reason: /the sysctl net\.ipv4\.tcp_timestamps of \S+ is 0, and 1 on the other hosts/,
  },
  {
    id: 'filter',
    breaks: 'a real server filters a port',
    change: onFirstServer(() => 'iptables-legacy -A INPUT -p tcp --dport 81 -j DROP'),
    reason: /has the filter rule iptables-legacy -t filter -A INPUT .*--dport 81 -j DROP/,
  },
  {
    id: 'qdisc',
    breaks: 'a real server sends through a queue with loss',
    change: onFirstServer(() => 'tc qdisc add dev eth0 root netem loss 1%'),
    reason: /has the qdisc dev eth0 root \(netem loss 1%\), which it should not have/,
  },
  {
    id: 'switch-qdisc',
    breaks: 'the port of a real server on the switch loses frames',
    change: afterApply(() => `ip netns exec ${switchName} sh -ec 'tc qdisc add dev p1 root netem loss 1%'`),
    reason: /switch has the qdisc dev p1 root \(netem loss 1%\)/,
  },
  {
    id: 'neighbour',
    breaks: 'a client has a permanent neighbour entry',
    change: onFirstClient(
      (spec) => `ip neigh replace ${firstRip(spec)} lladdr 02:00:00:00:00:99 nud permanent dev eth0`,
    ),
    reason: /has the permanent neighbour entry \S+ dev eth0 \(02:00:00:00:00:99\)/,
  },
  {
    id: 'route',
    breaks: 'a real server has a route that nobody declared',
    change: onFirstServer((spec) => `ip route add 203.0.113.0/24 via ${nextTo(spec)}`),
    reason: /has the route 203\.0\.113\.0\/24 via \S+ dev eth0, which it should not have/,
  },
  {
    id: 'rule',
    breaks: 'a real server asks another routing table for some sources',
    change: onFirstServer(() => 'ip rule add from 203.0.113.0/24 lookup 100'),
    reason: /has the routing rule pref \d+ \(from 203\.0\.113\.0\/24 lookup 100\)/,
  },
  {
    id: 'mtu',
    breaks: 'the interface of a real server has another MTU',
    change: onFirstServer(() => 'ip link set dev eth0 mtu 1400'),
    reason: /the MTU of eth0 of \S+ is 1400, not 1500/,
  },
  {
    id: 'mac',
    breaks: 'the interface of a real server has another MAC address',
    change: onFirstServer(() => 'ip link set dev eth0 address 02:00:00:00:00:99'),
    reason: /the MAC address of eth0 of \S+ is 02:00:00:00:00:99, not /,
  },
];

/** Any other host of the segment. */
const nextTo = (spec: LabSpec): string => hostsOf(spec, 'director')[0]?.ip ?? firstRip(spec);

export const driftMutants: Mutant[] = [
  {
    id: 'timeouts',
    breaks: 'the timeouts of IPVS are 3 s',
    change: onDirectors(() => 'ipvsadm --set 3 3 3'),
    reason: /timeouts of IPVS of \S+ are 3 3 3, not 900 120 300/,
  },
];
