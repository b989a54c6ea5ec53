import { type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { isTemplate } from '../../src/probe/ipvs-state.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { endpoint, formatIpv6, parseIpv6 } from '../../src/util/ipv6.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { everyHost, on } from '../common/remedy.ts';
import { count, hostOnSegment, list } from '../common/subjects.ts';
import { clientAddresses6, maskBits, onStage6, patienceMs, ports } from './stage.ts';

interface Sticking {
  connections: { from: string; server: string | null }[];
  /** Client addresses of the templates, as the director has them. */
  templates: string[];
}

/** Networks that clients come from, clients of each, and connections of each client. */
const most = { groups: 4, clients: 3, connections: 2 };

/** The address with all bits behind the mask cleared. */
export function network6(address: string, bits: number): string {
  const groups = parseIpv6(address) ?? [];
  return formatIpv6(
    groups.map((group, i) => group & (0xffff << (16 - Math.min(16, Math.max(0, bits - 16 * i)))) & 0xffff),
  );
}

/** Clients of some networks, those of one after those of the other. */
function clientsOf(spec: LabSpec): string[] {
  const byNetwork = new Map<string, string[]>();
  for (const address of clientAddresses6(spec)) {
    const network = network6(address, maskBits);
    byNetwork.set(network, [...(byNetwork.get(network) ?? []), address]);
  }
  return [...byNetwork.values()]
    .filter((clients) => clients.length > 1)
    .slice(0, most.groups)
    .flatMap((clients) => clients.slice(0, most.clients));
}

const service = (spec: LabSpec): string => endpoint(vipsOf(spec)[0] ?? '', ports.masked);

/** As PST-02 for IPv4; the mask is a prefix length. */
export const networksStick6 = functional<Sticking>({
  ...onStage6,
  id: 'PST-02@ipv6',
  level: 'must',
  title: 'IPv6: with a mask all clients of one network share a real server',
  requirement: `With -M ${maskBits} clients of one /${maskBits} go to one real server, and their one template has the address of the network.`,
  source: 'ipvsadm(8) --netmask; Linux ip_vs_sched_persist(), ipv6_addr_prefix()',
  needs: ['capture', 'inject', 'director', 'ipvs', 'severalRealServers'],
  mutants: [
    {
      id: 'host-mask',
      breaks: 'the mask was left out: every client is a network of its own',
      change: onDirectors((spec) => `ipvsadm -E -t ${service(spec)} -s rr -p 300 -M 128`),
      reason: /clients of .* reached rs.* and rs/,
    },
    {
      id: 'not-persistent',
      breaks: 'the service was added without -p',
      change: onDirectors((spec) => `ipvsadm -E -t ${service(spec)} -s rr`),
      reason: /clients of .* reached rs.* and rs/,
    },
  ],
  async observe({ lab, evidence }) {
    const vip = vipsOf(lab.spec)[0] ?? '';
    const from = clientsOf(lab.spec).flatMap((cip) => Array<string>(most.connections).fill(cip));
    const prober = await proberOn(lab, hostOnSegment(lab.spec).name);
    const answers = await prober.requests(
      { ip: vip, port: ports.masked },
      { count: from.length, from, timeoutMs: patienceMs },
    );
    const host = lab.host(await activeDirector(lab, vip));
    const entries = await ipvs.connections(host);
    await evidence.save('connections.txt', await ipvs.text(host));
    return {
      connections: from.map((address, i) => ({ from: address, server: answers[i]?.server ?? null })),
      templates: entries.filter((one) => one.vport === ports.masked && isTemplate(one)).map(({ cip }) => cip),
    };
  },
  judge({ connections, templates }, { spec }) {
    const networks = [...new Set(connections.map(({ from }) => network6(from, maskBits)))];
    const expected = `clients of each of ${count(networks.length, 'network')} on one real server, with a template of the network`;
    if (connections.length === 0 || connections.some(({ server }) => server === null))
      return inconclusive(expected, 'not every connection was answered');
    const remedy = on(
      everyHost(spec, 'director'),
      `ipvsadm -E -t ${service(spec)} -s rr -p 300 -M ${maskBits}`,
    );
    for (const network of networks) {
      const own = connections.filter(({ from }) => network6(from, maskBits) === network);
      const servers = new Set(own.map(({ server }) => server ?? ''));
      if (servers.size > 1)
        return fail(expected, `clients of ${network}/${maskBits} reached ${list(servers)}`, {
          cause: 'the service is not persistent, or has another mask',
          remedy,
        });
    }
    const kept = templates.toSorted();
    if (kept.join() !== networks.toSorted().join())
      return fail(expected, `the templates are of ${list(kept)}, not of ${list(networks)}`, {
        cause: 'the director keeps no template for these clients, or one with another mask',
        remedy,
      });
    return pass(expected, `${connections.length} connections were, with ${count(kept.length, 'template')}`);
  },
});
