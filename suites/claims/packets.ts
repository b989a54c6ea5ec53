import type { Claim } from '../../src/model/claim.ts';
import { claimsOn } from './claim.ts';

const claim = claimsOn('packets');

/** How requests and answers travel, and what that is worth. */
export const packets: Claim[] = [
  claim(
    'S01',
    'DR is among the most used LVS methods and the fastest of them.',
    'partly',
    ['PERF-02', 'RP-02'],
    'Answers bypass the director, so it carries only the small half of most traffic; NAT carries both. Directors without connection tables that also answer directly can be faster still.',
  ),
  claim(
    'S02',
    'Director and real servers share a wire, and the director forwards no data.',
    'false',
    ['PP-05'],
    'Every packet from client to server passes the director, for the whole life of a connection.',
  ),
  claim(
    'S03',
    'A real server answers the client directly, which takes load off the director.',
    'true',
    ['RP-01', 'RP-02'],
    'Answers leave the real server with the VIP as source and never enter the director.',
  ),
  claim(
    'S04',
    'A client asks the director, whose scheduler chooses a real server.',
    'true',
    ['PP-06', 'SCH-01'],
    'The choice is made once for each connection, by its first packet.',
  ),
  claim(
    'S05',
    'The director rewrites the destination IP address to that of the real server.',
    'false',
    ['PP-01', 'PP-02'],
    'Only the MAC addresses, the TTL and the IP header checksum change; the destination stays the VIP.',
  ),
  claim(
    'S06',
    'Because the destination address was rewritten, the answer can go straight back.',
    'false',
    ['PP-01', 'VIP-01'],
    'It is the other way round: the packet is still addressed to the VIP, the real server owns the VIP, and so it can answer as the VIP.',
  ),
  claim(
    'S07',
    'Once a real server is chosen, the director takes no further part.',
    'false',
    ['PP-05', 'HA-01'],
    'Acknowledgements, uploads and the closing of a connection pass it; when it dies, running connections stall.',
  ),
  claim(
    'S11',
    'A request is addressed to the VIP.',
    'true',
    ['PP-01'],
    'On both sides of the director the destination is the VIP.',
  ),
  claim(
    'S12',
    'On its way the destination address becomes that of the real server.',
    'false',
    ['PP-01'],
    'The same as S05: that is NAT, not DR.',
  ),
  claim(
    'S13',
    'In one network, packets need not pass the director.',
    'false',
    ['PP-05', 'ARP-01'],
    'Requests must: only the director answers for the VIP.',
  ),
  claim(
    'S14',
    'The answer goes straight to the client.',
    'true',
    ['RP-01'],
    'To the client itself on its own segment, else to the gateway of the real server.',
  ),
  claim(
    'S15',
    'The director only forwards requests and schedules; it takes no part in moving packets.',
    'partly',
    ['PP-05', 'RP-02'],
    'True of answers, untrue of requests.',
  ),
  claim(
    'S16',
    'DR performs well.',
    'true',
    ['PERF-02'],
    'The bytes into the director are a small part of those that the client gets.',
  ),
  claim(
    'S17',
    'Latency is low since the director is not in between.',
    'partly',
    ['PP-02', 'RP-02'],
    'The way out has no extra hop; the way in has one, which shows as the TTL that is one less.',
  ),
  claim(
    'S18',
    'It scales by adding and removing real servers.',
    'true',
    ['SCH-23'],
    'Within one segment and within what one director takes in; servers come and go without a lost connection.',
  ),
  claim(
    'S19',
    'DR is stateless: the director keeps no sessions.',
    'false',
    ['CT-01', 'PST-01'],
    'It has an entry for every connection, for up to 15 minutes, and templates for persistent clients.',
  ),
  claim(
    'S20',
    'The failure of a director matters little, since the real servers go on.',
    'false',
    ['HA-01'],
    'New connections fail and running ones stall until another director takes over.',
  ),
];
