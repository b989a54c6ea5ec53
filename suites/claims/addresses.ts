import type { Claim } from '../../src/model/claim.ts';
import { claimsOn } from './claim.ts';

const claim = claimsOn('addresses');

/** One VIP on many hosts: segments, ARP, and what is said to help. */
export const addresses: Claim[] = [
  claim(
    'S08',
    'Director and real servers must be on one physical network.',
    'true',
    ['TOP-01', 'TOP-02'],
    'On one segment; not necessarily in one subnet.',
  ),
  claim(
    'S09',
    'The network settings of real servers must match those of the director.',
    'partly',
    ['VIP-01', 'ARP-01', 'RP-03'],
    'They differ on purpose: the real server has the VIP without answering ARP for it, and another way out than the director.',
  ),
  claim(
    'S10',
    'ARP must be handled so that the director can forward to real servers.',
    'partly',
    ['ARP-01', 'ARP-02', 'ARP-06'],
    'Finding a RIP is ordinary ARP; what must be handled is real servers answering or announcing the VIP.',
  ),
  claim(
    'S21',
    'The ARP problem comes from director and real servers being in different subnets.',
    'false',
    ['TOP-01', 'ARP-01'],
    'It comes from one address on many hosts of one segment.',
  ),
  claim(
    'S22',
    'The director must learn the MAC address of a real server by ARP.',
    'true',
    ['ARP-06'],
    'A real server that answers no ARP for its RIP cannot be reached.',
  ),
  claim(
    'S23',
    'The director leaves the source address alone and therefore cannot answer ARP requests of clients.',
    'false',
    ['ARP-01'],
    'It answers for the VIP, and it alone; source addresses have nothing to do with it.',
  ),
  claim(
    'S24',
    'So all ARP requests are broadcast and congest the network.',
    'false',
    ['ARP-01', 'ARP-02'],
    'ARP requests are always broadcast. What goes wrong is that the wrong host answers.',
  ),
  claim(
    'S25',
    'Static ARP entries on clients solve it.',
    'partly',
    ['ARP-13'],
    'They lead to the director, and keep leading to its MAC address after another one took over.',
  ),
  claim(
    'S26',
    'Proxy ARP on the gateway, answering with the MAC address of the director, solves it.',
    'false',
    ['ARP-14'],
    'A proxy answers with its own MAC address, and silences nobody.',
  ),
  claim(
    'S27',
    'The ARP problem has to be solved by static entries or proxy ARP.',
    'false',
    ['ARP-01', 'ARP-02', 'ARP-07'],
    'arp_ignore and arp_announce on the real servers do, or rules that have the same effect.',
  ),
  claim(
    'S33',
    'Real servers must be in the subnet of the director.',
    'partly',
    ['TOP-01', 'TOP-02'],
    'That is enough but not needed: the same segment is.',
  ),
  claim(
    'S34',
    'ARP answers must be switched off on real servers.',
    'partly',
    ['ARP-01', 'ARP-03', 'ARP-06'],
    'Only for the VIP, and announcing it too; without any ARP the director does not find them.',
  ),
  claim(
    'S40',
    'The VIP is put between director and real servers.',
    'partly',
    ['VIP-01', 'ARP-05'],
    'It is an address of the director, which answers for it, and of every real server, which does not.',
  ),
  claim(
    'S42',
    'The VIP of the director must not be announced by ARP.',
    'false',
    ['ARP-01', 'ARP-09'],
    'The director must answer for it and announce it when it takes over; the real servers must not.',
  ),
  claim(
    'S43',
    'Real servers must not answer ARP for the VIP.',
    'true',
    ['ARP-01'],
    'Or the client talks to one of them and the director is bypassed.',
  ),
  claim(
    'S44',
    'Then there is neither an ARP conflict nor a loop.',
    'partly',
    ['ARP-02', 'ARP-03', 'LN-02'],
    'No conflict if the VIP is not announced either; loops between directors that are real servers too are another matter.',
  ),
  claim(
    'S49',
    'The VIP is the address of the service on the director.',
    'partly',
    ['VIP-01', 'PP-23'],
    'And an address of every real server.',
  ),
];
