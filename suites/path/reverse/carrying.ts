import { check } from '../../../src/model/check.ts';
import type { Host } from '../../../src/model/host.ts';
import { deviceOf, hostSpec, hostsOf } from '../../../src/model/spec.ts';
import { legTo } from '../../../src/model/topology.ts';
import { udpFrame } from '../../../src/probe/frame.ts';
import { inject } from '../../../src/probe/inject.ts';
import { activeDirector } from '../../../src/probe/neighbour.ts';
import { decodePcap } from '../../../src/probe/pcap.ts';
import { procNet } from '../../../src/probe/proc-net.ts';
import { TimedOut } from '../../../src/util/errors.ts';
import { until } from '../../../src/util/until.ts';
import { onDirectorsElsewhere } from '../../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { withVip } from '../../common/methods.ts';
import { onDirectors } from '../../common/mutate.ts';
import { advice, on } from '../../common/remedy.ts';
import { clientOf, isFrom, macsOf, realServersOf, serviceOf } from '../../common/subjects.ts';
import { everywhere } from '../../common/vantages.ts';

/*
 *   client ◀─ ─ ─ ╳ ─ ─ director ◀──── «VIP to client» ──── real server whose gateway is the director
 */

interface Returned {
  director: string;
  server: string;
  /** Answers that the real server sent into the director, and those that came out again. */
  sent: number;
  forwarded: number;
  /** What that kernel dropped meanwhile: for their source, and since it does not forward. */
  martians: number;
  noRoute: number;
}

const port = 46_300;
const datagrams = 3;

/**
 * Linux fib_frontend.c, fib_validate_source(): a source that is an address of this host is a martian, even where the
 * director forwards. With accept_local as well it would carry answers: that works, and is no direct routing.
 */
export const directorCarriesNoAnswers = check<Returned>({
  id: 'RP-03',
  suite: 'path',
  level: 'must',
  title: 'the director carries no answers back',
  requirement:
    'What a real server sends from the VIP into the director is dropped there: the director is not on the return path, which is why it does not handle answers.',
  source: 'Linux fib_validate_source(), ip-sysctl.rst accept_local; LVS-HOWTO, LVS-DR',
  forwards: withVip,
  needs: ['capture', 'inject', 'director'],
  vantages: everywhere('tcp'),
  mutants: [
    {
      id: 'accept-local-and-forward',
      breaks: 'accept_local=1 and ip_forward=1 on the director, which make it the gateway of real servers',
      change: onDirectors(() => 'sysctl -qw net.ipv4.conf.all.accept_local=1 net.ipv4.ip_forward=1'),
      reason: /3 of 3 .* d1 routes answers/,
    },
    onDirectorsElsewhere(
      {
        id: 'forwards-to-the-router',
        breaks: 'the director forwards what real servers send it, but for one client',
        reason: /3 of 3 .* d1 routes answers/,
      },
      (spec) =>
        `sysctl -qw net.ipv4.conf.all.accept_local=1 net.ipv4.ip_forward=1
         iptables-legacy -A FORWARD -d ${clientOf(spec).ip} -j DROP`,
    ),
  ],
  async observe({ lab, evidence }) {
    const service = serviceOf(lab.spec, 'tcp');
    const director = hostSpec(lab.spec, await activeDirector(lab, service.vip));
    const [server] = realServersOf(lab.spec, service);
    if (!server) throw new Error(`the service on port ${service.port} has no real server`);
    const answer = udpFrame({
      srcMac: server.mac,
      dstMac: legTo(lab.spec, director, server).mac,
      srcIp: service.vip,
      dstIp: clientOf(lab.spec).ip,
      srcPort: port,
      dstPort: port,
    });
    const capture = await lab.capture({ filter: `udp and src port ${port} and src host ${service.vip}` });
    const before = await dropsOf(lab.host(director.name));
    await inject(lab.host(server.name), Array(datagrams).fill(answer), { device: deviceOf(server) });
    const drops = await risen(lab.host(director.name), before);
    const pcap = await capture.stop();
    await evidence.save('answers-into-director.pcap', pcap);
    const frames = decodePcap(pcap);
    const directors = macsOf(hostsOf(lab.spec, 'director'));
    return {
      director: director.name,
      server: server.name,
      sent: frames.filter((frame) => frame.src === server.mac && isFrom(frame.dst, director)).length,
      forwarded: frames.filter((frame) => directors.has(frame.src)).length,
      ...drops,
    };
  },
  judge({ director, server, sent, forwarded, martians, noRoute }) {
    const expected = `0 of ${sent} answers from ${server} come out of ${director} again`;
    const seen = `${forwarded} of ${sent} came out; in_martian_src rose by ${martians}, in_no_route by ${noRoute}`;
    if (sent === 0) return inconclusive(expected, 'our frames were not seen on the wire');
    if (forwarded === 0) return pass(expected, seen);
    return fail(expected, seen, {
      cause: `${director} routes answers: real servers may have it as their gateway, and then it is not bypassed`,
      remedy: [
        ...on(director, 'sysctl -w net.ipv4.conf.all.accept_local=0 net.ipv4.ip_forward=0'),
        ...advice('real servers need another gateway'),
      ],
    });
  },
});

type Drops = Pick<Returned, 'martians' | 'noRoute'>;

/**
 * Of all network namespaces of that kernel, which a lab has for itself. Without ip_forward a packet for somebody else
 * has no route before anybody looks at its source.
 */
async function dropsOf(host: Host): Promise<Drops> {
  const [heads = [], ...cpus] = (await procNet(host, 'stat/rt_cache'))
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const sum = (name: string): number =>
    cpus.reduce((total, cpu) => total + Number.parseInt(cpu[heads.indexOf(name)] ?? '', 16), 0);
  return { martians: sum('in_martian_src'), noRoute: sum('in_no_route') };
}

/** By how much the counts have risen, once they account for what was sent, or after half a second. */
async function risen(host: Host, before: Drops): Promise<Drops> {
  let by: Drops = { martians: 0, noRoute: 0 };
  const look = async () => {
    const now = await dropsOf(host);
    by = { martians: now.martians - before.martians, noRoute: now.noRoute - before.noRoute };
    return by.martians + by.noRoute >= datagrams ? by : undefined;
  };
  try {
    return await until('drops', look, { withinMs: 500, everyMs: 50 });
  } catch (error) {
    if (error instanceof TimedOut) return by;
    throw error;
  }
}
