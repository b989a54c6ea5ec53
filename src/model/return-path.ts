/** Bytes on an interface. */
export interface Bytes {
  in: number;
  out: number;
}

/** Which way the answers went: through the director, past it, some of both; or not even the requests came to it. */
export type ReturnPath = 'through' | 'past' | 'partly' | 'apart';

/**
 * By the byte counters alone. A director sends on what the client sent; what it sends beyond that, as a share of what the
 * client received, are the answers. Headers of tunnels are in it, too, which is much beside small answers.
 * @returns undefined where the client received nothing.
 */
export function returnPathOf(director: Bytes, client: Bytes): ReturnPath | undefined {
  if (client.in === 0) return undefined;
  if (director.in < 0.1 * client.out) return 'apart';
  const share = answersShare(director, client);
  if (share < 0.4) return 'past';
  return share > 0.75 ? 'through' : 'partly';
}

export const answersShare = (director: Bytes, client: Bytes): number =>
  (director.out - client.out) / client.in;
