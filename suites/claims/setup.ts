import type { Claim } from '../../src/model/claim.ts';
import { claimsOn } from './claim.ts';

const claim = claimsOn('set-up');

/** Kernel, tools, addresses to set, schedulers, and pairs of directors. */
export const setup: Claim[] = [
  claim(
    'S28',
    'The kernel must have IPVS.',
    'true',
    ['ENV-01'],
    'The tables of IPVS are files of the kernel; not every kernel has them.',
  ),
  claim(
    'S29',
    '/proc/net/ip_vs and /proc/net/ip_vs_wlc show that it is there.',
    'partly',
    ['ENV-01'],
    'The first exists. There is no second: wlc is a module, not a file there.',
  ),
  claim(
    'S30',
    'ipvsadm has to be installed.',
    'partly',
    ['ENV-02'],
    'It is handy. Rules are set over netlink, by keepalived as well.',
  ),
  claim(
    'S31',
    'A free VIP is put on the director.',
    'true',
    ['PP-23', 'VIP-01', 'ARP-11'],
    'And on every real server. Whether it is free can be asked by duplicate address detection.',
  ),
  claim(
    'S32',
    'It is set with ifconfig or ip.',
    'true',
    ['VIP-02'],
    'What matters is the prefix of 32 bits.',
  ),
  claim(
    'S38',
    'Rules are set with ipvsadm, with schedulers such as rr, wrr or lc.',
    'true',
    ['SCH-01', 'SCH-02', 'SCH-03'],
    'Each chooses exactly as its formula says.',
  ),
  claim(
    'S46',
    'keepalived or heartbeat make several directors available by synchronising them over the network.',
    'partly',
    ['HA-01', 'SYN-01'],
    'They move the VIP. Connections are synchronised by a daemon of the kernel, which they may start.',
  ),
  claim(
    'S47',
    'Synchronised directors have the same configuration and state, so that nobody notices a failover.',
    'false',
    ['SYN-02', 'SYN-03', 'HA-01'],
    'Rules are not synchronised, entries only after some packets and seconds, and the take-over itself takes time.',
  ),
  claim(
    'S51',
    'The schedulers are rr, wrr, lc and others.',
    'true',
    ['SCH-01', 'SCH-02', 'SCH-03', 'SCH-04', 'SCH-09'],
    'And sh, mh, sed, nq, fo, ovf, dh, lblc, lblcr; wlc is the default.',
  ),
  claim(
    'S52',
    'keepalived and heartbeat synchronise state between directors.',
    'partly',
    ['SYN-01'],
    'The same as S46: without the daemon of the kernel connections do not survive.',
  ),
  claim(
    'S53',
    'ipvsadm manages rules and shows state.',
    'true',
    ['OPS-01'],
    'What it saves it restores to the same rules.',
  ),
];
