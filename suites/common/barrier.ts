import type { Host } from '../../src/model/host.ts';

/**
 * Raw ICMP (SOCK_RAW 3, IPPROTO_ICMP 1): an echo request to each address of a group, then all replies or 1 s; then the
 * next group. One program, where a ping each would be many. ICMP is the 21st byte of what a raw socket gives.
 */
const script = `
use strict; use Socket;
socket(my $s, AF_INET, 3, 1) or die "raw ICMP socket: $!\\n";
my $id = $$ & 0xffff; my $seq = 0;
for my $group (@ARGV) {
  my %wanted;
  for my $ip (split /,/, $group) {
    my $n = ++$seq; my $sum = 0x0800 + $id + $n; $sum = ($sum >> 16) + ($sum & 0xffff);
    $wanted{$n} = 1 if defined send($s, pack("C2 n3", 8, 0, ~$sum & 0xffff, $id, $n), 0, sockaddr_in(0, inet_aton($ip)));
  }
  for (1 .. 100) {
    last unless %wanted;
    my $bits = ""; vec($bits, fileno($s), 1) = 1;
    last unless select($bits, undef, undef, 1);
    recv($s, my $packet, 2048, 0);
    my ($type, $code, $check, $who, $n) = unpack("x20 C2 n3", $packet);
    delete $wanted{$n} if $type == 0 && $who == $id;
  }
}
`;

/**
 * Frames stay in order, so what went before an echo is there when the echo is. Groups of addresses are asked one after
 * the other; a lost echo decides nothing.
 */
export async function barrier(from: Host, ...groups: string[][]): Promise<void> {
  const args = groups.map((addresses) => addresses.join(',')).join(' ');
  await from.exec(`exec perl -e '${script.replaceAll("'", "'\\''")}' ${args}`);
}
