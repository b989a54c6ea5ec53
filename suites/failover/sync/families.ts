import { check } from '../../../src/model/check.ts';
import { bothFamilies } from '../../../src/model/family.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { deviceOf, hostsOf, type LabSpec, vipsOf } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import * as ipvs from '../../../src/probe/ipvs.ts';
import { flushNeighbours } from '../../../src/probe/neighbour.ts';
import { isIpv6 } from '../../../src/util/ipv6.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { advice, everyHost, on } from '../../common/remedy.ts';
import { firstServers, services, stage } from '../../common/stages.ts';
import { clientOf } from '../../common/subjects.ts';
import { onOwnHosts, serviceAt } from '../../common/tables.ts';
import { beside, onIpv6 } from '../../ipv6/stage.ts';
import { directorsOf, onBoth, onDirector, syncId, twoDirectors } from './stage.ts';
import { type Said, saidBy, takenOver, wordsOf } from './takeover.ts';
import { knownOf } from './waiting.ts';

const ports = { plain: 80, marked: 88, six: 86 } as const;
const mark = 88;

/** One service of the stage gets an IPv6 VIP; the others stay. */
function oneIsIpv6(spec: LabSpec): LabSpec {
  const { hosts } = onIpv6(spec);
  const six = spec.services.map((service) =>
    service.port === ports.six ? { ...service, vip: beside(service.vip) } : service,
  );
  return { ...spec, hosts, services: six };
}

/** Linux ip_vs_service_find() looks for a service of the mark first, so that takes what is for this port. */
const withMark = (spec: LabSpec): LabSpec => {
  const [vip = ''] = vipsOf(spec);
  const servers = hostsOf(spec, 'realServer').map(({ ip }) => `ipvsadm -a -f ${mark} -r ${ip} -g`);
  return onBoth(
    [
      `iptables-legacy -t mangle -A PREROUTING -d ${vip} -p tcp --dport ${ports.marked} -j MARK --set-mark ${mark}`,
      `ipvsadm -A -f ${mark} -s rr`,
      ...servers,
    ].join('; '),
  )(spec);
};

const families = stage(
  'sync-families',
  'two directors set with ipvsadm, with sync daemons; one service on IPv6, one by firewall mark; VIPs are moved by hand',
  onOwnHosts,
  twoDirectors,
  firstServers(3),
  services({ port: ports.plain }, { port: ports.marked }, { port: ports.six }),
  oneIsIpv6,
  (spec) => ({ ...spec, director: { kind: 'ipvsadm', sync: { id: syncId } } }),
  withMark,
);

interface Families {
  kinds: { name: string; known: number; before: Said[]; after: Said[] }[];
  /** Entries of the service by mark on the active director: it did take them. */
  byMark: number;
}

const names = { [ports.six]: 'IPv6', [ports.marked]: 'firewall mark' } as const;

/** Runs this while the standby has the IPv6 VIP; neighbours have to ask again. */
async function withVip6<T>(lab: Lab, work: () => Promise<T>): Promise<T> {
  const { active, standby } = directorsOf(lab.spec);
  const vip = vipsOf(lab.spec).find(isIpv6) ?? '';
  const move = async (from: typeof active, to: typeof active): Promise<void> => {
    await lab.host(from.name).exec(`exec ip -6 addr del ${vip}/128 dev ${deviceOf(from)}`);
    await lab.host(to.name).exec(`exec ip -6 addr replace ${vip}/128 dev ${deviceOf(to)} nodad`);
    await flushNeighbours([lab.host(clientOf(lab.spec).name)], 6);
  };
  await move(active, standby);
  try {
    return await work();
  } finally {
    await move(standby, active);
  }
}

/** Connections that the real servers of the mark have, by /proc/net/ip_vs: weight, active, inactive. */
function takenByMark(table: string): number {
  const [, own = ''] = table.split(/^FWM .*$/m);
  const rows = own.split('\n').slice(1);
  const end = rows.findIndex((row) => !row.trim().startsWith('->'));
  return rows
    .slice(0, end < 0 ? rows.length : end)
    .map((row) => row.trim().split(/\s+/).slice(-2).map(Number))
    .reduce((sum, [active = 0, inactive = 0]) => sum + active + inactive, 0);
}

/** Linux ip_vs_sync.c: messages of version 1 have IPv6 addresses and marks. */
export const familiesSurvive = check<Families>({
  id: 'SYN-12',
  suite: 'failover',
  level: 'should',
  title: 'connections by IPv6 and by firewall mark survive a failover, too',
  requirement:
    'With sync daemons, connections to an IPv6 VIP and to a service by firewall mark go on with their real servers on the director that takes over.',
  source: 'Linux ip_vs_sync.c (sync_version 1); ipvsadm(8) -f',
  needs: ['ipvs', 'director', 'inject', 'iptables', 'directClient'],
  stage: families,
  families: bothFamilies,
  mutants: [
    {
      id: 'no-backup-daemon',
      breaks: 'the standby runs no backup sync daemon',
      change: onDirector('standby', 'ipvsadm --stop-daemon backup'),
      reason: /IPv6: .* then reset reset reset .*firewall mark: .* then reset reset reset/,
    },
  ],
  async observe({ lab, evidence, note }) {
    const { active, standby } = directorsOf(lab.spec);
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const held = await Promise.all(
      [ports.six, ports.marked].map(async (port) => {
        const { vip } = serviceAt(lab.spec, port);
        return { port, held: await prober.hold({ ip: vip, port }, { count: 3 }) };
      }),
    );
    try {
      note(`waiting until ${standby.name} knows of the connections`);
      const known: number[] = [];
      for (const { port, held: one } of held) {
        const wanted = saidBy(one.answers).map((said) => said.port);
        known.push((await knownOf(lab, standby, port, wanted)).length);
      }
      const { stdout } = await lab.host(active.name).exec('exec cat /proc/net/ip_vs');
      await evidence.save(`ipvs-${standby.name}.txt`, await ipvs.text(lab.host(standby.name)));
      note(`${standby.name} takes the VIPs over`);
      const after = await takenOver(lab, () =>
        withVip6(lab, () => Promise.all(held.map(async ({ held: one }) => saidBy(await one.ask(4_000))))),
      );
      return {
        kinds: held.map(({ port, held: one }, i) => ({
          name: names[port as keyof typeof names],
          known: known[i] ?? 0,
          before: saidBy(one.answers),
          after: after[i] ?? [],
        })),
        byMark: takenByMark(stdout),
      };
    } finally {
      await Promise.all(held.map(({ held: one }) => one.close()));
    }
  },
  judge({ kinds, byMark }, { spec }) {
    const { standby } = directorsOf(spec);
    const expected = `connections of both kinds are answered by the same real servers through ${standby.name}`;
    const seen = kinds
      .map(
        (one) =>
          `${one.name}: ${wordsOf(one.before)}, then ${wordsOf(one.after)} (${standby.name} knew of ${one.known} of ${one.before.length})`,
      )
      .join('; ');
    if (byMark === 0)
      return inconclusive(expected, `no connection was taken by the service of the mark; ${seen}`);
    if (kinds.some(({ before }) => before.length === 0 || before.some(({ server }) => server === undefined)))
      return inconclusive(expected, `before the failover: ${seen}`);
    if (kinds.every(({ before, after }) => after.every(({ server }, i) => server === before[i]?.server)))
      return pass(expected, seen);
    return fail(expected, seen, {
      cause: `${standby.name} was not told of them: sync daemons, or sync_version 0, which has neither IPv6 nor marks`,
      remedy: [
        ...on(
          everyHost(spec, 'director'),
          'ipvsadm -L --daemon',
          'sysctl net.ipv4.vs.sync_version',
          'ipvsadm -Sn',
        ),
        ...advice('both need the same services, also that of the mark'),
      ],
    });
  },
});
