/**
 * Source ports that this program has not used for as long as can be. The kernel gives out a port again within
 * seconds, and IPVS then sends the new connection where its old entry points: to a server that may be gone
 * (catalogue CT-05). That is worth a check of its own, and would spoil every other.
 */
const ranges = {
  /** For connections whose address the kernel chooses: which one that is, is not known before. */
  chosen: 2_048,
  /** For connections from a named address, which may be the one that the kernel would choose. */
  named: 17_408,
};
/** Both ranges end below the ports that the kernel gives out by itself, which begin at 32768. */
const inRange = 15_360;

/** Connections from one address until its ports begin again. */
export const freshPorts = inRange;

const usedOf = new Map<string, number>();
/** Ports that were asked for by number, whatever the address: those are fresh no more either. */
const asked = new Set<number>();

/** A port that the caller wants, so that no later connection gets it as a fresh one. */
export function askedPort(port: number): number {
  if (asked.size < inRange / 2) asked.add(port);
  return port;
}

/**
 * @param localAddress the address that it is a port of; the client's own without one
 * @param protocol each has its ports
 */
export function freshPort(localAddress = '', protocol: 'tcp' | 'udp' = 'tcp'): number {
  const first = localAddress === '' ? ranges.chosen : ranges.named;
  const owner = `${protocol} ${localAddress}`;
  let used = usedOf.get(owner) ?? 0;
  while (asked.has(first + used)) used = (used + 1) % inRange;
  usedOf.set(owner, (used + 1) % inRange);
  return first + used;
}
