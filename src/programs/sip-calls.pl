# sip-calls.pl OWN_ADDRESS ADDRESS PORT CALL…: one datagram of SIP for each Call-ID, each from a port of its own, up to
# three times. A line each: the first word of the answer, or an empty one.
use strict;
use warnings;
use IO::Socket::INET;

my ($own, $address, $port, @calls) = @ARGV;
my ($tries, $answerS) = (3, 1);
for my $call (@calls) {
    my $socket = IO::Socket::INET->new(Proto => 'udp', LocalAddr => $own, PeerAddr => $address, PeerPort => $port)
        or die "socket: $!\n";
    my $text = "OPTIONS sip:drlab\@$address SIP/2.0\r\nCall-ID: $call\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
    my $got = '';
    for (1 .. $tries) {
        send $socket, $text, 0;
        vec(my $ready = '', fileno $socket, 1) = 1;
        next unless select($ready, undef, undef, $answerS) > 0;
        recv $socket, $got, 2000, 0;
        last;
    }
    print +(split / /, $got)[0] // '', "\n";
}
