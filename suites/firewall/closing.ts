import type { Mutant } from '../../src/model/check.ts';
import type { Lab } from '../../src/model/lab.ts';
import * as ipvs from '../../src/probe/ipvs.ts';
import { TimedOut } from '../../src/util/errors.ts';
import { until } from '../../src/util/until.ts';
import { functional } from '../common/coassert.ts';
import { onDirectorsElsewhere } from '../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { advice, on } from '../common/remedy.ts';
import { clientOf, list, serviceOf, targetOf } from '../common/subjects.ts';
import { everywhere } from '../common/vantages.ts';
import { crossedText, type Passage, passage } from './passage.ts';
import { directorRules, trackings } from './rules.ts';

interface Closing extends Passage {
  connections: number;
  /** States of their entries once the client had closed them, waited for until none was ESTABLISHED. */
  states: string[];
}

/** Longest wait for the entries to leave ESTABLISHED, which a FIN that arrives does at once. */
const withinMs = 2_000;

/**
 * The silent one: with vs.conntrack=0 and nf_conntrack_tcp_loose=1 connections work, only what closes them is dropped,
 * and least-connection schedulers count connections that are long over.
 */
export const closeReachesIpvs = functional<Closing>({
  id: 'FW-05',
  suite: 'firewall',
  level: 'must',
  title: 'the director sees connections close',
  requirement:
    'When the client closes, its FIN passes the director, and the entry leaves ESTABLISHED, where it would stay for 15 minutes.',
  source: 'Linux tcp_states[INPUT_ONLY], nf_conntrack_proto_tcp.c',
  needs: ['capture', 'ipvs', 'director'],
  vantages: everywhere('tcp'),
  presumes: ['serviceAnswers'],
  follows: ['allServersAnswer'],
  mutants: [
    ...trackings.map(
      ({ id, words, set }): Mutant => ({
        id: `invalid-dropped-${id}`,
        breaks: `INVALID dropped in INPUT (${words})`,
        change: (spec) =>
          set(directorRules(() => ['-A INPUT -p tcp -m conntrack --ctstate INVALID -j DROP'])(spec)),
        reason: id === 'conntrack-0-loose-1' ? /d1 drops FIN/ : /d1 drops segments/,
      }),
    ),
    onDirectorsElsewhere(
      {
        id: 'fin-of-one-dropped',
        breaks: 'the director drops segments with FIN of one client',
        reason: /d1 drops FIN/,
      },
      (_, { ip }) => `iptables-legacy -w -A INPUT -s ${ip} -p tcp --tcp-flags FIN FIN -j DROP`,
    ),
  ],
  async observe({ lab, evidence }) {
    const service = serviceOf(lab.spec, 'tcp');
    const connections = Math.min(service.realServers.length, 6);
    let states: string[] = [];
    const seen = await passage(lab, service, evidence, async (prober) => {
      const held = await prober.hold(targetOf(service), { count: connections, timeoutMs: 500 });
      const ports = new Set(held.answers.flatMap((one) => (one.ok ? one.localPort : [])));
      await held.close();
      states = await lastStates(lab, ports);
      return held.answers;
    });
    return { ...seen, connections, states };
  },
  judge({ director, connections, answers, later, last, states }, { spec }) {
    const expected = `${connections} FINs go in and come out, no entry stays ESTABLISHED`;
    const ok = answers.filter((one) => one.ok).length;
    const seen = `${ok} of ${connections} answered; ${crossedText(later, 'segments')}, ${crossedText(last, 'FINs')} came out; entries ${list(states)}`;
    const remedy = [
      ...on(director, 'iptables -S INPUT', `iptables -I INPUT -d ${serviceOf(spec, 'tcp').vip} -j ACCEPT`),
      ...advice('it must come before any rule with --ctstate INVALID'),
    ];
    if (later.out < later.in)
      return fail(expected, seen, {
        cause: `${director} drops segments that it takes for INVALID, since it sees one half of each connection`,
        remedy,
      });
    if (ok === 0 || last.in === 0) return inconclusive(expected, `no connection was closed; ${seen}`);
    if (last.out < last.in || states.includes('ESTABLISHED'))
      return fail(expected, seen, {
        cause: `${director} drops FIN and RST of working connections, as a rule against INVALID does`,
        remedy,
      });
    if (states.length < ok) return inconclusive(expected, `entries are missing; ${seen}`);
    return pass(expected, seen);
  },
});

async function lastStates(lab: Lab, ports: Set<number>): Promise<string[]> {
  if (ports.size === 0) return [];
  const { vip } = serviceOf(lab.spec, 'tcp');
  const cip = clientOf(lab.spec).ip;
  let states: string[] = [];
  const look = async () => {
    const entries = await Promise.all(
      lab.spec.hosts
        .filter((host) => host.role === 'director')
        .map(({ name }) => ipvs.connections(lab.host(name))),
    );
    states = entries
      .flat()
      .filter((one) => one.cip === cip && one.vip === vip && ports.has(one.cport))
      .map((one) => one.state);
    return states.includes('ESTABLISHED') ? undefined : states;
  };
  try {
    return await until('entries to leave ESTABLISHED', look, { withinMs, everyMs: 50 });
  } catch (error) {
    if (error instanceof TimedOut) return states;
    throw error;
  }
}
