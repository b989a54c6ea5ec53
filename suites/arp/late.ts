import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../../src/model/lab.ts';
import type { Leg } from '../../src/model/topology.ts';
import { whoHas } from '../../src/probe/arp.ts';
import type { Why } from '../common/looking/look.ts';
import { on, toTellApart } from '../common/remedy.ts';
import { list } from '../common/subjects.ts';

/** Who answered at last, and how long after the request. */
export interface LateAnswer {
  mac: string;
  afterMs: number;
}

/** Longer than any delay of a segment; only the silent are waited for. */
const lateMs = 1_500;

/**
 * Of each address that nobody answered for in time: one more request, alone, so that the answer is to it and to no earlier one.
 * @param by interface of `from` that asks for an address; default: that of its own
 */
export async function lateAnswers(
  lab: Lab,
  from: string,
  ips: string[],
  by: (ip: string) => Leg | undefined = () => undefined,
): Promise<Map<string, LateAnswer>> {
  if (ips.length === 0) return new Map();
  await sleep(lateMs);
  const found = ips.map(async (ip): Promise<[string, LateAnswer][]> => {
    const leg = by(ip);
    const { replies, firstAskedUs } = await whoHas(lab, from, ip, {
      ...{ count: 1, waitMs: lateMs },
      ...(leg && { by: leg }),
    });
    const [reply] = replies;
    if (!reply || firstAskedUs === undefined) return [];
    return [[ip, { mac: reply.senderMac, afterMs: Math.round((reply.tUs - firstAskedUs) / 1000) }]];
  });
  return new Map((await Promise.all(found)).flat());
}

export const answersLate = (host: string, { afterMs }: LateAnswer): string =>
  `${host} answers late, after ${afterMs} ms`;

export const whyLate = (hosts: string[]): Why => ({
  cause: `what ${list(hosts)} sends or receives is delayed: a queue on its link, or a host without CPU`,
  remedy: toTellApart(on(hosts, 'tc -s qdisc show', 'uptime')),
});
