import { check } from '../../../src/model/check.ts';
import { deviceOf, hostSpec, hostsOf } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import { flap } from '../../common/flap.ts';
import { holders, onDummy, onServerAt } from '../../common/holders.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { advice, on } from '../../common/remedy.ts';
import { clientOf, list, serviceOf, targetOf } from '../../common/subjects.ts';

interface Ways {
  client: string;
  /** The interface by which each real server reaches the client. */
  servers: { host: string; before: string; after: string; served: number }[];
  answered: number;
}

/** Linux fib_trie.c: of two routes to one network with equal metric the first counts, and a flap reorders them. */
export const noSecondRoute = check<Ways>({
  id: 'VIP-03',
  suite: 'path',
  level: 'should',
  title: 'the VIP adds no second route to the segment',
  requirement:
    'A VIP with the prefix of the LAN on a dummy interface makes a second route to it, which works until the first one comes back after it.',
  source: 'Linux fib_add_ifaddr(), fib_table_insert(); catalogue VIP-03',
  needs: ['director', 'severalRealServers'],
  stage: holders,
  mutants: [
    {
      id: 'lan-prefix-on-dummy0',
      breaks: 'the VIP on dummy0 of one real server with the prefix of the LAN instead of /32',
      change: onServerAt(
        onDummy,
        (vip, prefixLength) =>
          `ip addr del ${vip}/32 dev dummy0; ip addr add ${vip}/${prefixLength} dev dummy0`,
      ),
      reason: /rs2 by eth0, after .* by dummy0/,
    },
  ],
  async observe({ lab, note }) {
    const service = serviceOf(lab.spec, 'tcp');
    const client = clientOf(lab.spec);
    const names = hostsOf(lab.spec, 'realServer').map(({ name }) => name);
    const ways = () =>
      Promise.all(
        names.map(async (name) => {
          const { stdout } = await lab.host(name).exec(`ip -o -4 route get ${client.ip}`);
          return / dev (\S+)/.exec(stdout)?.[1] ?? '';
        }),
      );
    const prober = await proberOn(lab, client.name);
    const before = await ways();
    note('the interfaces of the real servers go down and up');
    await flap(lab, names);
    const after = await ways();
    const answers = await prober.requests(targetOf(service), {
      count: 2 * names.length,
      timeoutMs: 2_000,
      parallel: 2,
    });
    return {
      client: client.name,
      servers: names.map((host, i) => ({
        host,
        before: before[i] ?? '',
        after: after[i] ?? '',
        served: answers.filter(({ server }) => server === host).length,
      })),
      answered: answers.filter(({ ok }) => ok).length,
    };
  },
  judge({ client, servers, answered }, { spec }) {
    const expected = `every real server reaches ${client} by its interface to the segment, before and after that goes down and up`;
    if (servers.some(({ before, after }) => before === '' || after === ''))
      return inconclusive(expected, `a real server has no route to ${client}`);
    const lan = (host: string) => deviceOf(hostSpec(spec, host));
    const wrong = servers.filter(({ host, before, after }) => before !== lan(host) || after !== lan(host));
    const [first] = wrong;
    if (first)
      return fail(
        expected,
        list(
          wrong.map(
            ({ host, before, after, served }) =>
              `${host} by ${before}, after the interface came back by ${after}, and served ${served} requests then`,
          ),
        ),
        {
          cause: `the VIP on ${first.after} of ${first.host} has the prefix of the LAN, so there are two routes to it`,
          remedy: [
            ...on(first.host, 'ip route show', 'ip addr show'),
            ...advice('give the VIP there the prefix length 32'),
          ],
        },
      );
    if (answered === 0) return inconclusive(expected, 'no request was answered after the flap');
    return pass(expected, `${list(servers.map(({ host, after }) => `${host} by ${after}`))}`);
  },
});
