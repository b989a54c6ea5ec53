# send-line.pl OWN_ADDRESS OWN_PORT ADDRESS PORT LINE: opens a connection from a port of its own choice, and sends a line.
# Prints `sent`, or `failed` and why.
use strict;
use warnings;
use IO::Socket::INET;

my ($own, $ownPort, $address, $port, $line) = @ARGV;
my %ends = (LocalAddr => $own, LocalPort => $ownPort, PeerAddr => $address, PeerPort => $port);
my $socket = IO::Socket::INET->new(%ends, Timeout => 3) or print("failed connect: $!\n"), exit;
print $socket "$line\n";
close $socket;
print "sent\n";
