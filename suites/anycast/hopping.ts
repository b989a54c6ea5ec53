import { setTimeout as sleep } from 'node:timers/promises';
import { listenersOf } from '../../src/model/announced.ts';
import { check } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import { vipsOf } from '../../src/model/spec.ts';
import { isOf, rules } from '../../src/probe/ipvs.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { on } from '../common/remedy.ts';
import { list } from '../common/subjects.ts';
import { announcers, nextHops } from './hops.ts';
import { birdc, onLastDirector } from './mutants.ts';
import { announced, ownAnnounced } from './stage.ts';

interface Hops {
  /** By VIP: directors whose table has every service of it, with a real server; and the next hops of each router. */
  vips: { vip: string; serving: string[]; routers: { router: string; hops: string[] }[] }[];
}

/** A session that begins or ends is given this long. */
const looks = 30;
const pauseMs = 200;

async function look(lab: Lab): Promise<Hops> {
  const { spec } = lab;
  const directors = announcers(spec);
  const tables = await Promise.all(directors.map((name) => rules(lab.host(name))));
  const serves = (vip: string, i: number): boolean =>
    spec.services
      .filter((service) => service.vip === vip)
      .every((service) =>
        tables[i]?.some((rule) => isOf(rule, service) && rule.realServers.some(({ weight }) => weight > 0)),
      );
  const vips: Hops['vips'] = [];
  for (const vip of vipsOf(spec)) {
    const routers: Hops['vips'][number]['routers'] = [];
    for (const { host } of listenersOf(spec))
      routers.push({ router: host.name, hops: await nextHops(lab, vip, host.name) });
    vips.push({ vip, serving: directors.filter((_, i) => serves(vip, i)), routers });
  }
  return { vips };
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

const agrees = ({ vips }: Hops): boolean =>
  vips.every(({ serving, routers }) => routers.every(({ hops }) => same(hops, serving)));

export const hopsServe = check<Hops>({
  id: 'ANY-02',
  suite: 'anycast',
  level: 'must',
  title: 'the router’s next hops to a VIP are exactly the directors that serve it',
  requirement:
    'A director announces a VIP while it has all services of it, each with a real server, and at no other time.',
  source:
    'RFC 4786 §4.4.1 (the announcement is coupled to the availability of the service); keepalived.conf(5): quorum_up, quorum_down',
  needs: ['announcedVips', 'ipvs'],
  announced: true,
  stage: announced,
  own: ownAnnounced(),
  mutants: [
    {
      id: 'not-announced',
      breaks: 'bird of one director has no session with the router',
      change: onLastDirector(() => birdc('disable peer1')),
      reason: /a4 serves .*is no next hop/,
    },
    {
      id: 'blackhole',
      breaks: 'somebody empties the table of one director, which goes on announcing',
      change: onLastDirector(() => 'ipvsadm -C'),
      reason: /a4 announces .*does not serve/,
    },
  ],
  async observe({ lab }) {
    let seen = await look(lab);
    for (let i = 0; i < looks && !agrees(seen); i++) {
      await sleep(pauseMs);
      seen = await look(lab);
    }
    return seen;
  },
  judge({ vips }) {
    const expected = 'each director that serves a VIP is a next hop to it, and no other is';
    const routers = vips.flatMap(({ vip, serving, routers: some }) =>
      some.map((one) => ({ ...one, vip, serving })),
    );
    if (routers.length === 0) return inconclusive(expected, 'no router was looked at');
    const dark = routers.flatMap(({ vip, hops, serving }) =>
      hops.filter((name) => !serving.includes(name)).map((name) => ({ name, vip })),
    );
    const silent = routers.flatMap(({ vip, hops, serving, router }) =>
      serving.filter((name) => !hops.includes(name)).map((name) => ({ name, vip, router })),
    );
    const said = [
      ...dark.map(({ name, vip }) => `${name} announces ${vip} and does not serve it`),
      ...silent.map(({ name, vip, router }) => `${name} serves ${vip} and is no next hop of ${router}`),
    ];
    if (said.length === 0)
      return pass(
        expected,
        routers.map(({ router, vip, hops }) => `${router} sends ${vip} to ${list(hops)}`).join('; '),
      );
    const cause =
      dark.length > 0
        ? `what ${list(dark.map(({ name }) => name))} gets for ${list(dark.map(({ vip }) => vip))} ends there: the announcement does not depend on the service`
        : `${list(silent.map(({ name }) => name))} does not announce: its routing daemon, its session, or its filter`;
    return fail(expected, said.join('; '), {
      cause,
      remedy: [
        ...dark.flatMap(({ name, vip }) => on(name, 'ipvsadm -Ln', `ip addr del ${vip}/32 dev lo`)),
        ...silent.flatMap(({ name }) => on(name, ...sessionCommands(name))),
      ],
    });
  },
});

/** Where drlab started bird itself its socket is in the folder of the host. */
const sessionCommands = (name: string): string[] => {
  const socket = `/run/drlab/${name}/bird.ctl`;
  return [`birdc -s ${socket} show protocols all`, `birdc -s ${socket} enable all`];
};
