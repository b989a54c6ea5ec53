import { check } from '../../../src/model/check.ts';
import type { Host } from '../../../src/model/host.ts';
import { deviceOf, type HostSpec, hostsOf, type LabSpec, vipsOf } from '../../../src/model/spec.ts';
import { addressesOf } from '../../../src/probe/neighbour.ts';
import { runProgram } from '../../../src/programs/index.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { afterApply } from '../../common/mutate.ts';
import { advice, on } from '../../common/remedy.ts';
import { list } from '../../common/subjects.ts';
import { once } from '../../common/vantages.ts';

interface Sources {
  directors: {
    name: string;
    /** Where datagrams of its own to each real server come from; `-` where there is no way. */
    to: { server: string; rip: string; source: string }[];
    /** For the first real server to which that is a VIP: the route there, and how the director has the VIP. */
    look?: Look;
  }[];
}

interface Look {
  route: string;
  byKernel: boolean;
  vip: string;
  device: string;
  prefixLength: number;
}

const mostServers = 16;

/** Linux fib_info_update_nhc_saddr(): the preferred source of the route, else the first address of its interface. */
export const directorsUseTheirOwn = check<Sources>({
  id: 'RP-09',
  suite: 'path',
  level: 'must',
  title: 'what a director itself sends to real servers comes from its own address, not from the VIP',
  requirement:
    'A real server has the VIP, too, so it answers a health check that comes from the VIP to itself, and the director never hears of it.',
  source: 'ip-route(8) src; Linux fib_info_update_nhc_saddr(), fib_add_ifaddr(); keepalived.conf(5) bindto',
  needs: ['director'],
  vantages: once('it goes from each director to each real server, and no client has a part in it'),
  mutants: [
    {
      id: 'route-prefers-vip',
      breaks: 'a route of every director names the VIP as preferred source',
      change: onEach((vip, { prefixLength }, device, { base }) => [
        `ip addr replace ${vip}/32 dev ${device}`,
        `ip route replace ${base}/${prefixLength} dev ${device} scope link src ${vip}`,
      ]),
      reason: /sends to rs1.* from .*a route of d1 has the VIP/s,
    },
    {
      id: 'vip-with-lan-prefix',
      breaks: 'every director has the VIP with the prefix of the LAN, in front of its own address',
      change: onEach((vip, { ip, prefixLength }, device) => [
        `ip -4 addr flush dev ${device}`,
        `ip addr add ${vip}/${prefixLength} dev ${device}`,
        `ip addr add ${ip}/${prefixLength} dev ${device}`,
      ]),
      reason: /sends to rs1.* from .*d1 has the VIP as .*\/16/s,
    },
  ],
  async observe({ lab }) {
    const { spec } = lab;
    const servers = hostsOf(spec, 'realServer').slice(0, mostServers);
    const vips = vipsOf(spec);
    const directors = hostsOf(spec, 'director').map(async ({ name }) => {
      const host = lab.host(name);
      const others = servers.filter((server) => server.name !== name);
      const rows = await runProgram(
        host,
        'own-sources',
        others.map(({ ip }) => ip),
      );
      const to = others.map(({ name: server, ip: rip }) => ({
        ...{ server, rip },
        source: rows.find(([address]) => address === rip)?.[1] ?? '-',
      }));
      const fromVip = to.find(({ source }) => vips.includes(source));
      return { name, to, ...(fromVip && { look: await lookAt(host, fromVip.rip, fromVip.source) }) };
    });
    return { directors: await Promise.all(directors) };
  },
  judge({ directors }, { spec }) {
    const expected = 'no director sends from the VIP';
    const vips = vipsOf(spec);
    const wrong = directors.flatMap((director) => {
      const to = director.to.filter(({ source }) => vips.includes(source));
      return to.length > 0 ? [{ ...director, to }] : [];
    });
    const [first] = wrong;
    if (first) {
      const seen = wrong.map(
        ({ name, to }) =>
          `${name} sends to ${list(to.map(({ server }) => server))} from ${list(to.map(({ source }) => source))}`,
      );
      return fail(expected, seen.join('; '), because(first));
    }
    const ways = directors.flatMap(({ name, to }) => to.map((one) => ({ ...one, name })));
    const none = ways
      .filter(({ source }) => source === '-')
      .map(({ name, server }) => `${name} to ${server}`);
    if (ways.length === 0) return inconclusive(expected, 'there is no way from a director to another host');
    if (none.length > 0) return inconclusive(expected, `there is no way from ${list(none)}`);
    return pass(
      expected,
      `${ways.length} of ${ways.length} ways from a director to a real server begin at its own address`,
    );
  },
});

/** Commands on every director, for the first VIP. */
function onEach(
  commands: (vip: string, director: HostSpec, device: string, network: LabSpec['network']) => string[],
) {
  return afterApply((spec) => {
    const [vip = ''] = vipsOf(spec);
    return hostsOf(spec, 'director')
      .map((director) => {
        const text = commands(vip, director, deviceOf(director), spec.network).join('; ');
        return `ip netns exec ${director.name} sh -ec '${text}'`;
      })
      .join('\n');
  });
}

async function lookAt(host: Host, rip: string, vip: string): Promise<Look> {
  const { stdout } = await host.exec(`ip -4 -o route show match ${rip}`);
  // The most specific comes last.
  const route = stdout.trim().split('\n').at(-1)?.trim() ?? '';
  const held = (await addressesOf(host)).find(({ address }) => address === vip);
  return {
    route: route.replace(/\s+/g, ' '),
    byKernel: / proto kernel /.test(`${route} `),
    vip,
    device: held?.device ?? '',
    prefixLength: held?.prefixLength ?? 32,
  };
}

function because({ name, to, look }: Sources['directors'][number]) {
  const rip = to[0]?.rip;
  if (look?.byKernel && look.prefixLength < 32) {
    const address = `${look.vip}/${look.prefixLength}`;
    return {
      cause: `${name} has the VIP as ${address} on ${look.device}, which makes a route to the segment of ${to[0]?.server} that begins at the VIP: ${look.route}`,
      remedy: on(
        name,
        // Without it the addresses behind the first one of a subnet go with it.
        `sysctl -w net.ipv4.conf.${look.device}.promote_secondaries=1`,
        `ip addr del ${address} dev ${look.device}`,
        `ip addr add ${look.vip}/32 dev ${look.device}`,
        `ip route get ${rip}`,
      ),
    };
  }
  if (look?.route.includes(` src ${look.vip}`))
    return {
      cause: `a route of ${name} has the VIP for its source: ${look.route}`,
      remedy: [
        ...on(name, `ip route get ${rip}`),
        ...advice(`write the route without src, or with an address that is ${name}'s own`),
      ],
    };
  return {
    cause: `${name} prefers the VIP as source; a rule of another routing table, a translation of addresses or the order of its addresses can do that`,
    remedy: on(
      name,
      `ip route get ${rip}`,
      'ip rule show',
      'ip -4 addr show',
      'nft list ruleset',
      'iptables -t nat -S',
    ),
  };
}
