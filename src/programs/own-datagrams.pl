# own-datagrams.pl PORT ADDRESS…: sends each address two datagrams that nothing asked for. Twice, since the first one may
# wait for an answer to ARP.
use strict;
use warnings;
use Socket;

my ($port, @addresses) = @ARGV;
socket my $socket, PF_INET, SOCK_DGRAM, 0 or die "socket: $!\n";
for my $round (1, 2) {
    send $socket, 'own', 0, pack_sockaddr_in($port, inet_aton $_) for @addresses;
    select undef, undef, undef, 0.1 if $round == 1;
}
