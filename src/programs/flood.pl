# flood.pl DEVICE OWN_MAC MAC ADDRESS PORT FIRST_PORT COUNT VALID SEGMENTS SOURCE…: sends segments of TCP to ADDRESS:PORT
# at MAC, as fast as the host can: for each of COUNT connections those that SEGMENTS names (syn,ack,fin,rst), in order.
# Each connection has a port of its own, from FIRST_PORT on: 50,000 of the first source address, then of the next.
# VALID 0: their checksums are wrong.
use strict;
use warnings;
use Socket;

my ($device, $ownMac, $mac, $to, $port, $firstPort, $count, $valid, $names, @sources) = @ARGV;
my ($portsEach, $siocgifindex) = (50_000, 0x8933);
my ($sourceAt, $checksumAt) = (34, 50);    # the port and the checksum of TCP, behind headers without options

# Sequence number, acknowledgement, flags.
my %segments = (syn => [1000, 0, 0x02], ack => [1001, 1, 0x10], fin => [1001, 1, 0x11], rst => [1001, 0, 0x04]);

sub checksum {
    my $sum = unpack '%32n*', $_[0];
    $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
    return ~$sum & 0xffff;
}

sub frame {
    my ($source, $name) = @_;
    my ($from, $at) = map { inet_aton $_ } $source, $to;
    my ($sequence, $acknowledged, $flags) = @{$segments{$name} // die "no segment «$name»\n"};
    my @tcp = ($firstPort, $port, $sequence, $acknowledged, 0x50, $flags, 65535);
    my $pseudo = $from . $at . pack 'nn', 6, 20;
    my $segment = pack 'nnNNCCnnn', @tcp, checksum($pseudo . pack 'nnNNCCnnn', @tcp, 0, 0), 0;
    my @ip = (0x45, 0, 40, 0, 0x4000, 64, 6);
    my $head = pack 'CCnnnCCna4a4', @ip, checksum(pack 'CCnnnCCna4a4', @ip, 0, $from, $at), $from, $at;
    my ($there, $here) = map { pack 'H*', tr/://dr } $mac, $ownMac;
    return pack 'a60', $there . $here . pack('n', 0x0800) . $head . $segment;
}

# RFC 1624: the checksum after one word has changed.
sub with_port {
    my ($frame, $from) = @_;
    my ($old, $sum) = unpack "x$sourceAt n x" . ($checksumAt - $sourceAt - 2) . ' n', $frame;
    my $new = (~$sum & 0xffff) + (~$old & 0xffff) + $from;
    $new = ($new & 0xffff) + ($new >> 16) while $new >> 16;
    $new = ~$new & 0xffff;
    $new ^= 0x5555 unless $valid;
    substr $frame, $sourceAt, 2, pack 'n', $from;
    substr $frame, $checksumAt, 2, pack 'n', $new;
    return $frame;
}

socket my $socket, 17, 3, 0 or die "AF_PACKET socket: $!\n";    # packet(7)
ioctl $socket, $siocgifindex, my $request = pack 'a16 x16', $device or die "$device: $!\n";
my $link = pack 'S n i S C C x8', 17, 3, unpack('x16 i', $request), 0, 0, 6;

my @names = split /,/, $names;
my @frames;
for my $number (0 .. $count - 1) {
    my $nth = $number % $portsEach;
    @frames = map { frame($sources[$number / $portsEach], $_) } @names if $nth == 0;
    for my $frame (map { with_port($_, $firstPort + $nth) } @frames) {
        my $tries = 0;
        until (defined send $socket, $frame, 0, $link) {
            die "send: $!\n" if ++$tries > 1000;
            select undef, undef, undef, 0.001;
        }
    }
}
