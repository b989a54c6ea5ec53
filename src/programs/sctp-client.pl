# sctp-client.pl ADDRESS PORT COUNT: one association after the other. A line each: what came, `timeout`, or the error.
use strict;
use warnings;
use Socket;

my ($address, $port, $count) = @ARGV;
my ($sctp, $limitS) = (132, 2);
$SIG{ALRM} = sub { die "timeout\n" };
for (1 .. $count) {
    my $said = eval {
        alarm $limitS;
        socket my $socket, AF_INET, SOCK_STREAM, $sctp or die "no SCTP: $!\n";
        connect $socket, pack_sockaddr_in($port, inet_aton $address) or die "error $!\n";
        <$socket>;
    } // ($@ || "closed\n");
    alarm 0;
    print $said;
}
