# Duplicate address detection (RFC 5227, 2.1): asks the segment, from nobody's address, who has an address.
# duplicates.pl DEVICE ADDRESS...: prints `ADDRESS MAC` for each that somebody has, or is just asking for itself.
# With no more than perl-base has, since machines and images need not have more. Three probes 200 ms apart and 800 ms
# to answer the last: shorter pauses than those of the RFC, since these are LANs.
use strict;
use warnings;
use Socket;

my ($device, @addresses) = @ARGV;
my ($ARP, $probes, $gapS, $waitS) = (0x0806, 3, 0.2, 0.8);
socket my $s, 17, SOCK_RAW, unpack 'S', pack 'n', $ARP or die "packet socket: $!\n";
ioctl $s, 0x8933, my $ifreq = pack 'a16 x16', $device or die "$device: $!\n";    # SIOCGIFINDEX, SIOCGIFHWADDR
my $index = unpack 'x16 i', $ifreq;
ioctl $s, 0x8927, $ifreq = pack 'a16 x16', $device or die "$device: $!\n";
my $own = substr $ifreq, 18, 6;
bind $s, pack 'S n i x12', 17, $ARP, $index or die "bind: $!\n";
my %wanted = map { inet_aton($_) => $_ } @addresses;
my $to = pack 'S n i S C C x8', 17, $ARP, $index, 0, 0, 6;
my %taken;

for my $round (1 .. $probes) {
    for my $ip (keys %wanted) {
        my $probe = "\xff" x 6 . $own . pack('n n n C C n', $ARP, 1, 0x0800, 6, 4, 1) . $own . "\0" x 4 . "\0" x 6 . $ip;
        defined send $s, $probe, 0, $to or die "send on $device: $!\n";
    }
    listen_for($round < $probes ? $gapS : $waitS);
}
print "$wanted{$_} $taken{$_}\n" for sort keys %taken;

sub listen_for {
    my ($leftS) = @_;
    while ($leftS > 0) {
        vec(my $ready = '', fileno $s, 1) = 1;
        (my $found, $leftS) = select $ready, undef, undef, $leftS;
        last if $found <= 0;
        my $from = recv $s, my $frame, 2048, 0;
        next if !defined $from || length $frame < 42 || (unpack 'S n i S C', $from)[4] == 4;    # 4: sent by us
        my ($sender, $senderIp, $targetIp) = unpack 'x22 a6 a4 x6 a4', $frame;
        next if $sender eq $own;
        my $claimed = $wanted{$senderIp} ? $senderIp : $senderIp eq "\0" x 4 && $wanted{$targetIp} ? $targetIp : next;
        $taken{$claimed} //= join ':', unpack '(H2)6', $sender;
    }
}
