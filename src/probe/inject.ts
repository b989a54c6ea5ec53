import type { Host } from '../model/host.ts';

/**
 * AF_PACKET (17), SOCK_RAW (3). The index of the interface comes from SIOCGIFINDEX (0x8933), since
 * /sys may belong to another network namespace. sockaddr_ll as in packet(7).
 */
const script = `
use strict; my ($device, $gap) = @ARGV;
socket(my $s, 17, 3, 0) or die "AF_PACKET socket: $!\\n";
my $ifreq = pack('a16 x16', $device);
ioctl($s, 0x8933, $ifreq) or die "$device: $!\\n";
my $to = pack('S n i S C C x8', 17, 3, unpack('x16 i', $ifreq), 0, 0, 6);
my $more = 0;
while (my $line = <STDIN>) {
  chomp $line;
  select(undef, undef, undef, $gap) if $gap > 0 && $more++;
  defined send($s, pack('H*', $line), 0, $to) or die "send: $!\\n";
}
`;

/**
 * Sends raw Ethernet frames from `host`, in this order, in one round trip.
 * @param o.device default `eth0`
 * @param o.gapMs pause between two frames; default 0
 * @throws {CommandFailed} when the interface is missing or down, or the right to send is.
 */
export async function inject(
  host: Host,
  frames: Uint8Array[],
  o: { device?: string; gapMs?: number } = {},
): Promise<void> {
  if (frames.length === 0) return;
  const input = `${frames.map((frame) => Buffer.from(frame).toString('hex')).join('\n')}\n`;
  const gapS = (o.gapMs ?? 0) / 1000;
  await host.exec(`exec perl -e '${script.replaceAll("'", "'\\''")}' ${o.device ?? 'eth0'} ${gapS}`, {
    input,
  });
}
