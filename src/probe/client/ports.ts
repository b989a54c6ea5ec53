/**
 * Source ports that this program has not used for as long as can be. The kernel gives out a port again within
 * seconds, and IPVS then sends the new connection where its old entry points: to a server that may be gone
 * (catalogue CT-05). That is worth a check of its own, and would spoil every other.
 */
const first = 10_000;
/** Below the range that the kernel gives out by itself. */
const last = 32_767;

/** Connections from one address until its ports begin again. */
export const freshPorts = last - first + 1;

const nextOf = new Map<string, number>();

/** @param localAddress the address that it is a port of; the client's own without one */
export function freshPort(localAddress = ''): number {
  const port = nextOf.get(localAddress) ?? first;
  nextOf.set(localAddress, port === last ? first : port + 1);
  return port;
}
