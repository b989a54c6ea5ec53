import type { LabSpec } from '../../src/model/spec.ts';
import { type DaemonAway, daemonAway, revived } from '../common/looking/daemons.ts';
import type { Why } from '../common/looking/look.ts';
import { advice, deviceAt, everyHost, on } from '../common/remedy.ts';
import { list } from '../common/subjects.ts';
import type { Disagreement } from '../failover/outage/vrrp-voices.ts';

/** Why no director has a VIP, or more than one. */
export function whyNotOne(
  spec: LabSpec,
  { vip, holders }: { vip: string; holders: string[] },
  away: readonly DaemonAway[],
  disagreement?: Disagreement,
): Why {
  const idle = away.map(daemonAway).join('; ');
  const directors = everyHost(spec, 'director');
  if (holders.length === 0)
    return {
      cause: idle === '' ? 'no director took the VIP over' : `${idle}: no director took ${vip} over`,
      remedy:
        idle === ''
          ? advice(`start keepalived on ${list(directors)} and read its log`)
          : away.flatMap(revived),
    };
  const keeping = away.filter(({ host }) => holders.includes(host));
  if (keeping.length > 0) {
    const others = holders.filter((name) => keeping.every(({ host }) => host !== name));
    return {
      cause: `${keeping.map(daemonAway).join('; ')}: it keeps ${vip}${others.length > 0 ? `, and ${list(others)} took it over` : ''}`,
      remedy: [
        ...keeping.flatMap(revived),
        ...keeping.flatMap(({ host, state }) =>
          state === 'stopped' ? [] : on(host, `ip addr flush dev ${deviceAt(spec, host)} to ${vip}`),
        ),
      ],
    };
  }
  if (disagreement)
    return {
      cause: `${disagreement.cause} (${disagreement.seen})`,
      remedy: [...on(directors, 'timeout 5 tcpdump -vnni any ip proto 112'), ...advice(disagreement.advice)],
    };
  return {
    cause: `${list(holders)} do not hear each other: split brain, or ${vip} set by hand on one of them`,
    remedy: [
      ...on(directors, 'timeout 5 tcpdump -nni any ip proto 112', 'iptables -S', `ip addr show to ${vip}`),
      ...advice('same router ID on all, no VIP configured by hand'),
    ],
  };
}
