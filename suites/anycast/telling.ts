import { announcersOf, listenersOf } from '../../src/model/announced.ts';
import { check } from '../../src/model/check.ts';
import { icmpFrame, tcpFrame } from '../../src/probe/frame.ts';
import { inject } from '../../src/probe/inject.ts';
import { decodePcap } from '../../src/probe/pcap.ts';
import { barrier } from '../common/barrier.ts';
import { craftedPort } from '../common/crafted-ports.ts';
import { fail, inconclusive, pass } from '../common/judging.ts';
import { sysctls } from '../common/mutate.ts';
import { on } from '../common/remedy.ts';
import { clientOf, hostOfMac, list, realServersOf } from '../common/subjects.ts';
import { mapFlows } from './mapping.ts';
import { announced, announcedService, ownAnnounced } from './stage.ts';

/*
 *   a router on the way ──ICMP fragmentation needed, about a flow of a1──▶ ECMP ──▶ a3, which has never seen the flow
 *                                                                                   └──▶ the flow's real server
 */

interface Told {
  directors: string[];
  /** By flow: its real server, and who got the error that each director was handed; '' for nobody. */
  flows: { server: string; reached: string[] }[];
  /** schedule_icmp of each director. */
  scheduled: string[];
}

const flowCount = 8;

export const errorsFindServer = check<Told>({
  id: 'ANY-08',
  suite: 'anycast',
  level: 'should',
  title: 'an ICMP error reaches the real server of its flow, whichever director gets it',
  requirement:
    'A router hashes an ICMP error by its own addresses, so any director may get it: a director that does not know the flow schedules the error as it would the flow (schedule_icmp).',
  source: 'RFC 7690; ipvs-sysctl.rst: schedule_icmp; Linux ip_vs_in_icmp()',
  needs: ['capture', 'inject', 'announcedVips', 'ipvs'],
  announced: true,
  stage: announced,
  own: ownAnnounced({ hashes: true }),
  mutants: [
    {
      id: 'not-scheduled',
      breaks: 'directors schedule no ICMP errors (schedule_icmp=0)',
      change: sysctls('director', { 'net.ipv4.vs.schedule_icmp': '0' }),
      reason: /schedule_icmp is 0/,
    },
  ],
  async observe({ lab, evidence }) {
    const { spec } = lab;
    const service = announcedService(spec);
    const client = clientOf(spec);
    const [listener] = listenersOf(spec);
    const directors = announcersOf(spec);
    if (!listener) throw new Error('no router hears announcements');
    // The first director alone has seen the flows.
    const mapped = await mapFlows(lab, service, {
      firstPort: craftedPort.told,
      count: flowCount,
      directors: directors.slice(0, 1),
    });
    await evidence.save('flows.pcap', mapped.pcap);
    const capture = await lab.capture({ filter: `icmp and dst host ${service.vip}` });
    for (const { host, leg } of directors) {
      const ends = { srcMac: listener.leg.mac, dstMac: leg.mac };
      const frames = Array.from({ length: flowCount }, (_, i) => {
        const quoted = tcpFrame({
          ...{ srcMac: leg.mac, dstMac: listener.leg.mac, srcIp: service.vip, dstIp: client.ip },
          ...{ srcPort: service.port, dstPort: craftedPort.told + i, flags: ['ack'] },
        }).subarray(14, 14 + 28);
        return icmpFrame({
          ...ends,
          ...{ srcIp: client.ip, dstIp: service.vip, type: 3, code: 4, rest: 1_400, payload: quoted },
        });
      });
      await inject(lab.host(listener.host.name), frames, { device: listener.leg.device });
      const rips = realServersOf(spec, service).map(({ ip }) => ip);
      await barrier(lab.host(host.name), [listener.leg.ip], rips);
    }
    const pcap = await capture.stop();
    await evidence.save('icmp-errors.pcap', pcap);
    const to = new Map<string, string>();
    for (const { src, dst, icmp } of decodePcap(pcap)) {
      const [from, server] = [hostOfMac(spec, src), hostOfMac(spec, dst)];
      if (from?.role === 'director' && server?.role === 'realServer')
        to.set(`${from.name} ${icmp?.quoted?.dstPort}`, server.name);
    }
    const scheduled = await Promise.all(
      directors.map(async ({ host }) =>
        (await lab.host(host.name).exec('exec cat /proc/sys/net/ipv4/vs/schedule_icmp')).stdout.trim(),
      ),
    );
    return {
      directors: directors.map(({ host }) => host.name),
      scheduled,
      flows: mapped.flows.map(([server = ''], i) => ({
        server,
        reached: directors.map(({ host }) => to.get(`${host.name} ${craftedPort.told + i}`) ?? ''),
      })),
    };
  },
  judge({ directors, flows, scheduled }, { spec }) {
    const service = announcedService(spec);
    const expected = `${flows.length} errors reach the real server of their flow through each of ${list(directors)}`;
    const known = flows.filter(({ server }) => server !== '');
    if (known.length < flowCount)
      return inconclusive(expected, `${known.length} of ${flowCount} flows reached a real server themselves`);
    const off = directors.flatMap((name, i) => {
      const wrong = known.filter(({ server, reached }) => reached[i] !== server).length;
      return wrong > 0 ? [{ name, wrong, strict: scheduled[i] === '0' }] : [];
    });
    if (off.length === 0) return pass(expected, `all did, on ${service.vip}`);
    const said = off.map(({ name, wrong }) => `${wrong} of ${known.length} through ${name} did not`);
    const strict = off.filter((one) => one.strict).map(({ name }) => name);
    return fail(expected, said.join('; '), {
      cause:
        strict.length > 0
          ? `errors of flows that are not known on ${list(strict)} go nowhere: schedule_icmp is 0`
          : `on ${list(off.map(({ name }) => name))} another real server is chosen than the flow has, or ICMP is dropped`,
      remedy:
        strict.length > 0
          ? on(strict, 'sysctl -w net.ipv4.vs.schedule_icmp=1')
          : on(
              off.map(({ name }) => name),
              'iptables -S',
              'ipvsadm -Sn',
            ),
    });
  },
});
