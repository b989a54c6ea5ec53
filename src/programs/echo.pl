# echo.pl GROUP…: sends an ICMP echo request to each address of a group (A,B,C), and waits for all replies or 1 s; then
# the next group. One program, where a ping each would be many. Says nothing.
use strict;
use warnings;
use Socket;

socket my $socket, AF_INET, SOCK_RAW, 1 or die "raw ICMP socket: $!\n";
my ($id, $sequence) = ($$ & 0xffff, 0);
for my $group (@ARGV) {
    my %wanted;
    for my $address (split /,/, $group) {
        my $number = ++$sequence;
        my $sum = 0x0800 + $id + $number;
        $sum = ($sum >> 16) + ($sum & 0xffff);
        my $request = pack 'C2 n3', 8, 0, ~$sum & 0xffff, $id, $number;
        $wanted{$number} = 1 if defined send $socket, $request, 0, pack_sockaddr_in(0, inet_aton $address);
    }
    for (1 .. 100) {
        last unless %wanted;
        vec(my $ready = '', fileno $socket, 1) = 1;
        last unless select $ready, undef, undef, 1;
        recv $socket, my $packet, 2048, 0;
        my ($type, undef, undef, $who, $number) = unpack 'x20 C2 n3', $packet;    # behind the header of IP
        delete $wanted{$number} if $type == 0 && $who == $id;
    }
}
