# receive-uploads.pl ADDRESS PORT: listens, prints `ready`, and answers each upload (its length in four bytes, then the
# bytes) with how many arrived and their SHA-256.
use strict;
use warnings;
use Digest::SHA;
use IO::Socket::INET;

$| = 1;
my ($address, $port) = @ARGV;
my $listener = IO::Socket::INET->new(LocalAddr => $address, LocalPort => $port, Listen => 16, ReuseAddr => 1)
    or die "listen: $@\n";
print "ready\n";
while (my $from = $listener->accept) {
    my ($sha, $got, $part) = (Digest::SHA->new(256), 0);
    sysread $from, my $head, 4 or next;
    my $length = unpack 'N', $head;
    while (my $bytes = $got < $length && sysread $from, $part, 65536) { $got += $bytes; $sha->add($part) }
    print $from "$got ", $sha->hexdigest, "\n";
    close $from;
}
