import type { Claim } from '../../src/model/claim.ts';
import { claimsOn } from './claim.ts';

const claim = claimsOn('firewalls');

/** Masquerading, ways back through the director, and packet filters. */
export const firewalls: Claim[] = [
  claim(
    'S35',
    'Answers of real servers must be made to pass the director.',
    'false',
    ['RP-02', 'RP-03'],
    'That is NAT. In DR the director drops them as martians, or, if configured to accept them, loses the advantage of DR.',
  ),
  claim(
    'S36',
    'Masquerading must be on, so that answers come back and carry the VIP.',
    'false',
    ['FW-03', 'RP-01'],
    'Answers carry the VIP by themselves. A masquerading rule does nothing or kills the connection.',
  ),
  claim(
    'S37',
    'Masquerading is set with ipvsadm or iptables.',
    'false',
    ['PP-01', 'FW-03'],
    'ipvsadm -m chooses NAT instead of DR.',
  ),
  claim(
    'S39',
    'A firewall lets the director receive and forward, and keeps clients from real servers.',
    'partly',
    ['FW-01', 'FW-02', 'FW-07'],
    'The aim is right; it takes INPUT and OUTPUT of the director and not FORWARD, and the checks of the director must be let through.',
  ),
  claim(
    'S41',
    'Traffic to the VIP is allowed and traffic to real servers is not.',
    'true',
    ['FW-06', 'FW-07'],
    'A real server must accept what is addressed to the VIP from every client.',
  ),
  claim(
    'S45',
    'The source address must be masqueraded before forwarding.',
    'false',
    ['FW-03', 'PP-01'],
    'The real server must see the address of the client, or it answers the director.',
  ),
  claim(
    'S48',
    'One must know masquerading: the source becomes the VIP of the director.',
    'false',
    ['FW-03'],
    'The same as S36.',
  ),
  claim(
    'S50',
    'Real servers are set up so that answers pass the director.',
    'false',
    ['RP-02', 'RP-03'],
    'The same as S35.',
  ),
];
