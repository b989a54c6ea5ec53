import type { ServiceSpec } from './spec.ts';

/**
 * What checks take for granted of a lab. One that presumes it says nothing about its own subject where a finding has
 * refuted it; so a check that establishes it is judged first, and the others are not judged because of that.
 */
export const preconditions = {
  asWritten: 'what is set on the hosts is what the lab file says',
  vipAtDirector: 'one director has the VIP and alone answers for it',
  framesToDirector: 'what clients send to the VIP goes to the director',
  serviceAnswers: 'a connection to the service is answered',
  allServersAnswer: 'every real server of the service answers through the VIP',
} as const;
export type Precondition = keyof typeof preconditions;
export const preconditionNames = Object.keys(preconditions) as [Precondition, ...Precondition[]];

/** What the judge of a check that establishes preconditions found of one. */
export interface Refutation {
  precondition: Precondition;
  /** Where it is broken. */
  hosts: string[];
  /** A service, as `tcp 198.18.0.100:80`, or all of a VIP; without it, of every VIP. */
  of?: string;
  /** Only for these clients; without it, for all of them. */
  from?: string[];
}

export const serviceName = ({
  protocol,
  vip,
  port,
}: Pick<ServiceSpec, 'protocol' | 'vip' | 'port'>): string => `${protocol} ${vip}:${port}`;

/** `because of PP-16: rs2` */
export const becauseOf = ({ check, hosts }: { check: string; hosts: readonly string[] }): string =>
  hosts.length > 0 ? `because of ${check}: ${hosts.join(', ')}` : `because of ${check}`;
