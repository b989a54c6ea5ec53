# inject.pl DEVICE GAP_S: sends the frames that come in hex on standard input, one a line, with a pause between two.
# The index of the interface comes from SIOCGIFINDEX, since /sys may belong to another network namespace.
use strict;
use warnings;

my ($device, $gapS) = @ARGV;
socket my $socket, 17, 3, 0 or die "AF_PACKET socket: $!\n";    # packet(7): AF_PACKET, SOCK_RAW
ioctl $socket, 0x8933, my $request = pack 'a16 x16', $device or die "$device: $!\n";
my $link = pack 'S n i S C C x8', 17, 3, unpack('x16 i', $request), 0, 0, 6;
my $sent = 0;
while (my $line = <STDIN>) {
    chomp $line;
    select undef, undef, undef, $gapS if $gapS > 0 && $sent++;
    defined send $socket, pack('H*', $line), 0, $link or die "send: $!\n";
}
