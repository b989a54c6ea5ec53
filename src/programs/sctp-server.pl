# sctp-server.pl ADDRESS PORT NAME: answers each association with NAME. Prints one line: `ready`, `no SCTP: …` or
# `not bound: …`. An endpoint takes the algorithm of its cookies when it is made, and may only have `none`: the modules
# of the others are not loaded by themselves everywhere. Bound to the one address, or SCTP would tell clients others.
use strict;
use warnings;
use Socket;

alarm 60;
$| = 1;
my ($address, $port, $name) = @ARGV;
my $sctp = 132;
socket my $first, AF_INET, SOCK_STREAM, $sctp or print("no SCTP: $!\n"), exit;
if (open my $algorithm, '>', '/proc/sys/net/sctp/cookie_hmac_alg') { print $algorithm 'none'; close $algorithm }
socket my $socket, AF_INET, SOCK_STREAM, $sctp or die "socket: $!\n";
bind $socket, pack_sockaddr_in($port, inet_aton $address) and listen $socket, 16 or print("not bound: $!\n"), exit;
print "ready\n";
while (accept my $connection, $socket) { syswrite $connection, "$name\n"; close $connection }
