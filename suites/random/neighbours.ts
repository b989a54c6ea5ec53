import { hostsOf } from '../../src/model/spec.ts';
import { afterApply } from '../common/mutate.ts';
import { dev, type Kind, nobodysMac, on } from './kind.ts';

const entry = /neighbou?r|permanent|ARP entry|past the director|bypass|\bMAC\b/i;

const replace = (ip: string, mac: string, device: string): string =>
  `ip neigh replace ${ip} lladdr ${mac} dev ${device} nud permanent`;

const ofVip: Kind = {
  name: 'neighbour-of-vip',
  family: 'neighbours',
  draw(from) {
    const [host, { vip }] = [from.asker(), from.service()];
    const server = from.one([from.realServer(), undefined]);
    return {
      hosts: [host],
      breaks: `${host.name} has a permanent neighbour entry for the VIP with the MAC of ${server?.name ?? 'no host'}`,
      change: afterApply(() => on(host, replace(vip, server?.mac ?? nobodysMac, dev(host)))),
      cause: entry,
    };
  },
};

const ofServer: Kind = {
  name: 'neighbour-of-server',
  family: 'neighbours',
  draw(from) {
    const director = from.active();
    const [server, other] = from.two(hostsOf(from.spec, 'realServer'));
    const mac = from.one([other.mac, nobodysMac]);
    const whose = mac === nobodysMac ? 'no host' : other.name;
    return {
      hosts: [director],
      breaks: `${director.name} has a permanent neighbour entry for ${server.name} with the MAC of ${whose}`,
      change: afterApply(() => on(director, replace(server.ip, mac, dev(director)))),
      cause: entry,
    };
  },
};

const ofNextHop: Kind = {
  name: 'neighbour-of-next-hop',
  family: 'neighbours',
  draw(from) {
    const [server, asker] = [from.realServer(), from.asker()];
    return {
      hosts: [server],
      breaks: `${server.name} has a permanent neighbour entry for ${asker.name} with the MAC of no host`,
      change: afterApply(() => on(server, replace(asker.ip, nobodysMac, dev(server)))),
      cause: entry,
    };
  },
};

export const neighbours = [ofVip, ofServer, ofNextHop];
