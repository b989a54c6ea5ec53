import type { Host } from '../../src/model/host.ts';
import {
  firstServers,
  moreClientAddresses,
  oneIpvsDirector,
  services,
  stage,
  withSysctls,
} from '../common/stages.ts';
import { onOwnHosts, portOf } from '../common/tables.ts';

/** One new connection of this many is dropped. */
export const dropRate = 10;

/** Every defence of the director is on, at its most active, and real servers answer SYNs with cookies only. */
export const defended = stage(
  'defended',
  `one director set with ipvsadm; drop_packet=3 with am_droprate=${dropRate}, drop_entry=3, secure_tcp=3; real servers with tcp_syncookies=2`,
  onOwnHosts,
  oneIpvsDirector,
  firstServers(2),
  moreClientAddresses(4),
  services(
    { port: portOf.flooded },
    { port: portOf.dropped },
    { port: portOf.evaporating },
    { port: portOf.secured },
    { port: portOf.cookies },
  ),
  withSysctls('director', {
    'net.ipv4.vs.am_droprate': String(dropRate),
    'net.ipv4.vs.drop_packet': '3',
    'net.ipv4.vs.drop_entry': '3',
    'net.ipv4.vs.secure_tcp': '3',
  }),
  withSysctls('realServer', { 'net.ipv4.tcp_syncookies': '2' }),
);

const key = 'net.ipv4.vs.drop_packet';

/** Stops dropping new connections for a while: clients would repeat their SYN only after a second. */
export async function withoutDrops<T>(director: Host, work: () => Promise<T>): Promise<T> {
  const { stdout } = await director.exec(`sysctl -n ${key} && sysctl -qw ${key}=0`);
  try {
    return await work();
  } finally {
    await director.exec(`exec sysctl -qw ${key}=${stdout.trim()}`);
  }
}
