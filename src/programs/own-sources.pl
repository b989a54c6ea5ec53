# own-sources.pl ADDRESS…: prints «ADDRESS SOURCE» for each: where a datagram from here to it says that it comes from, as the
# kernel chooses it; «-» where there is no way. Sends nothing.
use strict;
use warnings;
use Socket qw(:DEFAULT getaddrinfo getnameinfo AI_NUMERICHOST NI_NUMERICHOST NI_NUMERICSERV);

for my $address (@ARGV) {
    my ($error, $to) = getaddrinfo($address, 9, { flags => AI_NUMERICHOST, socktype => SOCK_DGRAM });
    die "$address: $error\n" if $error;
    socket my $socket, $to->{family}, SOCK_DGRAM, 0 or die "socket: $!\n";
    my $source = '-';
    if (connect $socket, $to->{addr}) {
        (my $failed, $source) = getnameinfo(getsockname $socket, NI_NUMERICHOST | NI_NUMERICSERV);
        die "$address: $failed\n" if $failed;
    }
    print "$address $source\n";
}
