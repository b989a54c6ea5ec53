# Captures as tcpdump does, where tcpdump cannot run: in a user namespace without setgroups it fails to drop its
# privileges. capture.pl DEVICE SNAPLENGTH FILE PROGRAM: PROGRAM is a filter as `tcpdump -ddd` prints it.
# SIGINT ends it once all that had arrived is in FILE.
use strict;
use warnings;
use Socket;

my ($device, $snap, $path, $program) = @ARGV;
my ($AF_PACKET, $SOL_PACKET, $ALL, $SIOCGIFINDEX, $SIOCGSTAMPNS) = (17, 263, 3, 0x8933, 0x8907);
my ($ATTACH_FILTER, $RCVBUFFORCE, $ADD_MEMBERSHIP, $STATISTICS, $PROMISC, $DONTWAIT) = (26, 33, 1, 6, 1, 0x40);

socket my $socket, $AF_PACKET, SOCK_RAW, 0 or die "packet socket: $!\n";
ioctl $socket, $SIOCGIFINDEX, my $request = pack 'a16 x16', $device or die "$device: $!\n";
my $index = unpack 'x16 i', $request;
open my $filter, '<', $program or die "$program: $!\n";
my ($count, @code) = map { split } <$filter>;
my $instructions = '';
$instructions .= pack 'SCCL', splice @code, 0, 4 while @code;
setsockopt $socket, SOL_SOCKET, $ATTACH_FILTER, pack 'S x6 P', $count, $instructions or die "filter: $!\n";
setsockopt $socket, SOL_SOCKET, $RCVBUFFORCE, 1 << 25 or setsockopt $socket, SOL_SOCKET, SO_RCVBUF, 1 << 25;
bind $socket, pack 'S n i x12', $AF_PACKET, $ALL, $index or die "bind: $!\n";
setsockopt $socket, $SOL_PACKET, $ADD_MEMBERSHIP, pack 'i S x10', $index, $PROMISC or die "promiscuous: $!\n";

open my $file, '>:raw', $path or die "$path: $!\n";
my ($magic, $ethernet) = (0xa1b2c3d4, 1);
syswrite $file, pack 'L S S l L L L', $magic, 2, 4, 0, 0, $snap, $ethernet;
my ($stopping, $captured) = (0, 0);
$SIG{INT} = sub { $stopping = 1 };
print STDERR "listening on $device\n";

for (;;) {
    # Woken now and then, in case the signal came just before.
    if (!$stopping) { vec(my $ready = '', fileno $socket, 1) = 1; select $ready, undef, undef, 0.2 }
    my $last = $stopping;
    while (defined recv $socket, my $frame, 262144, $DONTWAIT) {
        ioctl $socket, $SIOCGSTAMPNS, my $stamp = "\0" x 16;
        my ($s, $ns) = unpack 'q q', $stamp;
        my $kept = substr $frame, 0, $snap;
        syswrite $file, pack('L L L L', $s, int($ns / 1000), length $kept, length $frame) . $kept;
        $captured++;
    }
    last if $last;
}
my ($received, $dropped) = unpack 'L L', getsockopt $socket, $SOL_PACKET, $STATISTICS;
print STDERR "$captured packets captured, $received packets received by filter, $dropped packets dropped by kernel\n";
