import { isIpv6 } from '../../util/ipv6.ts';
import { parseInterfaceAddress } from '../../util/subnet.ts';
import type { Place } from '../place.ts';
import type { Word } from './words.ts';

/** A line of `virtual_ipaddress` and its like. */
export interface VipLine {
  address: string;
  place: Place;
  prefixLength: number;
  /** The prefix length is written. */
  withPrefix: boolean;
  device?: string;
  label?: string;
  scope?: string;
  noTrack: boolean;
}

export function vipLine([first, ...more]: Word[]): VipLine | undefined {
  const parsed = first && parseInterfaceAddress(first.text);
  if (!first || !parsed) return undefined;
  const address = first.text.split('/')[0] ?? '';
  const after = (name: string): string | undefined =>
    more[more.findIndex((word) => word.text === name) + 1 || more.length]?.text;
  const optional = Object.entries({
    device: after('dev'),
    label: after('label'),
    scope: after('scope'),
  }).filter(([, value]) => value !== undefined);
  return {
    address,
    place: first.place,
    prefixLength: parsed.prefixLength ?? (isIpv6(address) ? 128 : 32),
    withPrefix: parsed.prefixLength !== undefined,
    noTrack: more.some((word) => word.text === 'no_track'),
    ...Object.fromEntries(optional),
  };
}
