import { check } from '../../../src/model/check.ts';
import { hostsOf, vipsOf } from '../../../src/model/spec.ts';
import { addressesOf } from '../../../src/probe/neighbour.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { drAlone, withVip } from '../../common/methods.ts';
import { afterApply, firstServer, nameOfFirst } from '../../common/mutate.ts';
import { advice, on } from '../../common/remedy.ts';
import { list, observerOf } from '../../common/subjects.ts';
import { once } from '../../common/vantages.ts';

interface Prefixes {
  vips: { host: string; vip: string; device: string; prefixLength: number }[];
}

/** Linux fib_frontend.c, fib_add_ifaddr(): on loopback the whole prefix becomes local. */
export const vipHasHostPrefix = check<Prefixes>({
  id: 'VIP-02',
  suite: 'path',
  level: 'must',
  title: 'the VIP on a real server has the prefix length 32',
  requirement: 'With a shorter prefix on lo the real server takes the whole subnet for itself.',
  source: 'Linux fib_add_ifaddr(); LVS-HOWTO, LVS-DR',
  forwards: withVip,
  needs: ['director'],
  vantages: once('it looks at the addresses of the real servers, all VIPs at once'),
  mutants: [
    {
      id: 'prefix-24',
      breaks: 'the VIP as /24 on lo of one real server',
      change: firstServer({ vipPrefixLength: 24 }),
      reason: /rs1 has .*\/24/,
    },
  ],
  async observe({ lab }) {
    const wanted = vipsOf(lab.spec);
    const perHost = await Promise.all(
      hostsOf(lab.spec, 'realServer').map(async ({ name }) =>
        (await addressesOf(lab.host(name)))
          .filter((one) => wanted.includes(one.address))
          .map((one) => ({
            host: name,
            vip: one.address,
            device: one.device,
            prefixLength: one.prefixLength,
          })),
      ),
    );
    return { vips: perHost.flat() };
  },
  judge({ vips }) {
    const expected = 'each VIP with /32';
    if (vips.length === 0) return inconclusive(expected, 'no real server has a VIP as address');
    const wide = vips.filter((one) => one.prefixLength !== 32);
    if (wide.length === 0) return pass(expected, `${vips.length} addresses, all /32`);
    const [first] = wide;
    return fail(
      expected,
      list(wide.map((one) => `${one.host} has ${one.vip}/${one.prefixLength} on ${one.device}`)),
      {
        cause: `${first?.host} believes that all of ${first?.vip}/${first?.prefixLength} is its own`,
        remedy: on(
          first?.host ?? [],
          `ip addr del ${first?.vip}/${first?.prefixLength} dev ${first?.device}`,
          `ip addr add ${first?.vip}/32 dev lo`,
        ),
      },
    );
  },
});

interface Routes {
  director: string;
  routes: { host: string; rip: string; route: string }[];
}

/** DR only replaces the MAC: a router in between would route by the VIP, back to the director. */
export const realServersOnLink = check<Routes>({
  id: 'TOP-01',
  suite: 'path',
  level: 'must',
  title: 'every real server is on the segment of the director',
  requirement: 'The director reaches each RIP that it forwards to by DR without a router in between.',
  source: 'LVS-HOWTO, LVS-DR; Linux __ip_vs_get_out_rt()',
  forwards: drAlone,
  needs: ['director'],
  vantages: once('it is about the routes of the director'),
  mutants: [
    {
      id: 'behind-a-router',
      breaks: 'the director has a route to one real server through another host',
      change: afterApply((spec) => {
        const rip = hostsOf(spec, 'realServer')[0]?.ip;
        const via = observerOf(spec).ip;
        return hostsOf(spec, 'director')
          .map(({ name }) => `ip -n ${name} route add ${rip}/32 via ${via} dev eth0`)
          .join('\n');
      }),
      reason: /rs1 through/,
    },
  ],
  async observe({ lab }) {
    const director = nameOfFirst(lab.spec, 'director');
    const names = new Set(
      lab.spec.services.flatMap(({ realServers }) => realServers.map(({ name }) => name)),
    );
    const servers = hostsOf(lab.spec, 'realServer').filter(({ name }) => names.has(name));
    const script = servers.map((server) => `ip -o route get ${server.ip}`).join('; ');
    const { stdout } = await lab.host(director).exec(script);
    const lines = stdout.trim().split('\n');
    return {
      director,
      routes: servers.map((server, index) => ({
        host: server.name,
        rip: server.ip,
        route: lines[index] ?? '',
      })),
    };
  },
  judge({ director, routes }) {
    const expected = `${director} reaches each RIP directly`;
    if (routes.length === 0 || routes.some((one) => !one.route.startsWith(one.rip)))
      return inconclusive(expected, 'a route could not be read');
    const routed = routes.flatMap(({ host, rip, route }) => {
      const via = / via (\S+)/.exec(route)?.[1];
      return via === undefined ? [] : [{ host, rip, via }];
    });
    if (routed.length === 0) return pass(expected, `${routes.length} of ${routes.length} without a gateway`);
    const [first] = routed;
    return fail(
      expected,
      `${director} reaches ${list(routed.map((one) => `${one.host} through ${one.via}`))}`,
      {
        cause: `${first?.host} is behind a router, which would send packets for the VIP back to the director`,
        remedy: [
          ...on(director, `ip route del ${first?.rip}/32`),
          ...advice(`put ${first?.host} on the segment of the director`),
        ],
      },
    );
  },
});
