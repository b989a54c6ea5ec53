import { type Check, check } from '../../../src/model/check.ts';
import type { LabSpec } from '../../../src/model/spec.ts';
import { unannounced } from './gratuitous-arp.ts';
import { judged, type Lost, observed, slackMs } from './losing.ts';
import { ownPair } from './own.ts';
import { backupKilled, plainPair } from './stage.ts';
import { vrrpTimes } from './times.ts';

/*
 *   VIP on d1 ── fault ──▶ VIP elsewhere ── its end ──▶ VIP on one director, which every neighbour sends to
 */

const silentFirst = {
  id: 'not-announced',
  breaks: 'gratuitous ARP of the first director is lost',
  change: unannounced(0),
  reason: /c1 sends to .*does not announce/,
};

const backupDead = {
  id: 'backup-dead',
  breaks: 'keepalived is dead on the backup director',
  change: backupKilled,
  reason: /failed for \d+ ms.*did not take over in time/,
};

const powerLimits = (spec: LabSpec) => ({
  outageMs: vrrpTimes(spec).masterDownMs + slackMs,
  withFault: true,
});

const powered = (
  back: 'thawed' | 'rebooted',
  words: Pick<Check, 'id' | 'title' | 'requirement' | 'mutants'>,
): Check =>
  check<Lost>({
    ...words,
    suite: 'failover',
    level: 'must',
    source: 'RFC 9568 §6.1, §6.4',
    needs: ['capture', 'directorPair', 'hostFault'],
    stage: plainPair,
    own: ownPair({ preempts: true }),
    disturbs: true,
    observe: (on) => observed(on, (host) => ({ kind: 'powerOff', host, back })),
    judge: (observation, { spec }) => judged(observation, spec, powerLimits(spec)),
  });

export const poweredOff = powered('thawed', {
  id: 'HA-19',
  title: 'a director without power is replaced, and gets the VIP back when it goes on where it was',
  requirement:
    'A director that stands still, cut off, is replaced after 3 × advert + skew. When it goes on it may believe that it holds the VIP; after its first words one director holds it.',
  mutants: [backupDead],
});

export const rebooted = powered('rebooted', {
  id: 'HA-20',
  title: 'a director that reboots is replaced, and gets the VIP back',
  requirement:
    'A director that loses its power is replaced after 3 × advert + skew, and takes the VIP back once it has started again.',
  mutants: [backupDead],
});

/** RFC 9568 §9: VRRP has no authentication worth the name. */
export const rogueRouterEnds = check<Lost>({
  id: 'HA-21',
  suite: 'failover',
  level: 'should',
  title: 'a rogue VRRP router has a higher priority: it gets the VIP, and loses it when it ends',
  requirement:
    'Whoever advertises a higher priority is obeyed. When a rogue router falls silent, one director holds the VIP again after 3 × advert + skew, and neighbours send there.',
  source: 'RFC 9568 §6.4.3, §9',
  needs: ['capture', 'directorPair', 'rogueRouterFault'],
  stage: plainPair,
  own: ownPair({ preempts: true, multicast: true }),
  mutants: [silentFirst],
  disturbs: true,
  observe: (on) => observed(on, () => ({ kind: 'rogueRouter', priority: 254 })),
  judge: (observation, { spec }) =>
    judged(observation, spec, { outageMs: vrrpTimes(spec).masterDownMs + slackMs, withFault: false }),
});
