/**
 * Source ports that this program has not used for as long as can be. The kernel gives out a port again within
 * seconds, and IPVS then sends the new connection where its old entry points: to a server that may be gone
 * (catalogue CT-05). That is worth a check of its own, and would spoil every other.
 */
const first = 10_000;
/** Below the range that the kernel gives out by itself. */
const last = 32_767;

let next = first;

export function freshPort(): number {
  const port = next;
  next = next === last ? first : next + 1;
  return port;
}
