import { check, type Evidence, type Mutant } from '../../../src/model/check.ts';
import type { Host } from '../../../src/model/host.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { deviceOf } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import { onServerElsewhere } from '../../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { reversePathDropsIn } from '../../common/looking/reverse-path.ts';
import { advice, on } from '../../common/remedy.ts';
import { inStage } from '../../common/stages.ts';
import { clientOf, list, realServersOf, serviceOf, targetOf } from '../../common/subjects.ts';
import { everywhere } from '../../common/vantages.ts';
import { reversePathFilter, secondInterface, twoNics } from './nics.ts';

interface Filtered {
  asked: number;
  servers: {
    name: string;
    /** What counts: the larger of `all` and of the interface. 0 off, 1 strict, 2 loose. */
    filter: number;
    /** By how much IPReversePathFilter rose. */
    dropped: number;
    answered: number;
  }[];
}

const settings = (device: string): string =>
  `cat /proc/sys/net/ipv4/conf/all/rp_filter /proc/sys/net/ipv4/conf/${device}/rp_filter; cat /proc/net/netstat`;

async function filterOf(host: Host, device: string): Promise<{ filter: number; dropped: number }> {
  const [all, own, ...netstat] = (await host.exec(settings(device))).stdout.split('\n');
  return { filter: Math.max(Number(all), Number(own)), dropped: reversePathDropsIn(netstat.join('\n')) };
}

/** Two requests for each real server, and what their reverse path filters dropped meanwhile. */
async function filtered(lab: Lab, evidence: Evidence): Promise<Filtered> {
  const service = serviceOf(lab.spec, 'tcp');
  const servers = realServersOf(lab.spec, service).slice(0, 16);
  const look = () => Promise.all(servers.map((server) => filterOf(lab.host(server.name), deviceOf(server))));
  const prober = await proberOn(lab, clientOf(lab.spec).name);
  const before = await look();
  const answers = await prober.requests(targetOf(service), {
    count: Math.min(2 * service.realServers.length, 20),
    parallel: 4,
    timeoutMs: 800,
  });
  const after = await look();
  const seen = servers.map(({ name }, i) => ({
    name,
    filter: after[i]?.filter ?? Number.NaN,
    dropped: (after[i]?.dropped ?? Number.NaN) - (before[i]?.dropped ?? Number.NaN),
    answered: answers.filter((one) => one.server === name).length,
  }));
  await evidence.save('filters.json', JSON.stringify(seen, null, 2));
  return { asked: answers.length, servers: seen };
}

const strictOnTwo = (id: string, all: 0 | 1, eth0: 0 | 1): Mutant => ({
  id,
  breaks: `a real server answers through a second interface, and has rp_filter all=${all}, eth0=${eth0}`,
  change: (spec) => reversePathFilter(0, { all, eth0 })(secondInterface(0)(spec)),
  reason: /rs1 dropped [1-9].* strict/,
});

/** Where it was written down as JSON, what is no number is null. */
const uncounted = ({ dropped }: Filtered['servers'][number]): boolean => !Number.isFinite(dropped);

/** ip-sysctl.rst, rp_filter: strict asks whether the way to the source leaves by the interface it came in by. */
export const noReversePathDrops = check<Filtered>({
  id: 'RP-04',
  suite: 'path',
  level: 'must',
  title: 'no real server drops requests because of their path (rp_filter)',
  requirement:
    'Where the route back to the client uses an interface other than the one requests arrive on, the reverse path filter is off or loose (0 or 2), the larger of all and of the interface.',
  source: 'ip-sysctl.rst rp_filter; Linux fib_validate_source(); RFC 3704',
  needs: ['director'],
  presumes: ['vipAtDirector', 'framesToDirector'],
  vantages: everywhere('tcp'),
  follows: ['allServersAnswer'],
  mutants: [
    strictOnTwo('strict', 0, 1),
    strictOnTwo('strict-by-all', 1, 0),
    onServerElsewhere(
      {
        id: 'strict-for-one',
        breaks: 'a real server that filters strictly has a route to one client by another interface',
        reason: /rs1 dropped [1-9].* strict/,
      },
      (_, { ip }) =>
        `ip link add elsewhere type dummy; ip link set elsewhere up; ip route add ${ip}/32 dev elsewhere
         sysctl -qw net.ipv4.conf.all.rp_filter=1`,
    ),
  ],
  observe: ({ lab, evidence }) => filtered(lab, evidence),
  judge({ asked, servers }) {
    const expected = 'IPReversePathFilter stays as it is on each real server';
    if (asked === 0) return inconclusive(expected, 'no connection was tried');
    if (servers.some(uncounted))
      return inconclusive(expected, 'a real server does not show IPReversePathFilter');
    const answered = servers.reduce((sum, one) => sum + one.answered, 0);
    const dropping = servers.filter((one) => one.dropped > 0);
    const [first] = dropping;
    if (first) {
      const drops = dropping.map(
        (one) => `${one.name} dropped ${one.dropped} packets and answered ${one.answered} connections`,
      );
      return fail(expected, drops.join('; '), {
        cause: `the filter of ${first.name} is ${first.filter === 1 ? 'strict' : first.filter}, and its route back to the client uses another interface`,
        remedy: [
          ...on(first.name, 'sysctl -w net.ipv4.conf.all.rp_filter=2'),
          ...advice('the larger of all and of the interface counts'),
        ],
      });
    }
    if (answered === 0) return inconclusive(expected, 'no connection was answered');
    return pass(expected, `nothing dropped, ${answered} of ${asked} connections answered`);
  },
});

/** The control: two interfaces and a loose filter, set by `all`, while the interface says strict. */
export const looseFilterPasses = inStage(twoNics, noReversePathDrops);

/** No false alarm: strict is fine where there is one interface, the VIP on lo notwithstanding. */
export const strictIsFineOnOne = check<Filtered>({
  id: 'RP-05',
  suite: 'path',
  level: 'should',
  title: 'a real server with one interface may filter strictly',
  requirement: 'With the VIP on lo and one interface, rp_filter=1 drops no request.',
  source: 'ip-sysctl.rst rp_filter; Linux fib_validate_source()',
  needs: ['director', 'severalRealServers'],
  stage: twoNics,
  mutants: [
    {
      id: 'second-interface',
      breaks: 'the real server that filters strictly has a second interface, to the client',
      change: secondInterface(1),
      reason: /rs2 dropped [1-9]/,
    },
  ],
  observe: ({ lab, evidence }) => filtered(lab, evidence),
  judge({ servers }) {
    const strict = servers.filter((one) => one.filter === 1);
    const expected = `${list(strict.map((one) => one.name))}, which filters strictly, drops nothing and answers`;
    if (strict.length === 0) return inconclusive(expected, 'no real server filters strictly');
    if (strict.some(uncounted))
      return inconclusive(expected, 'a real server does not show IPReversePathFilter');
    const seen = strict
      .map((one) => `${one.name} dropped ${one.dropped} packets and answered ${one.answered} connections`)
      .join('; ');
    const dropping = strict.filter((one) => one.dropped > 0);
    if (dropping.length > 0)
      return fail(expected, seen, {
        cause: `${list(dropping.map((one) => one.name))} has a route to the client through another interface`,
        remedy: on(
          dropping.map((one) => one.name),
          'sysctl -w net.ipv4.conf.all.rp_filter=2',
        ),
      });
    if (strict.some((one) => one.answered === 0)) return inconclusive(expected, `none was asked; ${seen}`);
    return pass(expected, seen);
  },
});
