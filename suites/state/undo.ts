import type { RemedyStep } from '../../src/model/remedy.ts';
import { isIpv6 } from '../../src/util/ipv6.ts';
import { quote } from '../../src/util/quote.ts';
import { revived } from '../common/looking/daemons.ts';
import { advice, on } from '../common/remedy.ts';
import type { Difference } from './compare.ts';

/** What makes a host again what it was meant to be. */
export function undo(difference: Difference): RemedyStep[] {
  const { host, kind, key, meant, found } = difference;
  if (kind === 'daemon' && meant === undefined) return advice(`end ${key} on ${host}`);
  if (kind === 'daemon') return revived({ host, name: key, state: found ?? 'ended' });
  return on(host, commandFor(difference));
}

function commandFor({ kind, key, meant, found }: Difference): string {
  const isExtra = meant === undefined;
  const isMissing = found === undefined;
  const word = isExtra ? 'del' : 'add';
  switch (kind) {
    case 'link':
      return linkCommand(key, meant);
    case 'address':
      return `ip addr ${word} ${key}${isExtra || !isIpv6(key) ? '' : ' nodad'}`;
    case 'connected':
      return `ip route add ${key} proto kernel scope link`;
    case 'route':
      return `ip ${isIpv6(key) ? '-6 ' : ''}route ${word} ${key}`;
    case 'rule':
      return `ip rule ${word} ${key}${isExtra ? '' : ` ${meant}`}`;
    case 'neighbour':
      return isExtra ? `ip neigh del ${key}` : `ip neigh replace ${key} lladdr ${meant} nud permanent`;
    case 'queue':
      return isExtra ? `tc qdisc del ${key}` : `tc qdisc replace ${key} ${meant}`.trim();
    case 'filter':
      return filterCommand(key, meant);
    case 'table':
      return isExtra ? `nft delete table ${key}` : `nft -f - <<'END'\n${renewed(key, meant, isMissing)}END`;
    case 'service':
      if (isExtra) return `ipvsadm -D ${key}`;
      return `ipvsadm ${isMissing ? '-A' : '-E'} ${key} ${meant}`;
    case 'destination':
      if (isExtra) return `ipvsadm -d ${key}`;
      return `ipvsadm ${isMissing ? '-a' : '-e'} ${key} ${meant}`;
    case 'timeouts':
      return `ipvsadm ${key} ${meant}`;
    case 'sync':
      return [
        ...(isMissing ? [] : [`ipvsadm --stop-daemon ${key}`]),
        ...(isExtra ? [] : [`ipvsadm --start-daemon ${key} ${meant}`]),
      ].join('; ');
    default:
      return `sysctl -w ${quote(`${key}=${meant ?? ''}`)}`;
  }
}

function linkCommand(key: string, meant: string | undefined): string {
  const [, device = '', setting = ''] = key.split(' ');
  if (setting === 'promisc') return `ip link set ${key} off`;
  if (meant === undefined) return `ip link del ${key}`;
  return `ip link set ${setting === '' ? `dev ${device} ${meant}` : `${key} ${meant}`}`;
}

function filterCommand(key: string, meant: string | undefined): string {
  if (/ -P \S+$/.test(key)) return `${key} ${meant ?? 'ACCEPT'}`;
  return meant === undefined ? key.replace(' -A ', ' -D ') : key;
}

const renewed = (key: string, meant: string, isMissing: boolean): string =>
  `${isMissing ? '' : `delete table ${key}\n`}table ${key} {\n${meant}\n}\n`;
