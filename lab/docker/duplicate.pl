# Who has these addresses already? Sends ARP probes (RFC 5227: sender address 0.0.0.0, which nobody's cache keeps)
# and prints `ADDRESS MAC` for each that is answered or that another host probes for. duplicate.pl DEVICE ADDRESS…
use strict;
use warnings;
use Socket;
use Time::HiRes qw(time);

my ($device, @addresses) = @ARGV;
my ($rounds, $roundS, $arp) = (3, 0.4, 0x0806);
socket my $socket, 17, 3, unpack 'S', pack 'n', $arp or die "AF_PACKET: $!\n";
my $request = pack 'a16 x16', $device;
ioctl $socket, 0x8933, $request or die "$device: $!\n";    # SIOCGIFINDEX
my $index = unpack 'x16 i', $request;
$request = pack 'a16 x16', $device;
ioctl $socket, 0x8927, $request or die "$device: $!\n";    # SIOCGIFHWADDR
my $mac = substr $request, 18, 6;
bind $socket, pack 'S n i S C C x8', 17, $arp, $index, 0, 0, 0 or die "bind $device: $!\n";
my %wanted = map { inet_aton($_) => $_ } @addresses;
my %seen;
for my $round (1 .. $rounds) {
    for my $address (keys %wanted) {
        my $probe = "\xff" x 6 . $mac . pack('n n n C C n', $arp, 1, 0x0800, 6, 4, 1) . $mac . "\0" x 4 . "\0" x 6 . $address;
        send $socket, $probe, 0, pack 'S n i S C C a8', 17, $arp, $index, 0, 0, 6, "\xff" x 6 or die "send: $!\n";
    }
    my $end = time + $roundS;
    while ((my $left = $end - time) > 0) {
        vec(my $ready = '', fileno $socket, 1) = 1;
        next if select($ready, undef, undef, $left) <= 0;
        recv $socket, my $frame, 1500, 0 or next;
        next if length $frame < 42;
        my ($senderMac, $sender, $target) = unpack 'x22 a6 a4 x6 a4', $frame;
        next if $senderMac eq $mac;
        my $claimed = $sender eq "\0" x 4 ? $target : $sender;
        $seen{$claimed} //= join ':', map { sprintf '%02x', ord } split //, $senderMac if $wanted{$claimed};
    }
}
print "$wanted{$_} $seen{$_}\n" for sort keys %seen;
