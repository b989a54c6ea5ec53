import { type HostSpec, hostsOf, type ServiceSpec } from '../../src/model/spec.ts';
import { afterApply } from '../common/mutate.ts';
import { type Draw, type Drawn, type Kind, nameOf, on } from './kind.ts';

const filtered = /drop|reject|refus|filter|firewall|rules?\b|iptables/i;
const limited = /limit|drop|filter|rules?\b|lost|loss|sent again|iptables/i;

const table = (rule: string): string => `iptables -w -I ${rule}`;

const to = ({ vip, port, protocol }: ServiceSpec): string => `-d ${vip} -p ${protocol} --dport ${port}`;
const backFrom = ({ vip, port, protocol }: ServiceSpec): string => `-s ${vip} -p ${protocol} --sport ${port}`;

const rule = (
  name: string,
  draw: (from: Draw) => { host: HostSpec; what: string; lines: string[] },
  cause = filtered,
): Kind => ({
  name,
  family: 'filters',
  draw(from): Drawn {
    const { host, what, lines } = draw(from);
    return {
      hosts: [host],
      breaks: `${host.name} ${what}`,
      change: afterApply(() => on(host, ...lines)),
      cause,
    };
  },
});

const rejections = ['tcp-reset', 'icmp-port-unreachable', 'icmp-admin-prohibited'] as const;
const isTcp = ({ protocol }: ServiceSpec): boolean => protocol === 'tcp';

const ofServer = [
  rule('server-drops-requests', (from) => {
    const [host, service] = [from.realServer(), from.service()];
    return {
      host,
      what: `drops requests to ${nameOf(service)}`,
      lines: [table(`INPUT ${to(service)} -j DROP`)],
    };
  }),
  rule('server-drops-answers', (from) => {
    const [host, service] = [from.realServer(), from.service()];
    return {
      host,
      what: `drops answers from ${nameOf(service)}`,
      lines: [table(`OUTPUT ${backFrom(service)} -j DROP`)],
    };
  }),
  rule('server-rejects', (from) => {
    const [host, service, how] = [from.realServer(), from.service(isTcp), from.one(rejections)];
    return {
      host,
      what: `rejects requests to ${nameOf(service)} with ${how}`,
      lines: [table(`INPUT ${to(service)} -j REJECT --reject-with ${how}`)],
    };
  }),
  rule('server-drops-client', (from) => {
    const [host, client] = [from.realServer(), from.host('client')];
    return { host, what: `drops all from ${client.name}`, lines: [table(`INPUT -s ${client.ip} -j DROP`)] };
  }),
  rule('server-drops-ports', (from) => {
    const [host, service, [first, last]] = [
      from.realServer(),
      from.service(isTcp),
      from.one([
        [20_000, 45_000],
        [32_768, 48_000],
      ] as const),
    ];
    return {
      host,
      what: `drops requests from ports ${first} to ${last} to ${nameOf(service)}`,
      lines: [table(`INPUT ${to(service)} --sport ${first}:${last} -j DROP`)],
    };
  }),
  rule(
    'server-drops-some',
    (from) => {
      const [host, service, share] = [from.realServer(), from.service(), from.one(['0.25', '0.4', '0.6'])];
      return {
        host,
        what: `drops a share of ${share} of the packets to ${nameOf(service)}`,
        lines: [table(`INPUT ${to(service)} -m statistic --mode random --probability ${share} -j DROP`)],
      };
    },
    limited,
  ),
  rule(
    'server-limits-requests',
    (from) => {
      const [host, service, rate] = [
        from.realServer(),
        from.service(isTcp),
        from.one(['6/minute', '30/minute']),
      ];
      return {
        host,
        what: `lets only ${rate} new connections to ${nameOf(service)} in`,
        lines: [
          table(`INPUT ${to(service)} --syn -j DROP`),
          table(`INPUT ${to(service)} --syn -m limit --limit ${rate} --limit-burst 1 -j ACCEPT`),
        ],
      };
    },
    limited,
  ),
  rule(
    'server-drops-arp',
    (from) => {
      const host = from.realServer();
      return {
        host,
        what: 'drops ARP requests for its RIP',
        lines: [`arptables -I INPUT -d ${host.ip} -j DROP`],
      };
    },
    /\bARP\b/i,
  ),
];

const ofDirector = [
  rule('director-drops-requests', (from) => {
    const [host, service] = [from.active(), from.service()];
    return {
      host,
      what: `drops requests to ${nameOf(service)}`,
      lines: [table(`INPUT ${to(service)} -j DROP`)],
    };
  }),
  rule('director-rejects', (from) => {
    const [host, service, how] = [from.active(), from.service(isTcp), from.one(rejections)];
    return {
      host,
      what: `rejects requests to ${nameOf(service)} with ${how}`,
      lines: [table(`INPUT ${to(service)} -j REJECT --reject-with ${how}`)],
    };
  }),
  rule('director-drops-forwarded', (from) => {
    const [host, service] = [from.active(), from.service()];
    return {
      host,
      what: `drops what it forwards of ${nameOf(service)}`,
      lines: [table(`OUTPUT ${to(service)} -j DROP`)],
    };
  }),
  rule(
    'director-limits-requests',
    (from) => {
      const [host, service, rate] = [from.active(), from.service(isTcp), from.one(['6/minute', '30/minute'])];
      return {
        host,
        what: `lets only ${rate} new connections to ${nameOf(service)} in`,
        lines: [
          table(`INPUT ${to(service)} --syn -j DROP`),
          table(`INPUT ${to(service)} --syn -m limit --limit ${rate} --limit-burst 1 -j ACCEPT`),
        ],
      };
    },
    limited,
  ),
  rule(
    'standby-drops-vrrp',
    (from) => {
      const host = from.one(from.spec.director.vrrp ? from.standby() : []);
      return { host, what: 'drops VRRP advertisements', lines: [table('INPUT -p 112 -j DROP')] };
    },
    /vrrp|advert|split|both|more than one|two directors|112/i,
  ),
];

const ofOthers = [
  rule('client-drops', (from) => {
    const [host, service] = [from.host('client'), from.service()];
    const direction = from.one(['OUTPUT', 'INPUT'] as const);
    const what =
      direction === 'OUTPUT' ? `requests to ${nameOf(service)}` : `answers from ${nameOf(service)}`;
    const match = direction === 'OUTPUT' ? to(service) : backFrom(service);
    return { host, what: `drops ${what}`, lines: [table(`${direction} ${match} -j DROP`)] };
  }),
  rule('router-drops', (from) => {
    const [host, service] = [from.one(hostsOf(from.spec, 'router')), from.service()];
    const [what, match] = from.one([
      [`requests to ${nameOf(service)}`, to(service)],
      [`answers from ${nameOf(service)}`, backFrom(service)],
    ] as const);
    return { host, what: `drops ${what}`, lines: [table(`FORWARD ${match} -j DROP`)] };
  }),
  rule('router-rejects', (from) => {
    const [host, service, how] = [
      from.one(hostsOf(from.spec, 'router')),
      from.service(isTcp),
      from.one(rejections),
    ];
    return {
      host,
      what: `rejects requests to ${nameOf(service)} with ${how}`,
      lines: [table(`FORWARD ${to(service)} -j REJECT --reject-with ${how}`)],
    };
  }),
];

export const filters = [...ofServer, ...ofDirector, ...ofOthers];
