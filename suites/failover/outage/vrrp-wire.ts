import { hostsOf, type LabSpec } from '../../../src/model/spec.ts';
import type { Frame } from '../../../src/probe/frame.ts';
import { readPcap } from '../../../src/probe/pcap.ts';

/** What directors say on the segment: advertisements of VRRP, and gratuitous ARP. */

export interface Advert {
  /** On the clock of the capture, from its first frame that is kept here. */
  tMs: number;
  /** Name of the director by its address, else that address. */
  from: string;
  version: number;
  virtualRouterId: number;
  /** 0: it leaves. */
  priority: number;
  /** What it says to be its interval. */
  advertMs: number;
  /** Sender's MAC address in the frame. */
  mac: string;
}

export interface Announcement {
  tMs: number;
  vip: string;
  /** Sender's MAC address in the ARP message. */
  mac: string;
  /** Of the frame that carries it: what a switch learns from. */
  frameMac: string;
  broadcast: boolean;
}

/** Filter of a capture that `wordsIn` can read. */
export const vrrpFilter = 'ip proto 112 or arp';

const vrrpProtocol = 112;
const ethernetBytes = 14;

/** What follows the header of IPv4 in a frame. */
export const vrrpBody = (captured: Uint8Array): Uint8Array =>
  captured.subarray(ethernetBytes + ((captured[ethernetBytes] ?? 0) & 0x0f) * 4);

/** RFC 9568 §5.1 and RFC 3768 §5.1: version and type, virtual router, priority, addresses, then the interval. */
export function decodeAdvert(
  frame: Frame,
  captured: Uint8Array,
  spec: LabSpec,
): Omit<Advert, 'tMs'> | undefined {
  if (frame.ip?.protocol !== vrrpProtocol) return undefined;
  const body = vrrpBody(captured);
  const [kind = 0, virtualRouterId = 0, priority = 0, , high = 0, low = 0] = body;
  if ((kind & 0x0f) !== 1) return undefined;
  const version = kind >> 4;
  const { src } = frame.ip;
  return {
    from: hostsOf(spec, 'director').find(({ ip }) => ip === src)?.name ?? src,
    version,
    virtualRouterId,
    priority,
    advertMs: version === 2 ? low * 1000 : (((high & 0x0f) << 8) | low) * 10,
    mac: frame.src,
  };
}

export interface Words {
  adverts: Advert[];
  announcements: Announcement[];
}

/** Everything that was said, in the order of the wire; times begin at `fromUs` of the capture's clock. */
export function wordsIn(pcap: Uint8Array, spec: LabSpec, fromUs?: number): Words {
  const words: Words = { adverts: [], announcements: [] };
  let startUs = fromUs;
  for (const { frame, captured } of readPcap(pcap)) {
    startUs ??= frame.tUs;
    const tMs = (frame.tUs - startUs) / 1000;
    const advert = decodeAdvert(frame, captured, spec);
    if (advert) words.adverts.push({ tMs, ...advert });
    const { arp } = frame;
    if (arp && arp.senderIp === arp.targetIp)
      words.announcements.push({
        tMs,
        vip: arp.senderIp,
        mac: arp.senderMac,
        frameMac: frame.src,
        broadcast: frame.dst === 'ff:ff:ff:ff:ff:ff',
      });
  }
  return words;
}
