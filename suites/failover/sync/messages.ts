import { udpFrame } from '../../../src/probe/craft.ts';
import { readPcap } from '../../../src/probe/pcap.ts';
import { formatIpv4, parseIpv4 } from '../../../src/util/ipv4.ts';

/**
 * Messages of the sync daemons, version 1 (Linux ip_vs_sync.c):
 *
 *   reserved 0 | syncid | size (16) | connections | version 1 | spare (16)
 *   per connection: type | protocol | version and size (16) | flags (32) | state (16) | cport | vport | dport |
 *                   fwmark (32) | timeout in s (32) | caddr | vaddr | daddr, and options; padded to 4 bytes
 */

export const syncGroup = { ip: '224.0.0.81', mac: '01:00:5e:00:00:51', port: 8848 } as const;

/** An entry as it is sent to the backup; IPv4 only, others have `cip` «». */
export interface SyncRecord {
  tUs: number;
  protocol: number;
  cip: string;
  /** 0 in a persistence template. */
  cport: number;
  vip: string;
  vport: number;
  rip: string;
}

export interface SyncMessage {
  tUs: number;
  /** MAC of the sender. */
  sender: string;
  group: string;
  port: number;
  ttl: number;
  syncId: number;
  version: number;
  records: SyncRecord[];
}

/** All messages in a capture, in the order of the wire. Datagrams of another version have no records. */
export function syncMessages(pcap: Uint8Array): SyncMessage[] {
  return readPcap(pcap).flatMap(({ frame, captured }) => {
    const { ip, udp, tUs, src } = frame;
    if (!ip || !udp || !ip.dst.startsWith('224.')) return [];
    const end = 14 + ip.totalBytes;
    const body = captured.subarray(end - udp.payloadBytes, end);
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    if (body.length < 8) return [];
    const version = view.getUint8(5);
    const records = version === 1 ? recordsOf(view, view.getUint8(4), tUs) : [];
    return [
      {
        tUs,
        sender: src,
        group: ip.dst,
        port: udp.dstPort,
        ttl: ip.ttl,
        syncId: view.getUint8(1),
        version,
        records,
      },
    ];
  });
}

function recordsOf(view: DataView, count: number, tUs: number): SyncRecord[] {
  const records: SyncRecord[] = [];
  for (let at = 8; records.length < count && at + 36 <= view.byteLength; ) {
    const isIpv6 = (view.getUint8(at) & 1) !== 0;
    const address = (i: number): string => (isIpv6 ? '' : formatIpv4(view.getUint32(at + 24 + 4 * i)));
    records.push({
      tUs,
      protocol: view.getUint8(at + 1),
      cip: address(0),
      cport: view.getUint16(at + 10),
      vip: address(1),
      vport: view.getUint16(at + 12),
      rip: address(2),
    });
    const size = view.getUint16(at + 2) & 0xfff;
    if (size < 36) break;
    at += (size + 3) & ~3;
  }
  return records;
}

/** One message with one established TCP connection over DR, as a master would send it. */
export function syncFrame(o: {
  sender: { mac: string; ip: string };
  syncId: number;
  entry: Pick<SyncRecord, 'cip' | 'cport' | 'vip' | 'vport' | 'rip'>;
}): Uint8Array {
  const payload = new Uint8Array(8 + 36);
  const view = new DataView(payload.buffer);
  const { cip, cport, vip, vport, rip } = o.entry;
  view.setUint8(1, o.syncId);
  view.setUint16(2, payload.length);
  view.setUint8(4, 1);
  view.setUint8(5, 1);
  view.setUint8(9, 6);
  view.setUint16(10, 36);
  // IP_VS_CONN_F_DROUTE; state 1 is ESTABLISHED; it is forgotten after 30 s.
  view.setUint32(12, 3);
  view.setUint16(16, 1);
  for (const [i, port] of [cport, vport, vport].entries()) view.setUint16(18 + 2 * i, port);
  view.setUint32(28, 30);
  for (const [i, ip] of [cip, vip, rip].entries()) view.setUint32(32 + 4 * i, parseIpv4(ip) ?? 0);
  return udpFrame({
    srcMac: o.sender.mac,
    dstMac: syncGroup.mac,
    srcIp: o.sender.ip,
    dstIp: syncGroup.ip,
    srcPort: 40_000,
    dstPort: syncGroup.port,
    ttl: 1,
    payload,
  });
}
