import { andRoutedClient } from '../common/elsewhere.ts';
import {
  type Change,
  firstServers,
  oneIpvsDirector,
  services,
  stage,
  withSysctls,
} from '../common/stages.ts';

/*
 *   c2 (outside) ── r1 ──┬── c1 (on the segment)      methods that do not touch the real servers,
 *                        ├── d1                       tried on real servers that are set up wrong:
 *                        └── rs1, rs2                 arp_ignore=0, arp_announce=0
 */

export const looseServers: Change = withSysctls('realServer', {
  'net.ipv4.conf.all.arp_ignore': '0',
  'net.ipv4.conf.all.arp_announce': '0',
});

export const loose = stage(
  'loose',
  'one director set with ipvsadm; two real servers that answer ARP for the VIP; a client on the segment and one behind a router',
  oneIpvsDirector,
  firstServers(2),
  services({ port: 80 }),
  andRoutedClient,
  looseServers,
);
