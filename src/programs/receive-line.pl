# receive-line.pl ADDRESS PORT LIMIT_S: listens, prints `ready`, accepts one connection and prints the line that it brings.
use strict;
use warnings;
use IO::Socket::INET;

$| = 1;
my ($address, $port, $limitS) = @ARGV;
my $listener = IO::Socket::INET->new(LocalAddr => $address, LocalPort => $port, Listen => 1, ReuseAddr => 1)
    or die "listen: $!\n";
print "ready\n";
alarm $limitS;
my $connection = $listener->accept or die "accept: $!\n";
print scalar <$connection> // '';
