import { check } from '../../src/model/check.ts';
import type { Host } from '../../src/model/host.ts';
import { deviceOf, hostSpec, hostsOf } from '../../src/model/spec.ts';
import { udpFrame } from '../../src/probe/frame.ts';
import { inject } from '../../src/probe/inject.ts';
import { activeDirector } from '../../src/probe/neighbour.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { TimedOut } from '../../src/util/errors.ts';
import { until } from '../../src/util/until.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { onDirectors } from '../common/mutate.ts';
import { clientOf, macsOf, realServersOf, serviceOf } from '../common/subjects.ts';

/*
 *   client ◀─ ─ ─ ╳ ─ ─ director ◀──── «VIP to client» ──── real server whose gateway is the director
 */

interface Returned {
  director: string;
  server: string;
  /** Answers that the real server sent into the director, and those that came out again. */
  sent: number;
  forwarded: number;
  /** By how much in_martian_src of that kernel rose meanwhile. */
  martians: number;
}

const port = 46_300;
const datagrams = 3;

/** Linux fib_frontend.c, fib_validate_source(): a source that is an address of this host is a martian. */
export const directorCarriesNoAnswers = check<Returned>({
  id: 'RP-03',
  suite: 'path',
  level: 'must',
  title: 'the director carries no answers back',
  requirement:
    'What a real server sends from the VIP into the director is dropped there: the director is no way back, which is why it can leave answers alone.',
  source: 'Linux fib_validate_source(), ip-sysctl.rst accept_local; LVS-HOWTO, LVS-DR',
  needs: ['capture', 'inject', 'director'],
  mutants: [
    {
      id: 'accept-local-and-forward',
      breaks: 'accept_local=1 and ip_forward=1 on the director, which make it the gateway of real servers',
      change: onDirectors(() => 'sysctl -qw net.ipv4.conf.all.accept_local=1 net.ipv4.ip_forward=1'),
      reason: /3 of 3 .* d1 routes answers/,
    },
  ],
  async observe({ lab, evidence }) {
    const service = serviceOf(lab.spec, 'tcp');
    const director = hostSpec(lab.spec, await activeDirector(lab, service.vip));
    const [server] = realServersOf(lab.spec, service);
    if (!server) throw new Error(`the service on port ${service.port} has no real server`);
    const answer = udpFrame({
      srcMac: server.mac,
      dstMac: director.mac,
      srcIp: service.vip,
      dstIp: clientOf(lab.spec).ip,
      srcPort: port,
      dstPort: port,
    });
    const capture = await lab.capture({ filter: `udp and src port ${port} and src host ${service.vip}` });
    const before = await martiansOf(lab.host(director.name));
    await inject(lab.host(server.name), Array(datagrams).fill(answer), { device: deviceOf(server) });
    const martians = await risen(lab.host(director.name), before);
    const pcap = await capture.stop();
    await evidence.save('answers-into-director.pcap', pcap);
    const frames = decodePcap(pcap);
    const directors = macsOf(hostsOf(lab.spec, 'director'));
    return {
      director: director.name,
      server: server.name,
      sent: frames.filter((frame) => frame.src === server.mac && frame.dst === director.mac).length,
      forwarded: frames.filter((frame) => directors.has(frame.src)).length,
      martians,
    };
  },
  judge({ director, server, sent, forwarded, martians }) {
    const expected = `0 of ${sent} answers from ${server} come out of ${director} again`;
    const seen = `${forwarded} of ${sent} came out; in_martian_src rose by ${martians}`;
    if (sent === 0) return inconclusive(expected, 'our frames were not seen on the wire');
    if (forwarded === 0) return pass(expected, seen);
    return fail(expected, seen, {
      cause: `${director} routes answers: real servers may have it as their gateway, and then it is not bypassed`,
      mend: `on ${director}: sysctl -w net.ipv4.conf.all.accept_local=0 net.ipv4.ip_forward=0; real servers need another gateway`,
    });
  },
});

/** Of all network namespaces of that kernel, which a lab has for itself. */
async function martiansOf(host: Host): Promise<number> {
  const { stdout } = await host.exec('exec cat /proc/net/stat/rt_cache');
  const [heads = '', ...cpus] = stdout.trim().split('\n');
  const column = heads.trim().split(/\s+/).indexOf('in_martian_src');
  return cpus.reduce((sum, line) => sum + Number.parseInt(line.trim().split(/\s+/)[column] ?? '', 16), 0);
}

/** By how much the count has risen, once it has risen by what was sent, or after half a second. */
async function risen(host: Host, before: number): Promise<number> {
  let by = 0;
  const look = async () => {
    by = (await martiansOf(host)) - before;
    return by >= datagrams ? by : undefined;
  };
  try {
    return await until('martians', look, { withinMs: 500, everyMs: 50 });
  } catch (error) {
    if (error instanceof TimedOut) return by;
    throw error;
  }
}
