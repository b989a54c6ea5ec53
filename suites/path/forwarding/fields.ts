/** Which parts of a TCP packet differ; both from the IP header on. TTL and header checksum may. */

/** The IP packet of an Ethernet frame, without padding; of IPIP the packet inside. */
export function ipBytes(frame: Uint8Array): Buffer {
  const ip = Buffer.from(frame.subarray(14));
  const packet = ip[9] === 4 ? ip.subarray(((ip[0] ?? 0) & 0x0f) * 4) : ip;
  return packet.subarray(0, Math.max(20, packet.readUInt16BE(2)));
}

interface Field {
  name: string;
  from: number;
  to: number;
}

const inIp: Field[] = [
  { name: 'version and header length', from: 0, to: 1 },
  { name: 'DSCP and ECN', from: 1, to: 2 },
  { name: 'length', from: 2, to: 4 },
  { name: 'identification', from: 4, to: 6 },
  { name: 'fragment flags', from: 6, to: 8 },
  { name: 'protocol', from: 9, to: 10 },
  { name: 'source address', from: 12, to: 16 },
  { name: 'destination address', from: 16, to: 20 },
];

const inTcp: Field[] = [
  { name: 'ports', from: 0, to: 4 },
  { name: 'sequence numbers', from: 4, to: 12 },
  { name: 'TCP flags', from: 12, to: 14 },
  { name: 'window', from: 14, to: 16 },
  { name: 'TCP checksum', from: 16, to: 18 },
  { name: 'urgent pointer', from: 18, to: 20 },
];

/** Names of the fields that differ, in their order in the packet. */
export function differences(a: Buffer, b: Buffer): string[] {
  const ipBytes = ((a[0] ?? 0) & 0x0f) * 4;
  const tcpBytes = ((a[ipBytes + 12] ?? 0) >> 4) * 4;
  const fields: Field[] = [
    ...inIp,
    { name: 'IP options', from: 20, to: ipBytes },
    ...inTcp.map(({ name, from, to }) => ({ name, from: ipBytes + from, to: ipBytes + to })),
    { name: 'TCP options', from: ipBytes + 20, to: ipBytes + tcpBytes },
    { name: 'data', from: ipBytes + tcpBytes, to: Math.max(a.length, b.length) },
  ];
  return fields
    .filter(({ from, to }) => !a.subarray(from, to).equals(b.subarray(from, to)))
    .map(({ name }) => name);
}
