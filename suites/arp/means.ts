import { check } from '../../src/model/check.ts';
import { elsewhere } from '../../src/model/free-addresses.ts';
import { hostsOf, type LabSpec, type ServiceSpec, vipsOf } from '../../src/model/spec.ts';
import { NotInLab } from '../../src/util/errors.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { afterApply } from '../common/mutate.ts';
import { on } from '../common/remedy.ts';
import { type Change, expectNoMasquerading, firstServers, oneIpvsDirector, stage } from '../common/stages.ts';
import { hostOnSegment, list } from '../common/subjects.ts';
import { type Effect, effectOf, unseen, wrongs } from './effect.ts';

/*
 * One lab, three real servers, each silent by another means than arp_ignore=1 and arp_announce=2:
 *
 *   rs1  VIP in the subnet    arptables: who-has VIP dropped, the VIP as sender replaced by the RIP
 *   rs2  VIP in the subnet    VIP of scope host on lo, arp_ignore=3, arp_announce=2
 *   rs3  VIP in another one   arp_ignore=1 and arp_announce=1, set on eth0 alone
 */

const onServer = (i: number, text: (rip: string, vip: string) => string): Change =>
  afterApply((spec) => {
    const server = hostsOf(spec, 'realServer')[i];
    return `ip netns exec ${server?.name} sh -ec '${text(server?.ip ?? '', vipsOf(spec)[0] ?? '')}'`;
  });

/** Without arptables the hook does nothing; the check then lacks a capability and says so. */
const arptables = (rules: (rip: string, vip: string) => string[]): Change =>
  onServer(
    0,
    (rip, vip) =>
      `command -v arptables-legacy >/dev/null || exit 0\n${rules(rip, vip)
        .map((rule) => `arptables-legacy ${rule}`)
        .join('\n')}`,
  );

const dropAsked = (vip: string) => `-A INPUT -d ${vip} -j DROP`;
const replaceSender = (rip: string, vip: string) => `-A OUTPUT -s ${vip} -j mangle --mangle-ip-s ${rip}`;

const scoped = (scope: 'host' | 'global'): Change =>
  onServer(1, (_, vip) => `ip addr del ${vip}/32 dev lo; ip addr add ${vip}/32 dev lo scope ${scope}`);

function splitServices(spec: LabSpec): LabSpec {
  expectNoMasquerading(spec);
  const [vip] = vipsOf(spec);
  const [one, two, three] = hostsOf(spec, 'realServer').map(({ name }) => name);
  if (vip === undefined || !one || !two || !three) throw new NotInLab('three real servers and a VIP');
  if (vip.startsWith('198.19.')) throw new NotInLab(`the VIP ${vip} is where another one has to be`);
  const service = (address: string, names: string[]): ServiceSpec => ({
    vip: address,
    port: 80,
    protocol: 'tcp',
    scheduler: 'rr',
    forward: 'dr',
    persistenceS: 0,
    realServers: names.map((name) => ({ name, weight: 1 })),
  });
  return { ...spec, services: [service(vip, [one, two]), service(elsewhere.vip, [three])] };
}

/** By place in the lab: the settings of rs1, rs2 and rs3. */
const settings = (...each: { ignore: number; announce: number; where: 'all' | 'eth0' }[]): Change => {
  const of = (i: number) => {
    const { ignore, announce, where } = each[i] ?? { ignore: 1, announce: 2, where: 'all' };
    const other = where === 'all' ? 'eth0' : 'all';
    return {
      [`net.ipv4.conf.${where}.arp_ignore`]: `${ignore}`,
      [`net.ipv4.conf.${where}.arp_announce`]: `${announce}`,
      [`net.ipv4.conf.${other}.arp_ignore`]: '0',
      [`net.ipv4.conf.${other}.arp_announce`]: '0',
    };
  };
  return (spec) => {
    const changed = structuredClone(spec);
    for (const [i, host] of hostsOf(changed, 'realServer').entries()) Object.assign(host.sysctls, of(i));
    return changed;
  };
};

const parts = {
  settings: settings(
    { ignore: 0, announce: 0, where: 'all' },
    { ignore: 3, announce: 2, where: 'all' },
    { ignore: 1, announce: 1, where: 'eth0' },
  ),
  arptables: arptables((rip, vip) => [dropAsked(vip), replaceSender(rip, vip)]),
  scope: scoped('host'),
};

const clientRoute: Change = afterApply(
  (spec) => `ip -n ${hostOnSegment(spec).name} route add ${elsewhere.vip}/32 dev eth0`,
);

const lab = [oneIpvsDirector, firstServers(3), splitServices, clientRoute] as const;
const otherMeans = stage(
  'other-means',
  'one director set with ipvsadm; each real server is silent by another means: arptables, scope host, a VIP in another subnet',
  ...lab,
  parts.settings,
  parts.arptables,
  parts.scope,
);

/** The lab of the stage with one means done wrong: what the last hook or setting says wins. */
const instead =
  (...changes: Change[]): Change =>
  (spec) =>
    changes.reduce((broken, change) => change(broken), spec);

/** Silence is judged by its effect, so that nobody who does it otherwise is called wrong. */
export const otherMeansWork = check<Effect>({
  id: 'ARP-07',
  suite: 'arp',
  level: 'should',
  title: 'other means of silence work too: arptables, scope host, a VIP in another subnet',
  requirement:
    'A real server may be silenced for the VIP by any means that works: only the director answers, no host is redirected, every real server serves.',
  source: 'LVS-HOWTO, ARP problem; arptables(8); Linux ip-sysctl.rst (arp_ignore 3, arp_announce 1)',
  needs: ['capture', 'inject', 'director', 'directClient', 'arptables'],
  stage: otherMeans,
  mutants: [
    {
      id: 'arptables-answers-only',
      breaks: 'arptables drops requests for the VIP, but lets rs1 name it as sender',
      change: instead(arptables((rip, vip) => [`-D OUTPUT -s ${vip} -j mangle --mangle-ip-s ${rip}`])),
      reason: /rs1 .*asks with a VIP as sender/,
    },
    {
      id: 'scope-global',
      breaks: 'arp_ignore=3 while the VIP of rs2 has scope global',
      change: instead(scoped('global')),
      reason: /rs2 .*answers ARP/,
    },
    {
      id: 'elsewhere-announce-0',
      breaks: 'arp_announce=0 on rs3, whose VIP is in another subnet: only 1 looks at subnets',
      change: instead(
        settings(
          { ignore: 0, announce: 0, where: 'all' },
          { ignore: 3, announce: 2, where: 'all' },
          { ignore: 1, announce: 0, where: 'eth0' },
        ),
      ),
      reason: /rs3 .*asks with a VIP as sender/,
    },
  ],
  observe: ({ lab: { spec }, lab, evidence }) =>
    effectOf(lab, evidence, {
      client: hostOnSegment(spec).name,
      requester: hostOnSegment(spec),
      services: spec.services,
    }),
  judge(effect, { spec }) {
    const names = hostsOf(spec, 'realServer').map(({ name }) => name);
    const expected = `only ${list(effect.vips.flatMap((one) => one.holders))} answers for ${list(effect.vips.map((one) => one.vip))}; ${list(names)} serve`;
    const bad = wrongs(effect, spec);
    const lost = effect.servers.filter((server) => server.startsWith('?')).length;
    const [first] = bad;
    if (first)
      return fail(expected, list(bad.map((one) => one.seen)), {
        cause: `the means that ${first.host} uses does not silence it`,
        remedy: on(first.host, 'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2'),
      });
    const missing = unseen(effect);
    if (missing !== undefined) return inconclusive(expected, missing);
    const serving = list(effect.servers);
    if (lost > 0 || names.some((name) => !effect.servers.includes(name)))
      return fail(expected, `${effect.servers.length} requests were answered by ${serving}`, {
        cause:
          'a real server is silenced so completely that it cannot resolve any host, or it does not have its VIP',
        remedy: on(names, 'arptables-legacy -L -n', 'ip addr show', 'ip neigh show'),
      });
    return pass(
      expected,
      `${effect.servers.length} requests answered by ${serving}, no ARP from a real server`,
    );
  },
});
