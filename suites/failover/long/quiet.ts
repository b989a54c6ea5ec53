import { check } from '../../../src/model/check.ts';
import { hostSpec, hostsOf } from '../../../src/model/spec.ts';
import { proberOn } from '../../../src/probe/client/prober.ts';
import { holdersOf, neighbour } from '../../../src/probe/neighbour.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { afterApply } from '../../common/mutate.ts';
import { advice, on } from '../../common/remedy.ts';
import { stage } from '../../common/stages.ts';
import { clientOf, gatewayOf, list, serviceOf, targetOf } from '../../common/subjects.ts';
import { pause } from '../outage/load.ts';
import { vrrpFilter, wordsIn } from '../outage/vrrp-wire.ts';
import { type Running, rhythmOf, runningOnAll } from './creeping.ts';

/*
 *   client ──(a request a minute)──▶ VIP
 *            d1: a word each second ──▶ d2: silent          for an hour, and nobody touches anything
 */

interface QuietHour {
  active: string[];
  /** Once a minute. */
  looks: { tS: number; holders: string[]; error: string | null; mac?: string | null }[];
  /** By director: how many, and the longest time between two. */
  adverts: Record<string, { count: number; longestGapMs: number; longestGapAtS: number }>;
  announcements: number;
  running: Record<string, { before: Running; after: Running }>;
}

const minutes = 60;
const minuteMs = 60_000;
/** Allocations of a first minute, and what the kernel counts as resident by and by. */
const growthKiB = 1_024;
/** A timer may be late, but not by half its interval. */
const tolerance = 1.5;

const later = (afterS: number, director: 0 | 1, script: (name: string, vip: string) => string) =>
  afterApply((spec) => {
    const name = hostsOf(spec, 'director')[director]?.name ?? '';
    return `( sleep ${afterS}; ${script(name, serviceOf(spec, 'tcp').vip)} ) >/dev/null 2>&1 </dev/null &`;
  });

/** Each look at a real server wakes two directors and a server; an hour of them would be most of the work. */
const patient = stage('patient', 'the lab as written, with health checks every 10 s', (spec) => {
  const { healthCheck } = spec.director;
  if (healthCheck) spec.director.healthCheck = { ...healthCheck, intervalMs: 10_000 };
  return spec;
});

/** RFC 9568 §6.4.3: the active router sends an advertisement each Advertisement_Interval; no other event, no other state. */
export const quietHour = check<QuietHour>({
  id: 'LNG-01',
  suite: 'failover',
  level: 'must',
  title: 'in an hour without events, nothing changes',
  requirement:
    'Undisturbed for an hour, a pair has one holder of the VIP, always the same, which advertises without a gap; nobody else does, every request is answered, and keepalived does not grow.',
  source: 'RFC 9568 §6.4.3; keepalived.conf(5)',
  needs: ['virtualTime', 'directorPair', 'capture', 'director'],
  stage: patient,
  mutants: [
    {
      id: 'short-gap',
      breaks:
        'the active director cannot send advertisements for 2 s after a quarter of an hour, too short for a take-over',
      change: later(
        900,
        0,
        (name) => `in="ip netns exec ${name}"; $in tc qdisc add dev eth0 clsact
$in tc filter add dev eth0 egress protocol ip u32 match ip protocol 112 0xff action drop
sleep 2; $in tc qdisc del dev eth0 clsact`,
      ),
      reason: /no advertisement of d1 for [23]\d{3} ms/,
    },
    {
      id: 'stopped',
      breaks: 'keepalived of the active director is stopped for 5 s after half an hour',
      change: later(
        1_795,
        0,
        (
          name,
        ) => `pids=$(ip netns pids ${name} | while read -r p; do read -r c </proc/$p/comm; [ "$c" != keepalived ] || echo $p; done)
kill -STOP $pids; sleep 8; kill -CONT $pids`,
      ),
      reason: /d2 advertised/,
    },
    {
      id: 'pile',
      breaks: 'something starts a process on the standby every ten minutes that never ends',
      change: later(
        60,
        1,
        (name) => `for i in 1 2 3 4 5; do ip netns exec ${name} sleep 100000 & sleep 600; done`,
      ),
      reason: /5 processes more on d2/,
    },
    {
      id: 'firewall-reload',
      breaks: 'after 40 minutes a job loads other firewall rules on the active director',
      change: later(
        2_400,
        0,
        (name, vip) => `ip netns exec ${name} iptables-legacy -w -I INPUT -p tcp -d ${vip} -j DROP`,
      ),
      reason: /requests? failed.*first after 4\d min/,
    },
  ],
  timeoutMs: 2 * minutes * minuteMs,
  async observe({ lab, evidence, note }) {
    const service = serviceOf(lab.spec, 'tcp');
    const directors = hostsOf(lab.spec, 'director').map(({ name }) => name);
    const requester = lab.host(gatewayOf(lab.spec, clientOf(lab.spec)).name);
    const prober = await proberOn(lab, clientOf(lab.spec).name);
    const before = await runningOnAll(lab, directors);
    const capture = await lab.capture({ filter: vrrpFilter, snapLengthBytes: 96 });
    const startMs = performance.now();
    const looks: QuietHour['looks'] = [];
    for (let minute = 1; minute <= minutes; minute += 1) {
      await pause(startMs + minute * minuteMs - performance.now());
      const [answer] = await prober.requests(targetOf(service), { count: 1 });
      const holders = await holdersOf(lab, service.vip);
      const tS = Math.round((performance.now() - startMs) / 1000);
      const look: QuietHour['looks'][number] = { tS, holders, error: answer?.error ?? null };
      if (minute % 10 === 0) {
        look.mac = (await neighbour(requester, service.vip))?.mac ?? null;
        note(`${minute} minutes without an event`);
      }
      looks.push(look);
    }
    const pcap = await capture.stop();
    await evidence.save('vrrp.pcap', pcap);
    const after = await runningOnAll(lab, directors);
    const words = wordsIn(pcap, lab.spec);
    const none = { processes: 0, rssKiB: 0 };
    return {
      active: looks[0]?.holders ?? [],
      looks,
      adverts: Object.fromEntries(
        [...new Set(words.adverts.map(({ from }) => from))].map((from) => [
          from,
          rhythmOf(words.adverts.filter((one) => one.from === from).map(({ tMs }) => tMs)),
        ]),
      ),
      announcements: words.announcements.length,
      running: Object.fromEntries(
        directors.map((name, i) => [name, { before: before[i] ?? none, after: after[i] ?? none }]),
      ),
    };
  },
  judge({ active, looks, adverts, announcements, running }, { spec }) {
    const advertMs = spec.director.vrrp?.advertMs ?? 1_000;
    const expected = `one holder for ${minutes} min, which advertises every ${advertMs} ms; ${looks.length} of ${looks.length} requests answered; as many processes as at first`;
    const [name] = active;
    if (looks.length < minutes || name === undefined)
      return inconclusive(expected, `nobody had the VIP at first, or there were only ${looks.length} looks`);
    const rhythm = adverts[name];
    const { mac } = hostSpec(spec, name);
    const failed = looks.filter(({ error }) => error !== null);
    const other = looks.filter(({ holders }) => holders.join() !== name);
    const wrong = looks.filter((look) => look.mac !== undefined && look.mac !== null && look.mac !== mac);
    const grown = Object.entries(running).flatMap(([host, { before, after }]) => {
      const more = after.processes - before.processes;
      const kiB = after.rssKiB - before.rssKiB;
      return [
        ...(more > 0 ? [`${more} processes more on ${host}`] : []),
        ...(kiB > growthKiB ? [`keepalived grew by ${kiB} KiB on ${host}`] : []),
      ];
    });
    const troubles = [
      ...(rhythm === undefined ? [`${name} never advertised`] : []),
      ...(rhythm && rhythm.longestGapMs > tolerance * advertMs
        ? [
            `no advertisement of ${name} for ${rhythm.longestGapMs} ms after ${minutesOf(rhythm.longestGapAtS)}`,
          ]
        : []),
      ...Object.keys(adverts)
        .filter((from) => from !== name)
        .map((from) => `${from} advertised ${adverts[from]?.count} times`),
      ...(other.length > 0
        ? [`after ${minutesOf(other[0]?.tS ?? 0)} ${list(other[0]?.holders ?? [])} had the VIP`]
        : []),
      ...(failed.length > 0
        ? [
            `${failed.length} requests failed (${failed[0]?.error}), the first after ${minutesOf(failed[0]?.tS ?? 0)}`,
          ]
        : []),
      ...(wrong.length > 0 ? [`the client sent to ${wrong[0]?.mac}`] : []),
      ...grown,
    ];
    const figures = [
      ...(rhythm
        ? [
            {
              name: 'longest time between advertisements',
              value: rhythm.longestGapMs,
              unit: 'ms',
              better: 'lower' as const,
            },
          ]
        : []),
      { name: 'gratuitous ARP in an hour', value: announcements, unit: 'frames' },
    ];
    const said = `${name} advertised ${rhythm?.count ?? 0} times, at most ${rhythm?.longestGapMs ?? 0} ms apart`;
    if (troubles.length === 0)
      return pass(expected, `${said}; ${looks.length} requests answered`, { figures });
    return fail(expected, list(troubles), {
      cause: 'the network lost advertisements, keepalived was held up, or a job on a host interferes',
      remedy: [
        ...on(name, 'tc -s qdisc show', 'ps axf'),
        ...advice(`read the logs of keepalived on ${list(Object.keys(running))}`),
      ],
      figures,
    });
  },
});

const minutesOf = (s: number): string => `${Math.floor(s / 60)} min`;
