import type { Difference } from './compare.ts';

/** A difference in words. */

const nouns: Record<Difference['kind'], string> = {
  link: 'the interface',
  address: 'the address',
  connected: 'the route of its own subnet',
  route: 'the route',
  rule: 'the routing rule',
  neighbour: 'the permanent neighbour entry',
  queue: 'the qdisc',
  filter: 'the filter rule',
  table: 'the nftables table',
  service: 'the service',
  destination: 'the real server',
  timeouts: 'the timeouts of IPVS',
  sync: 'the sync daemon',
  daemon: 'the daemon',
  sysctl: 'the sysctl',
};

/** Of tables, whose text is long. */
const brief = (text: string): string => (text.includes('\n') ? `${text.split('\n').length} lines` : text);

export function described({ host, kind, key, meant, found, against }: Difference): string {
  const thing = kind === 'timeouts' ? nouns.timeouts : `${nouns[kind]} ${key}`;
  const value = found ? ` (${brief(found)})` : '';
  if (meant === undefined) {
    const since = against === 'before' ? 'did not have before' : 'should not have';
    return `${host} has ${thing}${value}, which it ${since}`;
  }
  if (found === undefined) return `${host} lacks ${thing}${meant ? ` (${brief(meant)})` : ''}`;
  if (kind === 'table') return `${thing} of ${host} has other rules than were written`;
  if (against === 'others') return `${thing} of ${host} is ${found}, and ${meant} on the other hosts`;
  return `${thing} of ${host} ${kind === 'timeouts' ? 'are' : 'is'} ${found}, not ${meant}`;
}
