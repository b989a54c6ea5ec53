# arp.pl DEVICE OWN_ADDRESS QUIET_S WAITS_S ADDRESS…: asks the segment who has these addresses, from OWN_ADDRESS.
# As often as WAITS_S has numbers (0.2,0.2,0.8), for those that nobody has answered for yet, with a pause of so many
# seconds after each; it listens for QUIET_S at least, since there may be more than one. From 0.0.0.0 these are probes
# of RFC 5227, 2.1, and whoever claims an address has it, also by asking for itself.
# Lines: `entry ADDRESS MAC PERMANENT` for each complete neighbour entry of the device, as they were before it asked,
# since answers change them; `reply ADDRESS MAC` for each answer. With no more than perl-base has: select tells the
# time that is left.
use strict;
use warnings;
use Socket;

my ($device, $own, $quietS, $waits, @addresses) = @ARGV;
my ($packets, $arp, $ipv4, $request, $reply, $outgoing) = (17, 0x0806, 0x0800, 1, 2, 4);    # packet(7)
my $nobody = "\0" x 4;
my $ownAddress = inet_aton $own;

open my $table, '<', '/proc/net/arp' or die "/proc/net/arp: $!\n";
while (<$table>) {
    my ($address, undef, $flags, $mac, undef, $at) = split;
    next unless $flags =~ /^0x/ && (hex($flags) & 2) && $at eq $device;
    print "entry $address $mac ", (hex($flags) & 4 ? 1 : 0), "\n";
}

socket my $socket, $packets, SOCK_RAW, 0 or die "packet socket: $!\n";
ioctl $socket, 0x8933, my $asked = pack 'a16 x16', $device or die "$device: $!\n";    # SIOCGIFINDEX
my $index = unpack 'x16 i', $asked;
ioctl $socket, 0x8927, $asked = pack 'a16 x16', $device or die "$device: $!\n";       # SIOCGIFHWADDR
my $ownMac = substr $asked, 18, 6;
my $everyone = pack 'S n i S C C x8', $packets, $arp, $index, 0, 0, 6;
bind $socket, $everyone or die "bind: $!\n";    # only ARP from here on

my %wanted = map { inet_aton($_) => $_ } @addresses;
my %missing = %wanted;

sub ask {
    my ($address) = @_;
    my $head = "\xff" x 6 . $ownMac . pack 'n n n C C n', $arp, 1, $ipv4, 6, 4, $request;
    my $frame = pack 'a60', $head . $ownMac . $ownAddress . "\0" x 6 . $address;
    defined send $socket, $frame, 0, $everyone or die "send on $device: $!\n";
}

# The address that somebody else claims by this frame; nothing where it claims none that is asked for.
sub claimed {
    my ($frame) = @_;
    my ($operation, $mac, $from, $to) = unpack 'x20 n a6 a4 x6 a4', $frame;
    return if $mac eq $ownMac;
    return $wanted{$from} && $operation == $reply && $to eq $ownAddress ? $from : () if $ownAddress ne $nobody;
    return $from if $wanted{$from};
    return $from eq $nobody && $wanted{$to} ? $to : ();
}

sub listen_for {
    my ($leftS) = @_;
    while ($leftS > 0) {
        vec(my $ready = '', fileno $socket, 1) = 1;
        (my $found, $leftS) = select $ready, undef, undef, $leftS;
        last if $found <= 0;
        my $from = recv $socket, my $frame, 2048, 0;
        next if !defined $from || length $frame < 42 || (unpack 'S n i S C', $from)[4] == $outgoing;
        my $address = claimed($frame) // next;
        delete $missing{$address};
        print "reply $wanted{$address} ", join(':', unpack 'x22 (H2)6', $frame), "\n";
    }
}

for my $waitS (split /,/, $waits) {
    ask($_) for grep { $missing{$_} } map { inet_aton $_ } @addresses;
    listen_for($quietS);
    last unless %missing;
    listen_for($waitS - $quietS);
}
