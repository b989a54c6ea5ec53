import type { Host } from '../model/host.ts';
import { tcpFrame } from './craft.ts';

/** More than this from one call would no longer be a bounded flood. */
export const mostSyns = 50_000;

export interface Flood {
  srcMac: string;
  dstMac: string;
  /** Best one that nobody has: then nothing answers the real servers either. */
  srcIp: string;
  dstIp: string;
  dstPort: number;
  /** SYN i comes from port `fromPort + i`. */
  fromPort: number;
  count: number;
  /**
   * `syn`: half open. `established`: each SYN is followed by a bare ACK. `fin`: by an ACK and a FIN, so that DR, which
   * sees client segments only, holds a connection that is over.
   */
  segments?: 'syn' | 'established' | 'fin';
  /**
   * False: the TCP checksum is wrong. A director that forwards by DR does not look at it, and the real server
   * drops the segment without an answer, so that only the director is loaded. Default true.
   */
  validChecksum?: boolean;
  device?: string;
}

/**
 * Takes frames in hex on standard input; sends each of them for each port, in this order, with the ports and
 * checksums changed (RFC 1624). Bytes 34 and 50: source port and checksum of TCP behind headers without options.
 */
const script = `
use strict; my ($device, $from, $count, $valid) = @ARGV;
socket(my $s, 17, 3, 0) or die "AF_PACKET socket: $!\\n";
my $ifreq = pack('a16 x16', $device);
ioctl($s, 0x8933, $ifreq) or die "$device: $!\\n";
my $to = pack('S n i S C C x8', 17, 3, unpack('x16 i', $ifreq), 0, 0, 6);
my @frames = map { chomp; my $f = pack('H*', $_); [$f, unpack('x34 n', $f), unpack('x50 n', $f)] } <STDIN>;
for my $port ($from .. $from + $count - 1) {
  for my $one (@frames) {
    my ($frame, $old, $sum) = @$one;
    my $new = (~$sum & 0xffff) + (~$old & 0xffff) + $port;
    $new = ($new & 0xffff) + ($new >> 16) while $new >> 16;
    $new = ~$new & 0xffff;
    $new ^= 0x5555 unless $valid;
    substr($frame, 34, 2) = pack('n', $port);
    substr($frame, 50, 2) = pack('n', $new);
    my $tries = 0;
    until (defined send($s, $frame, 0, $to)) {
      die "send: $!\\n" if ++$tries > 1000;
      select(undef, undef, undef, 0.001);
    }
  }
}
`;

/**
 * Sends SYNs of one address from many ports, as fast as the host can, and returns when they are sent.
 * @throws {RangeError} for more than `mostSyns` or ports that do not exist; {CommandFailed}.
 */
export async function flood(host: Host, o: Flood): Promise<void> {
  if (o.count > mostSyns || o.fromPort < 1 || o.fromPort + o.count > 65_536)
    throw new RangeError(`a flood of ${o.count} SYNs from port ${o.fromPort} is out of bounds`);
  const { device = 'eth0', validChecksum = true } = o;
  const input = floodFrames(o)
    .map((frame) => `${Buffer.from(frame).toString('hex')}\n`)
    .join('');
  await host.exec(
    `exec perl -e '${script.replaceAll("'", "'\\''")}' ${device} ${o.fromPort} ${o.count} ${validChecksum ? 1 : 0}`,
    { input, timeoutMs: 60_000 },
  );
}

/** What is sent from each port, with the first port in it. */
export function floodFrames(o: Flood): Uint8Array[] {
  const common = { ...o, srcPort: o.fromPort };
  const syn = tcpFrame({ ...common, seq: 1000, flags: ['syn'] });
  const ack = tcpFrame({ ...common, seq: 1001, ack: 1, flags: ['ack'] });
  const fin = tcpFrame({ ...common, seq: 1001, ack: 1, flags: ['fin', 'ack'] });
  return { syn: [syn], established: [syn, ack], fin: [syn, ack, fin] }[o.segments ?? 'syn'];
}
