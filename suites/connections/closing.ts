import { check } from '../../src/model/check.ts';
import { icmpFrame, tcpFrame } from '../../src/probe/frame.ts';
import { inject } from '../../src/probe/inject.ts';
import type * as ipvs from '../../src/probe/ipvs.ts';
import type { Timeouts } from '../../src/probe/ipvs-state.ts';
import { until } from '../../src/util/until.ts';
import { finAndResetDropped } from '../common/filters.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { everyHost, filtersOn, on } from '../common/remedy.ts';
import { portOf, sceneOf, tables } from '../common/tables.ts';
import { setWords, timeoutsMeant } from '../common/timeouts.ts';
import { sentFrom, unusedSources } from '../common/unused-sources.ts';
import { connectionsOf, ownConnections } from './own.ts';

interface Act {
  port: number;
  /** S: SYN, A: ACK, F: FIN, R: RST, as the client sends them; I: ICMP port unreachable about an answer. */
  segments: string;
  state: string;
  atMostS: number;
}

/** tcp_states[INPUT_ONLY], walked through by a client that nobody answers. */
const actsIn = ({ establishedS, finS }: Timeouts): Act[] => [
  { port: 2001, segments: 'S', state: 'SYN_RECV', atMostS: 60 },
  { port: 2002, segments: 'SA', state: 'ESTABLISHED', atMostS: establishedS },
  { port: 2003, segments: 'SAF', state: 'FIN_WAIT', atMostS: finS },
  { port: 2004, segments: 'SAFFA', state: 'FIN_WAIT', atMostS: finS },
  { port: 2005, segments: 'SAR', state: 'CLOSE', atMostS: 10 },
  { port: 2006, segments: 'SAFR', state: 'CLOSE', atMostS: 10 },
  { port: 2007, segments: 'SAFS', state: 'SYN_RECV', atMostS: 60 },
  { port: 2008, segments: 'SAI', state: 'ESTABLISHED', atMostS: establishedS },
];

interface Closing {
  states: { port: number; segments: string; entries: Pick<ipvs.Connection, 'state' | 'expiresS'>[] }[];
}

/** DR sees client segments only, and believes them: a bare ACK makes an entry ESTABLISHED for 15 minutes. */
export const clientsCloseEntries = check<Closing>({
  id: 'CT-09',
  suite: 'connections',
  level: 'should',
  title: 'FIN and RST of a client end its entry, repeated ones do not reopen it, ICMP errors do neither',
  requirement:
    'After a FIN an entry is FIN_WAIT for 120 s, also when FIN and ACK are repeated; after an RST it is CLOSE for 10 s; a new SYN starts it again. An ICMP error is for the real server alone.',
  source: 'Linux tcp_states[INPUT_ONLY], tcp_timeouts, ip_vs_in_icmp()',
  needs: ['ipvs', 'director', 'inject', 'directClient'],
  stage: tables,
  own: ownConnections(
    'a tcp service of DR, and secure_tcp off',
    {},
    { spoofs: true, where: (sysctl) => sysctl('net.ipv4.vs.secure_tcp', '0') === '0' },
  ),
  mutants: [
    {
      id: 'fin-dropped',
      breaks: 'the director drops segments with FIN or RST, as an INVALID rule does',
      change: finAndResetDropped,
      reason: /SAF .* ESTABLISHED/,
    },
  ],
  async observe({ lab }) {
    const acts = actsIn(timeoutsMeant(lab.spec));
    const scene = await sceneOf(lab, connectionsOf(lab.spec, portOf.closing), 'segment');
    const vport = scene.service.port;
    const [source = ''] = unusedSources(lab.spec, 2).slice(1);
    const { device, ...road } = sentFrom(source, scene);
    // What the client says of a segment that it was sent by the VIP.
    const unreachable = (port: number) =>
      icmpFrame({
        ...road,
        type: 3,
        code: 3,
        payload: tcpFrame({
          srcMac: road.dstMac,
          dstMac: road.srcMac,
          srcIp: road.dstIp,
          dstIp: source,
          srcPort: vport,
          dstPort: port,
          flags: ['ack'],
        }).subarray(14, 14 + 28),
      });
    const flags = { S: ['syn'], A: ['ack'], F: ['fin', 'ack'], R: ['rst'] } as const;
    const frames = acts.flatMap(({ port, segments }) =>
      [...segments].map((letter, i) =>
        letter === 'I'
          ? unreachable(port)
          : tcpFrame({
              ...road,
              srcPort: port,
              dstPort: vport,
              seq: 1000 + i,
              flags: [...flags[letter as keyof typeof flags]],
            }),
      ),
    );
    await inject(scene.clientHost, frames, { device });
    let states: Closing['states'] = [];
    const look = async () => {
      const own = (await scene.entries()).filter((row) => row.cip === source);
      states = acts.map(({ port, segments }) => ({
        port,
        segments,
        entries: own.filter((row) => row.cport === port).map(({ state, expiresS }) => ({ state, expiresS })),
      }));
      return acts.every((act, i) => states[i]?.entries[0]?.state === act.state) || undefined;
    };
    await until('the director to follow', look, { withinMs: 1_500, everyMs: 50 }).catch(() => undefined);
    return { states };
  },
  judge({ states }, { spec }) {
    const acts = actsIn(timeoutsMeant(spec));
    const expected = acts.map((act) => `${act.segments} ${act.state} for ${act.atMostS} s`).join(', ');
    if (states.every((one) => one.entries.length === 0))
      return inconclusive(expected, 'none of our segments created an entry');
    const seen = states
      .map(({ segments, entries }) => {
        const [entry] = entries;
        return entry ? `${segments} ${entry.state} for ${entry.expiresS} s` : `${segments} no entry`;
      })
      .join(', ');
    const good = acts.every((act) => {
      const entries = states.find((one) => one.port === act.port)?.entries ?? [];
      const [entry] = entries;
      return entries.length === 1 && entry?.state === act.state && entry.expiresS <= act.atMostS;
    });
    if (good) return pass(expected, seen);
    return fail(expected, seen, {
      cause: 'segments that end connections do not reach IPVS, or its timeouts or secure_tcp were changed',
      remedy: on(
        everyHost(spec, 'director'),
        'iptables -S',
        filtersOn(spec, 'ingress'),
        `ipvsadm --set ${setWords(timeoutsMeant(spec))}`,
        'sysctl -w net.ipv4.vs.secure_tcp=0',
      ),
    });
  },
});
