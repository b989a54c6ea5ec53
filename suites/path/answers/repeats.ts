import { hostsOf, type LabSpec } from '../../../src/model/spec.ts';
import { macsOfHost } from '../../../src/model/topology.ts';
import type { Frame } from '../../../src/probe/frame.ts';
import { clientOf, gatewayOf, macsOf } from '../../common/subjects.ts';

/** Segments or datagrams that their sender put on the wire more than once. */
export interface Repeated {
  sender: string;
  /** The real server of the connection, where any frame shows it. */
  server?: string;
  what: 'SYN' | 'SYN-ACK' | 'FIN' | 'data' | 'datagram';
  /** The same packet twice (same IP id), not sent again by the sender's TCP; a SYN-ACK has no id to tell by. */
  copied: boolean;
  times: number;
}

/** Counts the frames of the client and of real servers to it, and finds those that were sent more than once. */
export function repeatsIn(spec: LabSpec, all: Frame[]): { frames: number; repeated: Repeated[] } {
  const client = clientOf(spec);
  const entrance = gatewayOf(spec, client);
  const servers = hostsOf(spec, 'realServer');
  const nameOf = new Map(
    servers.flatMap((one) => macsOfHost(one).map((mac): [string, string] => [mac, one.name])),
  );
  const directors = macsOf(hostsOf(spec, 'director'));
  /** By the client's port: the real server that was sent the connection, or answered it. */
  const owner = new Map<number, string>();
  for (const { src, dst, tcp, udp } of all) {
    const l4 = tcp ?? udp;
    const [to, from] = [nameOf.get(dst), nameOf.get(src)];
    if (l4 && directors.has(src) && to !== undefined) owner.set(l4.srcPort, to);
    if (l4 && from !== undefined) owner.set(l4.dstPort, from);
  }
  // Segments of connections that an earlier check opened may still come, and be repeated: not our matter.
  const opened = new Set(
    all.flatMap(({ src, tcp, ip }) =>
      tcp?.flags.syn && src === entrance.mac && ip?.src === client.ip ? [tcp.srcPort] : [],
    ),
  );
  const seen = new Map<string, Set<number>>();
  const repeated: Repeated[] = [];
  let frames = 0;
  for (const frame of all) {
    const { src, ip, tcp, udp } = frame;
    const l4 = tcp ?? udp;
    const fromClient = src === entrance.mac && ip?.src === client.ip;
    const sender = fromClient ? client.name : nameOf.get(src);
    const what = whatOf(frame);
    if (!ip || !l4 || sender === undefined || what === undefined) continue;
    if (!fromClient && ip.dst !== client.ip) continue;
    if (tcp && !opened.has(fromClient ? tcp.srcPort : tcp.dstPort)) continue;
    frames += 1;
    const key = [src, l4.srcPort, l4.dstPort, what, tcp?.seq].join(' ');
    const ids = seen.get(key);
    if (ids === undefined) {
      seen.set(key, new Set([ip.id]));
      continue;
    }
    const copied = ids.has(ip.id) && what !== 'SYN-ACK';
    ids.add(ip.id);
    const server = owner.get(fromClient ? l4.srcPort : l4.dstPort);
    const same = repeated.find(
      (one) => one.sender === sender && one.server === server && one.what === what && one.copied === copied,
    );
    if (same) same.times += 1;
    else repeated.push({ sender, what, copied, times: 1, ...(server && { server }) });
  }
  return { frames, repeated };
}

/** Segments that are sent until they are acknowledged, and datagrams; nothing for bare ACKs and resets. */
function whatOf({ tcp, udp, ip }: Frame): Repeated['what'] | undefined {
  if (udp) return ip?.moreFragments ? undefined : 'datagram';
  if (!tcp || tcp.flags.rst) return undefined;
  if (tcp.flags.syn) return tcp.flags.ack ? 'SYN-ACK' : 'SYN';
  if (tcp.payloadBytes > 0) return 'data';
  return tcp.flags.fin ? 'FIN' : undefined;
}
