# broadcast.pl ADDRESS COUNT: so many datagrams to all hosts of the segment, which nobody answers.
use strict;
use warnings;
use Socket;

my ($address, $count) = @ARGV;
socket my $socket, AF_INET, SOCK_DGRAM, 0 or die "socket: $!\n";
setsockopt $socket, SOL_SOCKET, SO_BROADCAST, 1 or die "SO_BROADCAST: $!\n";
for (1 .. $count) {
    defined send $socket, 'drlab', 0, pack_sockaddr_in(9, inet_aton $address) or die "send: $!\n";
}
