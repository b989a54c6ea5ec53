import { type Check, check } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import type { LabSpec } from '../../../src/model/spec.ts';
import { otherDirectors } from '../outage/load.ts';
import { unannounced } from './gratuitous-arp.ts';
import { ownPair } from './own.ts';
import { pairStage, plainPair, reconfigured } from './stage.ts';
import { type Handover, handedOver, judged } from './under-load.ts';

/** A director that is started again is configured again, so this is changed in the lab and not in its file. */
const preempting =
  (preempt: boolean) =>
  (spec: LabSpec): LabSpec => ({
    ...spec,
    director: { ...spec.director, ...(spec.director.vrrp && { vrrp: { ...spec.director.vrrp, preempt } }) },
  });

const needs: Check['needs'] = ['capture', 'directorPair', 'directorFault'];
const common = { suite: 'failover', level: 'should', needs, disturbs: true } as const;

const comesBack = (lab: Lab, to: (active: string) => string) =>
  handedOver(lab, {
    before: (active) => lab.faults.signalDirector(active, 'TERM'),
    to,
    step: (active) => lab.faults.startDirector(active),
  });

export const preempts = check<Handover>({
  ...common,
  id: 'HA-03',
  title: 'a director of higher priority takes over again when it returns, and nobody notices',
  requirement:
    'With preemption the returning director has the VIP again after its down timer, and new connections fail for no longer than 0.1 s.',
  source: 'RFC 9568 §6.4.2, Preempt_Mode; keepalived.conf(5)',
  stage: plainPair,
  own: ownPair({ preempts: true }),
  mutants: [
    {
      id: 'not-announced',
      breaks: 'gratuitous ARP of the returning director does not get out',
      change: unannounced(0),
      reason: /c1 sends to d2.*not announced/,
    },
    {
      id: 'nopreempt',
      breaks: 'nopreempt on a director that should preempt',
      change: preempting(false),
      reason: /d2 holds .* after the return/,
    },
  ],
  async observe({ lab, evidence }) {
    const { observed, pcap } = await comesBack(lab, (active) => active);
    await evidence.save('return.pcap', pcap);
    return observed;
  },
  judge: (observation, { spec }) =>
    judged(
      observation,
      spec,
      'the return',
      `${observation.to} does not preempt: nopreempt, or a lower priority`,
    ),
});

export const stays = check<Handover>({
  ...common,
  id: 'HA-04',
  title: 'nopreempt: a director that returns stays on standby, and nobody notices',
  requirement: 'Without preemption the VIP stays where it is when a director of higher priority returns.',
  source: 'RFC 9568 §6.4.2, Preempt_Mode; keepalived.conf(5) nopreempt',
  // Priorities far apart: the first election must not be won by who started first.
  stage: pairStage('vrrp-nopreempt', 'two directors with keepalived, VRRPv3 each second and nopreempt', {
    preempt: false,
    priorities: [254, 1],
  }),
  own: ownPair({ preempts: false }),
  mutants: [
    {
      id: 'preempts',
      breaks: 'nopreempt is missing',
      change: preempting(true),
      reason: /d1 holds .*no nopreempt/,
    },
  ],
  async observe({ lab, evidence }) {
    const { observed, pcap } = await comesBack(lab, (active) => otherDirectors(lab.spec, active)[0] ?? '');
    await evidence.save('return.pcap', pcap);
    return observed;
  },
  judge: (observation, { spec }) =>
    judged(
      observation,
      spec,
      'the return',
      'the returning director preempts: no nopreempt, or state MASTER beside it',
    ),
});

/** Below that of every director. */
const plannedPriority = ({ director: { vrrp } }: LabSpec): number =>
  Math.max(1, Math.min(50, ...(vrrp?.priorities ?? []).map((priority) => priority - 1)));

export const switchesOver = check<Handover>({
  ...common,
  id: 'HA-22',
  title: 'a planned switch-over: the active director is given a lower priority, and nobody notices',
  requirement:
    'A director whose priority is lowered under that of the other keeps on serving until the other has taken over.',
  source: 'RFC 9568 §6.4.2 (360); keepalived.conf(5)',
  stage: plainPair,
  own: ownPair({ preempts: true, edits: true }),
  mutants: [
    {
      id: 'not-announced',
      breaks: 'gratuitous ARP of the other director does not get out',
      change: unannounced(1),
      reason: /c1 sends to d1.*not announced/,
    },
    {
      id: 'nopreempt',
      breaks: 'the other director has nopreempt',
      change: reconfigured('second', 's/state BACKUP/state BACKUP\\n    nopreempt/'),
      reason: /d1 holds .* after the switch-over/,
    },
  ],
  async observe({ lab, evidence, note }) {
    const { observed, pcap } = await handedOver(lab, {
      to: (active) => otherDirectors(lab.spec, active)[0] ?? '',
      step: async (active) => {
        const priority = plannedPriority(lab.spec);
        note(`${active} gets priority ${priority}`);
        await lab
          .host(active)
          .exec(
            `sed -i "s/priority .*/priority ${priority}/" keepalived.conf && exec kill -HUP $(cat keepalived.pid)`,
          );
      },
    });
    await evidence.save('switch-over.pcap', pcap);
    return observed;
  },
  judge: (observation, { spec }) =>
    judged(
      observation,
      spec,
      'the switch-over',
      `${observation.to} does not take over: nopreempt, or a lower priority`,
    ),
});
