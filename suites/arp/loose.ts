import { freeAddresses } from '../../src/model/free-addresses.ts';
import { type HostSpec, hostsOf, type LabSpec } from '../../src/model/spec.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { expectReshapable } from '../common/reshaping.ts';
import {
  type Change,
  firstServers,
  oneIpvsDirector,
  services,
  stage,
  withSysctls,
} from '../common/stages.ts';

/*
 *   c2 (outside) ── r1 ──┬── c1 (on the segment)      methods that do not touch the real servers,
 *                        ├── d1                       tried on real servers that are set up wrong:
 *                        └── rs1, rs2                 arp_ignore=0, arp_announce=0
 */

/** A router, and a client of its own behind it; the clients on the segment stay. */
function andRoutedClient(spec: LabSpec): LabSpec {
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

export const looseServers: Change = withSysctls('realServer', {
  'net.ipv4.conf.all.arp_ignore': '0',
  'net.ipv4.conf.all.arp_announce': '0',
});

export const loose = stage(
  'loose',
  'one director set with ipvsadm; two real servers that answer ARP for the VIP; a client on the segment and one behind a router',
  oneIpvsDirector,
  firstServers(2),
  services({ port: 80 }),
  andRoutedClient,
  looseServers,
);
