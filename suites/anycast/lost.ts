import { type Check, check } from '../../src/model/check.ts';
import { hostSpec, type LabSpec } from '../../src/model/spec.ts';
import { on } from '../common/remedy.ts';
import { detectionMs } from '../failover/health/limits.ts';
import { routerOf } from './hops.ts';
import { judgeLoss, type Losing, lose, slackMs } from './losing.ts';
import { birdc, onLastDirector, onRouter } from './mutants.ts';
import { announced, announcedService, ownAnnounced } from './stage.ts';

/** RFC 5880 §6.8.4; without BFD the hold time of BGP, RFC 4271 §6.5. */
export function silenceMs({ director: { announce } }: LabSpec): number {
  const { bfd, holdS = 9 } = announce ?? {};
  return bfd ? bfd.intervalMs * bfd.multiplier : 1_000 * holdS;
}

const common = {
  suite: 'anycast',
  level: 'must',
  announced: true,
  stage: announced,
  own: ownAnnounced(),
  disturbs: true,
  scheduling: { clock: 'virtual' },
} as const satisfies Partial<Check>;

const birdOf = (name: string): string => `/run/drlab/${name}/bird.ctl`;

/** A director that nobody hears any more is found out by BFD. */
export const crashIsNoticed = check<Losing>({
  ...common,
  id: 'ANY-04',
  title: 'a director that crashes is no next hop any more once BFD has noticed',
  requirement:
    'A director that falls silent is taken out of the routes after interval × multiplier of BFD (without BFD after the hold time of BGP), and new connections succeed from then on.',
  source: 'RFC 5880 §6.8.4, RFC 5882 §4; RFC 4271 §6.5',
  needs: ['announcedVips', 'ipvs', 'linkFault'],
  mutants: [
    {
      id: 'no-bfd',
      breaks: 'the router does not watch its neighbours with BFD',
      change: onRouter(() => `sed -i "s/bfd on;//" bird.conf; ${birdc('configure')}`),
      reason: /BFD does not/,
    },
  ],
  observe: ({ lab }) =>
    lose(lab, {
      act: (director) => lab.faults.cutLink(director),
      undo: (director) => lab.faults.restoreLink(director),
      withinMs: 1_000 * (lab.spec.director.announce?.holdS ?? 9) + 3_000,
    }),
  judge: (observation, { spec }) => {
    const router = routerOf(spec);
    return judgeLoss(observation, {
      spec,
      words: {
        what: `${observation.director} lost its link`,
        limitMs: silenceMs(spec) + slackMs,
        mayFail: true,
        cause: `BFD does not watch ${observation.director} on ${router}, or with longer times than the lab file has`,
        remedy: on(
          router,
          `birdc -s ${birdOf(router)} show bfd sessions`,
          `birdc -s ${birdOf(router)} show protocols all`,
        ),
      },
    });
  },
});

/** Stopped in order: who withdraws after it has stopped serving loses what comes in between. */
export const stopWithdraws = check<Losing>({
  ...common,
  id: 'ANY-05',
  title: 'a director that is stopped withdraws its VIPs',
  requirement:
    'A director whose daemon is stopped withdraws its VIPs at once, without anybody having to miss it, and new connections succeed from then on.',
  source: 'RFC 4786 §4.4.1; keepalived.conf(5): omega',
  needs: ['announcedVips', 'ipvs', 'directorFault'],
  mutants: [
    {
      id: 'not-withdrawn',
      breaks: 'nothing withdraws the VIPs when the daemon of a director ends',
      change: onLastDirector(() => 'sed -i "s/ip addr /ip addr show /" announce.sh'),
      reason: /still a next hop.*does not depend/s,
    },
  ],
  observe: ({ lab }) =>
    lose(lab, {
      act: (director) => lab.faults.signalDirector(director, 'TERM'),
      undo: (director) => lab.faults.startDirector(director),
      withinMs: 5_000,
    }),
  judge: (observation, { spec }) => leaving(observation, spec, 'its daemon was stopped', slackMs),
});

/** Without real servers a director has nothing to announce. */
export const withoutServersWithdraws = check<Losing>({
  ...common,
  id: 'ANY-06',
  title: 'a director that reaches no real server withdraws its VIPs',
  requirement:
    'When its health checks have found every real server of a service dead, a director withdraws the VIP; when they answer again, it announces it again.',
  source: 'keepalived.conf(5): quorum, quorum_down; RFC 4786 §4.4.1',
  needs: ['announcedVips', 'ipvs', 'healthChecks'],
  mutants: [
    {
      id: 'quorum-ignored',
      breaks: 'a director goes on announcing when the quorum is lost',
      change: onLastDirector(() => 'sed -i "s/^lost)/never)/" announce.sh'),
      reason: /still a next hop.*does not depend/s,
    },
  ],
  observe({ lab }) {
    const { spec } = lab;
    const rips = announcedService(spec).realServers.map(({ name }) => hostSpec(spec, name).ip);
    const routes = (verb: string) => rips.map((ip) => `ip route ${verb} unreachable ${ip}/32`).join('; ');
    return lose(lab, {
      act: async (director) => void (await lab.host(director).exec(routes('add'))),
      undo: async (director) => void (await lab.host(director).exec(routes('del'))),
      withinMs: noServersMs(spec) + 5_000,
    });
  },
  judge: (observation, { spec }) =>
    leaving(observation, spec, 'it reached no real server any more', noServersMs(spec) + slackMs),
});

const noServersMs = ({ director: { healthCheck } }: LabSpec): number =>
  healthCheck ? detectionMs(healthCheck) : 0;

function leaving(observation: Losing, spec: LabSpec, what: string, limitMs: number) {
  const { director } = observation;
  const { vip } = announcedService(spec);
  return judgeLoss(observation, {
    spec,
    words: {
      what,
      limitMs,
      mayFail: true,
      cause: `${director} goes on announcing ${vip}: that does not depend on its daemon and its real servers`,
      remedy: on(
        director,
        `ip addr del ${vip}/32 dev lo`,
        `birdc -s ${birdOf(director)} show route export peer1`,
      ),
    },
  });
}
