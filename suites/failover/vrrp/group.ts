import { check } from '../../../src/model/check.ts';
import { hostsOf, type LabSpec, vrrpInstancesOf } from '../../../src/model/spec.ts';
import { holdersOf } from '../../../src/probe/neighbour.ts';
import { NotInLab } from '../../../src/util/errors.ts';
import { until } from '../../../src/util/until.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { afterApply } from '../../common/mutate.ts';
import { advice } from '../../common/remedy.ts';
import { services, stage } from '../../common/stages.ts';
import { list } from '../../common/subjects.ts';
import { pause } from '../outage/load.ts';
import { vrrpFilter, wordsIn } from '../outage/vrrp-wire.ts';
import { instancesOf, reconfigured, vrrpPair } from './stage.ts';
import { vrrpTimes } from './times.ts';

/*
 *   d1: VI_1 tracks an interface ✗      only VI_1 has a reason to leave d1
 *       VI_2 ──────────────────── group: both leave, or none
 */

interface Together {
  before: { vip: string; holders: string[] }[];
  after: { vip: string; holders: string[] }[];
  /** First advertisement of the new master for each virtual router after the fault, from the first of them. */
  firstMs: (number | null)[];
}

const tracked = 'drlab-tracked';

const trackedByTheFirst = [
  afterApply((spec) =>
    hostsOf(spec, 'director')
      .map(
        ({ name }) => `ip -n ${name} link add ${tracked} type dummy && ip -n ${name} link set ${tracked} up`,
      )
      .join('\n'),
  ),
  reconfigured('both', `s/    virtual_router_id 51$/&\\n    track_interface {\\n        ${tracked}\\n    }/`),
];

const holding = (lab: Parameters<typeof holdersOf>[0]) =>
  Promise.all(
    vrrpInstancesOf(lab.spec).map(async ({ vips: [vip = ''] }) => ({
      vip,
      holders: await holdersOf(lab, vip),
    })),
  );

const bothWith = (syncGroup: boolean) => (spec: LabSpec) => ({
  syncGroup,
  advertMs: 500,
  instances: instancesOf(spec, [
    [150, 100],
    [150, 100],
  ]),
});

export const moveTogether = check<Together>({
  id: 'HA-06',
  suite: 'failover',
  level: 'must',
  title: 'virtual routers of a sync group move together',
  requirement:
    'When one instance of a vrrp_sync_group leaves a director, all of them do, so that no VIP is on a director that lacks another.',
  source: 'keepalived.conf(5) vrrp_sync_group',
  needs: ['capture', 'directorPair'],
  stage: stage(
    'vrrp-group',
    'two directors with keepalived and two VIPs in a sync group; the first instance tracks an interface',
    services({ port: 80 }),
    vrrpPair(bothWith(true)),
    ...trackedByTheFirst,
  ),
  mutants: [
    {
      id: 'no-group',
      breaks: 'the instances are in no group',
      change: (spec) => {
        const { vrrp } = spec.director;
        if (!vrrp) throw new NotInLab(`lab «${spec.name}» has no VRRP`);
        return { ...spec, director: { ...spec.director, vrrp: { ...vrrp, syncGroup: false } } };
      },
      reason: /on d2.* on d1.*no vrrp_sync_group/,
    },
  ],
  disturbs: true,
  async observe({ lab, evidence, note }) {
    const { spec } = lab;
    const [first = '', second = ''] = hostsOf(spec, 'director').map(({ name }) => name);
    const capture = await lab.capture({ filter: vrrpFilter });
    const before = await holding(lab);
    note(`${tracked} of ${first} goes down`);
    await lab.host(first).exec(`exec ip link set ${tracked} down`);
    const withinMs = vrrpTimes(spec).masterDownMs + 3_000;
    await until(
      'the first VIP to move',
      async () => (await holding(lab))[0]?.holders.join() === second || undefined,
      { withinMs },
    ).catch(() => {});
    await pause(vrrpTimes(spec).masterDownMs);
    const after = await holding(lab);
    const pcap = await capture.stop();
    await evidence.save('vrrp.pcap', pcap);
    const { adverts } = wordsIn(pcap, spec);
    const firsts = vrrpInstancesOf(spec).map(
      ({ virtualRouterId: id }) =>
        adverts.find((one) => one.from === second && one.virtualRouterId === id)?.tMs ?? null,
    );
    const earliest = Math.min(...firsts.flatMap((tMs) => tMs ?? []));
    return {
      before,
      after,
      firstMs: firsts.map((tMs) => (tMs === null ? null : Math.round(tMs - earliest))),
    };
  },
  judge({ before, after, firstMs }, { spec }) {
    const [first = '', second = ''] = hostsOf(spec, 'director').map(({ name }) => name);
    const words = (all: Together['after']) =>
      list(all.map(({ vip, holders }) => `${vip} on ${list(holders)}`));
    const expected = `${words(before.map(({ vip }) => ({ vip, holders: [second] })))} once an interface of ${first} is down`;
    if (before.length < 2 || before.some(({ holders }) => holders.join() !== first))
      return inconclusive(expected, `before that: ${words(before)}`);
    if (after[0]?.holders.join() === first)
      return inconclusive(expected, `the fault moved nothing: ${words(after)}`);
    if (after.every(({ holders }) => holders.join() === second))
      return pass(expected, `${words(after)}, ${Math.max(...firstMs.map((ms) => ms ?? 0))} ms apart`);
    return fail(expected, words(after), {
      cause: 'the instances are in no vrrp_sync_group, or in different ones',
      remedy: advice(
        `in keepalived.conf of ${first} and ${second}: a vrrp_sync_group whose group has all instances`,
      ),
    });
  },
});
