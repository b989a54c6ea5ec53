import { type LabSpec, vipsOf } from '../../src/model/spec.ts';
import { daemonAway } from '../common/looking/daemons.ts';
import type { Difference } from './compare.ts';
import { ofTable } from './table-words.ts';

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

export function described(spec: LabSpec, difference: Difference): string {
  const { host, kind, key, meant, found, against } = difference;
  if (kind === 'service' || kind === 'destination') return ofTable(spec, difference);
  if (kind === 'daemon' && meant === undefined) return `${key} runs on ${host}`;
  if (kind === 'daemon') return daemonAway({ host, name: key, state: found ?? 'ended' });
  const thing = thingOf(spec, difference);
  if (meant === undefined) {
    const since = against === 'before' ? 'did not have before' : 'should not have';
    return `${host} has ${thing}${bracketed(found)}, which it ${since}`;
  }
  if (found === undefined) return `${host} lacks ${thing}${bracketed(meant)}`;
  if (kind === 'table') return `${thing} of ${host} has other rules than were written`;
  if (against === 'others') return `${thing} of ${host} is ${found}, and ${meant} on the other hosts`;
  return `${thing} of ${host} ${kind === 'timeouts' ? 'are' : 'is'} ${found}, not ${meant}`;
}

/** Of tables, whose text is long, only the first rules. */
function bracketed(value: string | undefined): string {
  if (!value) return '';
  const [first = '', second = '', ...more] = value
    .split('\n')
    .filter((line) => !/[{}]$|^type .* policy accept;$/.test(line));
  return ` (${[first, second, more.length > 0 ? `and ${more.length} more` : ''].filter((text) => text !== '').join('; ')})`;
}

function thingOf(spec: LabSpec, { host, kind, key }: Difference): string {
  if (kind === 'timeouts') return nouns.timeouts;
  if (kind === 'link') return linkOf(key);
  if (kind !== 'address') return `${nouns[kind]} ${key}`;
  const [ip = ''] = key.split('/');
  const owner = spec.hosts.find((one) => one.ip === ip && one.name !== host);
  if (owner) return `the address of ${owner.name}, ${key}`;
  return `${vipsOf(spec).includes(ip) ? 'the VIP' : nouns.address} ${key}`;
}

function linkOf(key: string): string {
  const [, device = '', setting = ''] = key.split(' ');
  const name = {
    mtu: 'the MTU of',
    address: 'the MAC address of',
    arp: 'ARP on',
    promisc: 'promiscuous mode on',
  }[setting];
  return `${name ?? 'the interface'} ${device}`;
}
