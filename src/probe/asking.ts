import type { Host } from '../model/host.ts';
import { arpRequest } from './craft.ts';

/** What a host believes of some addresses, and who answers when it asks the segment for them. */
export interface Asked {
  /** Its own complete neighbour entries for them, as they were before it asked. */
  neighbours: { ip: string; mac: string; permanent: boolean }[];
  /** Everyone who answered, each MAC once per address. */
  repliers: { ip: string; mac: string }[];
}

/**
 * /proc/net/arp first, since answers change it. Then AF_PACKET (17), SOCK_RAW (3), bound to ARP (0x0806), so that
 * own frames are not seen; SIOCGIFINDEX is 0x8933. Asks up to three times, until someone answers for each address,
 * and listens on until nothing came for a while. With no more than perl-base has: select tells the time that is left.
 */
const script = `
use strict; my ($device, $own, $quiet, @ips) = @ARGV;
open(my $table, '<', '/proc/net/arp') or die "/proc/net/arp: $!\\n";
while (<$table>) {
  my ($ip, undef, $flags, $mac, undef, $dev) = split;
  print "entry $ip $mac ", hex($flags) & 4, "\\n" if $flags =~ /^0x/ && (hex($flags) & 2) && $dev eq $device;
}
socket(my $s, 17, 3, 0) or die "AF_PACKET socket: $!\\n";
my $ifreq = pack('a16 x16', $device);
ioctl($s, 0x8933, $ifreq) or die "$device: $!\\n";
my $at = pack('S n i S C C x8', 17, 0x0806, unpack('x16 i', $ifreq), 0, 0, 6);
bind($s, $at) or die "bind: $!\\n";
chomp(my @frames = <STDIN>);
my %missing = map { $_ => 1 } @ips;
my $listen = sub {
  my $left = shift;
  while ($left > 0) {
    my $in = ''; vec($in, fileno $s, 1) = 1;
    (my $found, $left) = select($in, undef, undef, $left);
    last unless $found > 0;
    defined recv($s, my $frame, 128, 0) or next;
    my ($op, $mac, $ip, $to) = unpack('x20 n H12 a4 x6 a4', $frame);
    my $text = join '.', unpack('C4', $ip);
    next unless $op == 2 && join('.', unpack('C4', $to)) eq $own && grep { $_ eq $text } @ips;
    delete $missing{$text};
    print "reply $text ", join(':', $mac =~ /../g), "\\n";
  }
};
for my $try (1 .. 3) {
  for my $i (0 .. $#ips) { send($s, pack('H*', $frames[$i]), 0, $at) if $missing{$ips[$i]} }
  $listen->($quiet);
  last unless %missing;
  $listen->(0.3);
}
`;

/**
 * Reads the host's neighbour entries for `ips`, then asks the segment who has them: one round trip.
 * @param requester the host, with the device, MAC and address on the segment that the question comes from
 * @param o.quietMs how long to listen after the first question; an answer that takes longer is missed
 * @throws {CommandFailed} when the interface is missing or down, or the right to send is.
 */
export async function ask(
  host: Host,
  requester: { device: string; mac: string; ip: string },
  ips: string[],
  o: { quietMs?: number } = {},
): Promise<Asked> {
  const frames = ips.map((ip) =>
    Buffer.from(arpRequest({ senderMac: requester.mac, senderIp: requester.ip, targetIp: ip })).toString(
      'hex',
    ),
  );
  const words = [requester.device, requester.ip, (o.quietMs ?? 50) / 1000, ...ips].join(' ');
  const { stdout } = await host.exec(`exec perl -e '${script.replaceAll("'", "'\\''")}' ${words}`, {
    input: `${frames.join('\n')}\n`,
  });
  return parseAsked(stdout, ips);
}

/** Pure part: the lines `entry IP MAC PERMANENT` and `reply IP MAC` of the script. */
export function parseAsked(text: string, ips: string[]): Asked {
  const rows = text.split('\n').map((line) => line.split(' '));
  const replies = rows.flatMap(([kind, ip = '', mac = '']) => (kind === 'reply' ? [`${ip} ${mac}`] : []));
  return {
    neighbours: rows.flatMap(([kind, ip = '', mac = '', permanent]) =>
      kind === 'entry' && ips.includes(ip)
        ? [{ ip, mac: mac.toLowerCase(), permanent: permanent !== '0' }]
        : [],
    ),
    repliers: [...new Set(replies)].map((reply) => {
      const [ip = '', mac = ''] = reply.split(' ');
      return { ip, mac };
    }),
  };
}
