import type { ServiceSpec } from '../../src/model/spec.ts';

/** Direct routing alone: what is said of addresses, headers and the MTU is not so with another method. */
export const drAlone = ['dr'] as const;

/** Real servers hold the VIP, get packets that nobody rewrote, and answer clients themselves. */
export const withVip = ['dr', 'tun'] as const;

/** What TUN wraps a packet in: another IPv4 header. */
export const wrapBytes = ({ forward }: Pick<ServiceSpec, 'forward'>): number => (forward === 'tun' ? 20 : 0);

/** For captures: what a director wrapped says only inside to whom it belongs. */
export const orWrapped = (filter: string): string => `(${filter}) or ip proto 4`;
