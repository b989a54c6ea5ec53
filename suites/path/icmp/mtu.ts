import { check } from '../../../src/model/check.ts';
import type { Lab } from '../../../src/model/lab.ts';
import type { HostSpec } from '../../../src/model/spec.ts';
import { firstHop } from '../../../src/model/topology.ts';
import { type Answer, proberOn } from '../../../src/probe/client/prober.ts';
import { type Frame, tcpFrame } from '../../../src/probe/frame.ts';
import { decodePcap } from '../../../src/probe/pcap.ts';
import { craftedPort } from '../../common/crafted-ports.ts';
import { dropOnDirectors } from '../../common/elsewhere.ts';
import { fail, inconclusive, pass } from '../../common/judging.ts';
import { orWrapped, wrapBytes } from '../../common/methods.ts';
import { afterApply, nameOfFirst, onDirectors } from '../../common/mutate.ts';
import { advice, filtersOn, on } from '../../common/remedy.ts';
import {
  clientOf,
  list,
  macsTowardsServers,
  realServersOf,
  serviceOf,
  targetOf,
} from '../../common/subjects.ts';
import { everywhere } from '../../common/vantages.ts';
import { sendFrom, type Way, wayToVip } from '../crafted.ts';
import { dropIcmpFrom, dropIcmpTo } from './dropping.ts';

/*
 *   client ── 1500 bytes, DF ──▶ director ──┤ route to the RIP: MTU 1200
 *      ◀── ICMP fragmentation needed, from the VIP: 1200 ──
 */

interface Narrow {
  director: string;
  /** A crafted SYN of the full MTU with DF, before the route became narrow: frames to real servers. */
  fullSize: { bytes: number; into: number; forwarded: number };
  /** Frames of the upload that reached the director and are too large for the narrow route: what it has to answer. */
  oversize: number;
  /** `fragmentation needed` about our upload, by source address; the MTU in it. */
  needed: { src: string; mtu: number }[];
  answer: Answer;
  /** What the client has learnt, as `ip route get VIP` says it: the MTU; 0 where it has learnt none. */
  learntMtu: number;
}

const narrowMtu = 1_200;
const uploadBytes = 5_000;

/** Runs `work` while the director's routes to the real servers are narrow; every trace of it is taken back. */
async function whileNarrow<T>(
  lab: Lab,
  { director, client, servers }: { director: HostSpec; client: HostSpec; servers: HostSpec[] },
  work: () => Promise<T>,
): Promise<T> {
  const host = lab.host(director.name);
  const routes = (verb: string, more = '') =>
    servers
      .map((server) => {
        const { device, via } = firstHop(lab.spec, director, server);
        return `route ${verb} ${server.ip}/32 ${via === undefined ? '' : `via ${via} `}dev ${device}${more}\n`;
      })
      .join('');
  try {
    await host.exec('exec ip -batch -', { input: routes('add', ` mtu ${narrowMtu}`) });
    return await work();
  } finally {
    await host.exec('ip -force -batch - 2>&-; :', { input: `${routes('del')}route flush cache\n` });
    await lab.host(client.name).exec('ip route flush cache');
  }
}

async function sendFullSize(lab: Lab, way: Way): Promise<void> {
  const service = serviceOf(lab.spec, 'tcp');
  const payload = new Uint8Array(lab.spec.network.mtu - wrapBytes(service) - 40);
  const frame = tcpFrame({
    ...way.ends,
    srcPort: craftedPort.fullSize,
    dstPort: service.port,
    flags: ['syn'],
    payload,
  });
  await sendFrom(lab, way, [frame]);
}

function fullSizeIn(frames: Frame[], { spec }: Lab, way: Way): Narrow['fullSize'] {
  const bytes = spec.network.mtu - wrapBytes(serviceOf(spec, 'tcp'));
  const whole = frames.filter(
    (one) => one.tcp?.srcPort === craftedPort.fullSize && one.ip?.totalBytes === bytes,
  );
  const servers = macsTowardsServers(spec);
  return {
    bytes,
    into: whole.filter((one) => one.dst === way.director.mac).length,
    forwarded: whole.filter((one) => servers.has(one.dst)).length,
  };
}

/**
 * Linux ip_vs_xmit.c, ensure_mtu_is_adequate(): ICMP fragmentation needed. DR itself adds no header, so that
 * it needs no smaller MTU than the segment has.
 */
export const narrowRouteIsTold = check<Narrow>({
  id: 'PP-13',
  differsBy: 'method',
  suite: 'path',
  level: 'must',
  title: 'the client learns of a narrow route to a real server',
  requirement:
    'Packets of the full MTU pass, with TUN those that are 20 bytes shorter. Where the route to a real server is narrower, the VIP answers DF packets with ICMP fragmentation needed and its MTU (less what TUN adds), and the transfer continues.',
  source: 'Linux ensure_mtu_is_adequate(); RFC 1191',
  needs: ['capture', 'inject', 'director', 'ipvs'],
  presumes: ['vipAtDirector', 'framesToDirector'],
  vantages: everywhere('tcp'),
  mutants: [
    {
      id: 'icmp-dropped-by-director',
      breaks: 'the director may not send ICMP',
      change: onDirectors(dropIcmpFrom),
      reason: /0 ICMP fragmentation needed.*does not get out of d1/,
    },
    {
      id: 'icmp-dropped-by-client',
      breaks: 'a firewall on the client drops incoming ICMP',
      change: afterApply((spec) => `ip netns exec ${nameOfFirst(spec, 'client')} sh -ec '${dropIcmpTo()}'`),
      reason: /timeout.*c1 does not take it/,
    },
    dropOnDirectors(
      {
        id: 'icmp-to-one-dropped',
        breaks: 'the director may send no ICMP to one client',
        reason: /0 ICMP fragmentation needed.*does not get out of d1/,
      },
      'egress',
      (_, { ip }) => `match ip dst ${ip}/32 match ip protocol 1 0xff`,
    ),
  ],
  async observe({ lab, evidence }) {
    const service = serviceOf(lab.spec, 'tcp');
    const way = await wayToVip(lab);
    const { client, director } = way;
    const capture = await lab.capture({
      filter: orWrapped(`icmp or (tcp and src host ${client.ip})`),
      snapLengthBytes: 128,
    });
    await sendFullSize(lab, way);
    const servers = realServersOf(lab.spec, service);
    const prober = await proberOn(lab, client.name);
    return whileNarrow(lab, { director, client, servers }, async () => {
      const path = `/${'x'.repeat(uploadBytes)}`;
      const answers = await prober.requests(targetOf(service), { count: 1, path, timeoutMs: 4_000 });
      const { stdout } = await lab.host(client.name).exec(`ip route get ${service.vip}`);
      const pcap = await capture.stop();
      await evidence.save('icmp.pcap', pcap);
      await evidence.save('client-route.txt', stdout);
      const frames = decodePcap(pcap);
      return {
        director: director.name,
        fullSize: fullSizeIn(frames, lab, way),
        oversize: frames.filter(
          ({ dst, outer, ip, tcp }) =>
            !outer &&
            dst === director.mac &&
            ip?.dst === service.vip &&
            tcp?.srcPort !== craftedPort.fullSize &&
            ip.totalBytes > narrowMtu - wrapBytes(service),
        ).length,
        needed: frames
          .filter(({ icmp, dst }) => icmp?.mtu !== undefined && dst === way.lastHop.mac)
          .filter(({ icmp }) => icmp?.quoted?.dst === service.vip && icmp.quoted.dstPort === service.port)
          .map((one) => ({ src: one.ip?.src ?? '', mtu: one.icmp?.mtu ?? 0 })),
        answer: answers[0] as Answer,
        learntMtu: Number(/ mtu (\d+)/.exec(stdout)?.[1] ?? 0),
      };
    });
  },
  judge({ director, fullSize, oversize, needed, answer, learntMtu }, { spec }) {
    const service = serviceOf(spec, 'tcp');
    const { vip } = service;
    const toldMtu = narrowMtu - wrapBytes(service);
    const client = clientOf(spec).name;
    const expected = `${fullSize.bytes} bytes with DF pass; then ICMP fragmentation needed from ${vip} with MTU ${toldMtu}, and the upload is answered`;
    if (fullSize.into === 0) return inconclusive(expected, 'our packet was not seen entering the director');
    if (fullSize.forwarded === 0)
      return fail(expected, `a packet of ${fullSize.bytes} bytes did not get through ${director}`, {
        cause: `the MTU of ${director} towards the real servers is smaller than that of the segment`,
        remedy: on(director, 'ip link show', 'ip route show'),
      });
    if (oversize === 0)
      return inconclusive(
        expected,
        `no packet of the upload that is too large for the route reached ${director}${answer.error ? `: ${answer.error}` : ''}`,
      );
    const said = list(needed.map(({ src, mtu }) => `${src} (MTU ${mtu})`));
    const ending = answer.ok ? 'answered' : `not answered: ${answer.error}`;
    const seen = `${needed.length} ICMP fragmentation needed from ${said}; ${client} knows an MTU of ${learntMtu}; the upload was ${ending}`;
    const right = needed.length > 0 && needed.every((one) => one.src === vip && one.mtu === toldMtu);
    if (right && answer.ok && learntMtu === toldMtu) return pass(expected, seen);
    if (!right)
      return fail(expected, seen, {
        cause:
          needed.length === 0
            ? `ICMP type 3 code 4 does not get out of ${director}`
            : `${director} or a router reports an MTU other than the route’s`,
        remedy: on(
          director,
          'iptables -I OUTPUT -p icmp --icmp-type fragmentation-needed -j ACCEPT',
          filtersOn(spec, 'egress'),
        ),
      });
    return fail(expected, seen, {
      cause: `the ICMP message was sent and ${client} does not take it: a firewall drops ICMP`,
      remedy: [
        ...on(client, 'iptables -I INPUT -p icmp --icmp-type fragmentation-needed -j ACCEPT'),
        ...advice('firewalls before it must let ICMP type 3 code 4 through, too'),
      ],
    });
  },
});
