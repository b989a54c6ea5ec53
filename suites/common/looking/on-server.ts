import { forwardOf } from '../../../src/model/forwarding.ts';
import { addressBeside, hostsOf, type LabSpec, type ServiceSpec } from '../../../src/model/spec.ts';
import { interfacesOf } from '../../../src/model/topology.ts';
import { endpoint, isIpv6 } from '../../../src/util/ipv6.ts';
import { advice, on, toTellApart } from '../remedy.ts';
import { clientOf, count } from '../subjects.ts';
import type { LookedAt, Why } from './look.ts';

/** Why a real server does not answer, by what it does itself. */

export const withoutVip = (server: string, { vip }: ServiceSpec): Why => ({
  cause: `${server} does not have the VIP as a local address`,
  remedy: on(server, `ip addr add ${vip}/${isIpv6(vip) ? 128 : 32} dev lo`),
});

/** What the real server does with packets for the VIP, by its addresses, its own service and its way back. */
export function onServer(spec: LabSpec, service: ServiceSpec, one: LookedAt): Why | undefined {
  const { vip, port } = service;
  const { server, hasVip, local, listens } = one;
  // Behind a director that masquerades nobody has the VIP, and nothing can be asked there by it.
  if (forwardOf(service, server) === 'nat') return noRoute(one, addressBeside(clientOf(spec), vip));
  if (!hasVip) return withoutVip(server, service);
  if (local === 'refused' && listens)
    return {
      cause: `a filter on ${server} rejects packets to ${endpoint(vip, port)}: its service listens there, and a connection from ${server} itself is refused`,
      remedy: on(server, 'iptables -vnL', 'nft list ruleset'),
    };
  if (local === 'refused')
    return {
      cause: `a service on ${server} does not listen on the VIP`,
      remedy: [
        ...on(server, 'ss -ltn'),
        ...advice(
          `let the service listen on ${endpoint(vip, port)} or ${isIpv6(vip) ? '[::]' : '0.0.0.0'}:${port}`,
        ),
      ],
    };
  if (local !== undefined && /^\d+$/.test(local) && local !== '200')
    return {
      cause: `the service on ${server} listens on the VIP and answers HTTP ${local}`,
      remedy: [
        ...on(server, `curl -i http://${endpoint(vip, port)}/`),
        ...advice(`read the log of the service on ${server}`),
      ],
    };
  const away = noRoute(one, addressBeside(clientOf(spec), vip)) ?? throughDirector(spec, one);
  if (away) return away;
  if (local === 'silent')
    return {
      cause: `${server} drops or rejects packets to ${endpoint(vip, port)} itself: it gets no answer from there either, so a filter is on it${listens ? ', or the backlog of its service is full' : ''}`,
      remedy: toTellApart(on(server, 'iptables -vnL', 'nft list ruleset', 'ss -ltn')),
    };
  if (local === 'unanswered' || local === 'reset')
    return {
      cause: `the service on ${server} takes connections to the VIP and does not answer (${local})`,
      remedy: [
        ...on(server, `curl -i http://${endpoint(vip, port)}/`),
        ...advice(`read the log of the service on ${server}`),
      ],
    };
  if (one.reversePathDrops)
    return {
      cause: `the reverse path filter of ${server} drops what comes for the VIP (${count(one.reversePathDrops, 'packet')} while it was asked again): its way back to the client leaves by another interface than requests come in by`,
      remedy: [
        ...on(server, 'sysctl -a -r rp_filter', `ip route get ${clientOf(spec).ip} from ${vip}`),
        ...on(server, 'sysctl -w net.ipv4.conf.all.rp_filter=2'),
        ...advice('the larger of all and of the interface counts'),
      ],
    };
  return undefined;
}

export function noRoute({ server, route }: Pick<LookedAt, 'server' | 'route'>, ip: string): Why | undefined {
  // «Invalid argument» is about the source address: the VIP is not there.
  if (!/unreachable|no route|permission denied|prohibit/i.test(route)) return undefined;
  return {
    cause: `${server} has no route back to the client ${ip} (${route})`,
    remedy: [
      ...on(server, `ip route get ${ip}`, isIpv6(ip) ? 'ip -6 route show' : 'ip route show'),
      ...advice(`${server} needs a route to the client, as a rule the default route`),
    ],
  };
}

/** The way back leads to a director, for which an answer has a source of its own (fib_validate_source()). */
function throughDirector(spec: LabSpec, { server, route }: LookedAt): Why | undefined {
  const via = / via ([\d.]+)/.exec(route)?.[1];
  const director = hostsOf(spec, 'director').find((host) =>
    interfacesOf(spec, host).some(({ addresses }) => addresses.some((one) => one.startsWith(`${via}/`))),
  );
  if (via === undefined || !director) return undefined;
  const { name, ip } = clientOf(spec);
  return {
    cause: `${server} answers ${name} through ${director.name} (via ${via}), a director, which carries no answers back`,
    remedy: [
      ...on(server, `ip route get ${ip}`, isIpv6(ip) ? 'ip -6 route show' : 'ip route show'),
      ...advice(`the gateway of ${server} is a router that knows ${ip}, and no director`),
    ],
  };
}
