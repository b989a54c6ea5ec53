import { hostsOf, type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { endpoint } from '../../src/util/ipv6.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { on } from '../common/remedy.ts';
import { hostOnSegment, list } from '../common/subjects.ts';
import { hashed6 } from './hash.ts';
import { address6, clientAddresses6, onStage6, patienceMs, ports } from './stage.ts';

interface Hashing {
  director: string;
  /** RIPs in the order of the kernel’s list, and its scheduler. */
  order: string[];
  scheduler: string;
  connections: { from: string; server: string | null }[];
}

const service = (spec: LabSpec): string => endpoint(vipsOf(spec)[0] ?? '', ports.hashed);

/** As SCH-09 for IPv4; only the words of the address are folded first. */
export const sourceHashing6 = functional<Hashing>({
  ...onStage6,
  id: 'SCH-09@ipv6',
  level: 'must',
  title: 'IPv6: sh puts every client address where its hash says',
  requirement:
    'A connection goes to the bucket of its source address, whose four words are folded into one, of 256 buckets that are distributed by weight in the order of the table.',
  source: 'Linux ip_vs_sh_hashkey(), hash_32(); ipvsadm(8)',
  needs: ['capture', 'inject', 'director', 'ipvs', 'severalRealServers'],
  mutants: [
    {
      id: 'rr',
      breaks: 'the service is scheduled with rr',
      change: onDirectors((spec) => `ipvsadm -E -t ${service(spec)} -s rr`),
      reason: /went elsewhere.*schedules .* with rr/,
    },
    {
      id: 'weight',
      breaks: 'the weight of one real server mistyped',
      change: onDirectors((spec) => {
        const [first] = hostsOf(spec, 'realServer');
        return `ipvsadm -e -t ${service(spec)} -r ${endpoint(first ? address6(first) : '', ports.hashed)} -g -w 3`;
      }),
      reason: /went elsewhere/,
    },
  ],
  async observe({ lab }) {
    const vip = vipsOf(lab.spec)[0] ?? '';
    const from = clientAddresses6(lab.spec);
    const prober = await proberOn(lab, hostOnSegment(lab.spec).name);
    const answers = await prober.requests(
      { ip: vip, port: ports.hashed },
      { count: from.length, parallel: 8, from, timeoutMs: patienceMs },
    );
    const director = await activeDirector(lab, vip);
    const host = lab.host(director);
    const rules = await ipvs.rules(host);
    return {
      director,
      order: await ipvs.order(host, { protocol: 'tcp', vip, port: ports.hashed }),
      scheduler: rules.find((rule) => rule.vip === vip && rule.port === ports.hashed)?.scheduler ?? 'none',
      connections: from.map((address, i) => ({ from: address, server: answers[i]?.server ?? null })),
    };
  },
  judge({ director, order, scheduler, connections }, { spec }) {
    const weights = spec.services.find(({ port }) => port === ports.hashed)?.realServers ?? [];
    const servers = order.flatMap((rip) => {
      const name = hostsOf(spec, 'realServer').find((host) => host.ip6?.address === rip)?.name;
      const server = weights.find((one) => one.name === name);
      return server ? [server] : [];
    });
    const should = hashed6(
      servers,
      connections.map((one) => one.from),
    );
    const expected = `sh with ${list(servers.map(({ name }) => name))}: every one of ${connections.length} addresses where its hash says`;
    if (connections.length === 0 || servers.length === 0)
      return inconclusive(expected, 'no connection was tried, or the service has no real server');
    const lost = connections.filter((one) => one.server === null).length;
    const wrong = connections.filter((one, i) => one.server !== null && one.server !== should[i]);
    if (wrong.length === 0 && lost > 0)
      return inconclusive(expected, `${lost} of ${connections.length} connections were not answered`);
    if (wrong.length === 0)
      return pass(expected, `${connections.length} addresses at ${list(should)}, as the hash says`);
    const [first] = wrong;
    const meant = should[connections.indexOf(first as (typeof connections)[number])];
    return fail(
      expected,
      `${wrong.length} of ${connections.length} addresses went elsewhere, such as ${first?.from} to ${first?.server}, not to ${meant}`,
      {
        cause:
          scheduler === 'sh'
            ? `weights of the table on ${director} are others than the lab’s, or a real server is missing`
            : `${director} schedules ${service(spec)} with ${scheduler}`,
        remedy: on(director, `ipvsadm -E -t ${service(spec)} -s sh`, 'ipvsadm -Ln'),
      },
    );
  },
});
