import { type HostSpec, hostsOf, type ServiceSpec } from '../../src/model/spec.ts';
import { afterApply } from '../common/mutate.ts';
import { type Draw, type Kind, nameOf, on } from './kind.ts';

interface Filtering {
  host: HostSpec;
  /** At the other end of what is filtered, where it is as good an answer. */
  peer?: HostSpec;
  /** After the host's name. */
  what: string;
  /** For `iptables -I`, the last one on top. */
  rules: string[];
}

const filtered = /drop|reject|refus|filter|firewall|rules?\b|iptables/i;
const limited = /limit|drop|filter|rules?\b|lost|loss|sent again|iptables/i;

const filter = (name: string, draw: (from: Draw) => Filtering, cause = filtered): Kind => ({
  name,
  family: 'filters',
  draw(from) {
    const { host, peer, what, rules } = draw(from);
    const lines = rules.map((rule) => `iptables -w -I ${rule}`);
    return {
      hosts: peer ? [host, peer] : [host],
      breaks: `${host.name} ${what}`,
      change: afterApply(() => on(host, ...lines)),
      cause,
    };
  },
});

const to = ({ vip, port, protocol }: ServiceSpec): string => `-d ${vip} -p ${protocol} --dport ${port}`;
const from = ({ vip, port, protocol }: ServiceSpec): string => `-s ${vip} -p ${protocol} --sport ${port}`;
const isTcp = ({ protocol }: ServiceSpec): boolean => protocol === 'tcp';

/** A role, where its hosts see requests, and one of them. */
interface Party {
  who: string;
  chain: 'INPUT' | 'FORWARD' | 'OUTPUT';
  host(draw: Draw): HostSpec;
}

const server: Party = { who: 'server', chain: 'INPUT', host: (draw) => draw.realServer() };
const director: Party = { who: 'director', chain: 'INPUT', host: (draw) => draw.active() };
const router: Party = {
  who: 'router',
  chain: 'FORWARD',
  host: (draw) => draw.one(hostsOf(draw.spec, 'router')),
};
const client: Party = { who: 'client', chain: 'OUTPUT', host: (draw) => draw.host('client') };

const dropsRequests = ({ who, chain, host }: Party): Kind =>
  filter(`${who}-drops-requests`, (draw) => {
    const service = draw.service();
    return {
      host: host(draw),
      what: `drops requests to ${nameOf(service)}`,
      rules: [`${chain} ${to(service)} -j DROP`],
    };
  });

const dropsAnswers = ({ who, chain, host }: Party): Kind =>
  filter(`${who}-drops-answers`, (draw) => {
    const service = draw.service();
    const opposite = { INPUT: 'OUTPUT', OUTPUT: 'INPUT', FORWARD: 'FORWARD' }[chain];
    return {
      host: host(draw),
      what: `drops answers from ${nameOf(service)}`,
      rules: [`${opposite} ${from(service)} -j DROP`],
    };
  });

const rejects = ({ who, chain, host }: Party): Kind =>
  filter(`${who}-rejects`, (draw) => {
    const service = draw.service(isTcp);
    const how = draw.one(['tcp-reset', 'icmp-port-unreachable', 'icmp-admin-prohibited']);
    return {
      host: host(draw),
      what: `rejects requests to ${nameOf(service)} with ${how}`,
      rules: [`${chain} ${to(service)} -j REJECT --reject-with ${how}`],
    };
  });

const limits = ({ who, chain, host }: Party): Kind =>
  filter(
    `${who}-limits-requests`,
    (draw) => {
      const [service, rate] = [draw.service(isTcp), draw.one(['6/minute', '30/minute'])];
      const opening = `${chain} ${to(service)} --syn`;
      return {
        host: host(draw),
        what: `lets only ${rate} new connections to ${nameOf(service)} through`,
        rules: [`${opening} -j DROP`, `${opening} -m limit --limit ${rate} --limit-burst 1 -j ACCEPT`],
      };
    },
    limited,
  );

const dropsSome = ({ who, chain, host }: Party): Kind =>
  filter(
    `${who}-drops-some`,
    (draw) => {
      const [service, share] = [draw.service(), draw.one([0.25, 0.4, 0.6])];
      return {
        host: host(draw),
        what: `drops a share of ${share} of the packets to ${nameOf(service)}`,
        rules: [`${chain} ${to(service)} -m statistic --mode random --probability ${share} -j DROP`],
      };
    },
    limited,
  );

const dropsPorts = ({ who, chain, host }: Party): Kind =>
  filter(`${who}-drops-ports`, (draw) => {
    const service = draw.service(isTcp);
    const ports = draw.one(['20000:45000', '32768:48000']);
    return {
      host: host(draw),
      what: `drops requests from ports ${ports} to ${nameOf(service)}`,
      rules: [`${chain} ${to(service)} --sport ${ports} -j DROP`],
    };
  });

const dropsClient = filter('server-drops-client', (draw) => {
  const one = draw.host('client');
  return {
    host: draw.realServer(),
    what: `drops all from ${one.name}`,
    rules: [`INPUT -s ${one.ip} -j DROP`],
  };
});

const dropsForwarded = filter('director-drops-forwarded', (draw) => {
  const service = draw.service();
  return {
    host: draw.active(),
    what: `drops what it forwards of ${nameOf(service)}`,
    rules: [`OUTPUT ${to(service)} -j DROP`],
  };
});

const dropsVrrp = filter(
  'standby-drops-vrrp',
  (draw) => ({
    host: draw.one(draw.spec.director.vrrp ? draw.standby() : []),
    peer: draw.active(),
    what: 'drops VRRP advertisements',
    rules: ['INPUT -p 112 -j DROP'],
  }),
  /vrrp|advert|split|both|more than one|two directors|112/i,
);

const dropsArp: Kind = {
  name: 'server-drops-arp',
  family: 'filters',
  draw(draw) {
    const host = draw.realServer();
    return {
      hosts: [host],
      breaks: `${host.name} drops ARP requests for its RIP`,
      change: afterApply(() => on(host, `arptables -I INPUT -d ${host.ip} -j DROP`)),
      cause: /\bARP\b|arptables/i,
    };
  },
};

export const filters = [
  ...[server, director, router, client].map(dropsRequests),
  ...[server, router, client].map(dropsAnswers),
  ...[server, director, router].map(rejects),
  ...[server, director].map(limits),
  ...[server, director].map(dropsSome),
  dropsPorts(server),
  dropsClient,
  dropsForwarded,
  dropsVrrp,
  dropsArp,
];
