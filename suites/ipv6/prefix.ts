import { hostsOf } from '../../src/model/spec.ts';
import { proberOn } from '../../src/probe/client/prober.ts';
import { type Address, addressesOf } from '../../src/probe/neighbour.ts';
import { functional } from '../common/coassert.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { on } from '../common/remedy.ts';
import { hostOnSegment6, list, realServersOf, serviceOf } from '../common/subjects.ts';
import { own6 } from './own.ts';
import { address6, onStage6, patienceMs } from './stage.ts';

interface Prefixes {
  vip: string;
  servers: { host: string; vip: Address[] }[];
  tried: number;
  answered: number;
}

/** Unlike IPv4, Linux makes no local route of the prefix of an address on lo: a /64 is untidy and works. */
export const hostPrefix6 = functional<Prefixes>({
  ...onStage6,
  own: own6('tcp'),
  id: 'VIP-07',
  level: 'should',
  title: 'real servers have the IPv6 VIP as /128',
  requirement: 'The VIP is a host address on every real server: its prefix length is 128.',
  source: 'RFC 4291 §2.3; LVS-HOWTO; Linux add_addr() in addrconf.c',
  needs: ['capture', 'inject', 'director', 'ipvs'],
  mutants: [
    {
      id: 'prefix-64',
      breaks: 'the VIP of one real server with the prefix of the segment',
      change: (spec) => ({
        ...spec,
        hosts: spec.hosts.map((host) =>
          host.server && host.name === hostsOf(spec, 'realServer')[0]?.name
            ? { ...host, server: { ...host.server, vip6PrefixLength: 64 } }
            : host,
        ),
      }),
      reason: /\/64 on lo of rs1/,
    },
  ],
  async observe({ lab }) {
    const service = serviceOf(lab.spec, 'tcp');
    const { vip, port } = service;
    const hosts = realServersOf(lab.spec, service);
    const addresses = await Promise.all(hosts.map(({ name }) => addressesOf(lab.host(name), 6)));
    const client = hostOnSegment6(lab.spec);
    const prober = await proberOn(lab, client.name);
    const count = 2 * hosts.length;
    const answers = await prober.requests(
      { ip: vip, port },
      { count, parallel: count, localAddress: address6(client), timeoutMs: patienceMs },
    );
    return {
      vip,
      servers: hosts.map(({ name }, i) => ({
        host: name,
        vip: (addresses[i] ?? []).filter((one) => one.address === vip),
      })),
      tried: answers.length,
      answered: answers.filter((answer) => answer.ok).length,
    };
  },
  judge({ vip, servers, tried, answered }) {
    const expected = `${vip}/128 on every real server`;
    const all = servers.flatMap(({ host, vip: held }) => held.map((one) => ({ host, ...one })));
    if (servers.length === 0 || all.length < servers.length)
      return inconclusive(expected, 'not every real server has the VIP: see PP-17');
    const wide = all.filter((one) => one.prefixLength !== 128);
    const said = `${answered} of ${tried} requests answered`;
    if (wide.length === 0) return pass(expected, `it is, on ${list(all.map((one) => one.device))}; ${said}`);
    return fail(
      expected,
      `${list(wide.map((one) => `/${one.prefixLength} on ${one.device} of ${one.host}`))}; ${said}`,
      {
        cause: `the VIP was added with the prefix of the segment on ${list(wide.map((one) => one.host))}`,
        remedy: wide.flatMap((one) =>
          on(
            one.host,
            `ip addr del ${vip}/${one.prefixLength} dev ${one.device}`,
            `ip addr add ${vip}/128 dev lo`,
          ),
        ),
      },
    );
  },
});
