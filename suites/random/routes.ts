import { hostsOf } from '../../src/model/spec.ts';
import { isOnLan } from '../../src/model/topology.ts';
import { afterApply } from '../common/mutate.ts';
import { type Draw, dev, type Kind, on } from './kind.ts';

const noWay = /no route|routes?\b|gateway|way back|unreachable|blackhole|prohibit/i;

const refusals = ['blackhole', 'unreachable', 'prohibit'] as const;

/** A real server that has a way out, and that way. */
function withGateway(from: Draw) {
  const server = from.one(hostsOf(from.spec, 'realServer').filter(({ gateway }) => gateway !== undefined));
  return { server, gateway: server.gateway ?? '' };
}

const noDefaultRoute: Kind = {
  name: 'no-default-route',
  family: 'routes',
  draw(from) {
    const { server } = withGateway(from);
    return {
      hosts: [server],
      breaks: `${server.name} has no default route`,
      change: afterApply(() => on(server, 'ip route del default')),
      cause: noWay,
    };
  },
};

const wrongGateway: Kind = {
  name: 'wrong-gateway',
  family: 'routes',
  draw(from) {
    const { server } = withGateway(from);
    const lan = hostsOf(from.spec, 'client').filter((host) => isOnLan(from.spec, host));
    const wrong = from.one([from.active(), ...lan]);
    return {
      hosts: [server],
      breaks: `${server.name} has ${wrong.name} for its gateway`,
      change: afterApply(() => on(server, `ip route replace default via ${wrong.ip}`)),
      cause: noWay,
    };
  },
};

const noWayToClient: Kind = {
  name: 'no-way-to-client',
  family: 'routes',
  draw(from) {
    const [server, client, type] = [from.realServer(), from.host('client'), from.one(refusals)];
    return {
      hosts: [server],
      breaks: `${server.name} has a route of type ${type} for ${client.name}`,
      change: afterApply(() => on(server, `ip route add ${type} ${client.ip}/32`)),
      cause: noWay,
    };
  },
};

const noWayToServer: Kind = {
  name: 'no-way-to-server',
  family: 'routes',
  draw(from) {
    const [director, server, type] = [from.active(), from.realServer(), from.one(refusals)];
    return {
      hosts: [director],
      breaks: `${director.name} has a route of type ${type} for ${server.name}`,
      change: afterApply(() => on(director, `ip route add ${type} ${server.ip}/32`)),
      cause: noWay,
    };
  },
};

const noWayToVip: Kind = {
  name: 'no-way-to-vip',
  family: 'routes',
  draw(from) {
    const [host, type, { vip }] = [from.host('client', 'router'), from.one(refusals), from.service()];
    return {
      hosts: [host],
      breaks: `${host.name} has a route of type ${type} for the VIP`,
      change: afterApply(() => on(host, `ip route add ${type} ${vip}/32`)),
      cause: noWay,
    };
  },
};

const policyRule: Kind = {
  name: 'policy-rule',
  family: 'routes',
  draw(from) {
    const [server, { vip }] = [from.realServer(), from.service()];
    const type = from.one(refusals);
    return {
      hosts: [server],
      breaks: `${server.name} has a policy rule that sends what comes from the VIP to a table with a ${type} route`,
      change: afterApply(() =>
        on(server, `ip route add ${type} default table 77`, `ip rule add from ${vip} lookup 77 priority 100`),
      ),
      cause: new RegExp(`${noWay.source}|policy|ip rule`, 'i'),
    };
  },
};

const narrowRoute: Kind = {
  name: 'narrow-route',
  family: 'mtu',
  draw(from) {
    const [director, server, bytes] = [from.active(), from.realServer(), from.one([600, 900, 1200])];
    return {
      hosts: [director, server],
      breaks: `the route of ${director.name} to ${server.name} has an MTU of ${bytes}`,
      change: afterApply(() =>
        on(director, `ip route add ${server.ip}/32 dev ${dev(director)} mtu lock ${bytes}`),
      ),
      cause: /\bMTU\b|fragment|narrow|large/i,
    };
  },
};

export const routes = [
  noDefaultRoute,
  wrongGateway,
  noWayToClient,
  noWayToServer,
  noWayToVip,
  policyRule,
  narrowRoute,
];
