# marked-requests.pl OWN_ADDRESS ADDRESS PORT LIMIT_S MARK…: one HTTP request with each of the marks, from a socket that is
# bound to OWN_ADDRESS. A line each: `answered NAME` with what X-Real-Server says, or `refused`, `unreachable`,
# `timeout`, `nameless`.
use strict;
use warnings;
use Errno;
use Socket;

my ($own, $address, $port, $limitS, @marks) = @ARGV;
my $soMark = 36;    # socket(7)

sub request {
    my ($mark) = @_;
    socket my $socket, AF_INET, SOCK_STREAM, 0 or die "socket: $!\n";
    setsockopt $socket, SOL_SOCKET, $soMark, pack 'i', $mark or die "SO_MARK: $!\n";
    bind $socket, pack_sockaddr_in(0, inet_aton $own) or die "bind: $!\n";
    local $SIG{ALRM} = sub { die "timeout\n" };
    my $said = eval {
        alarm $limitS;
        connect $socket, pack_sockaddr_in($port, inet_aton $address) or die $!{ECONNREFUSED} ? "refused\n" : "unreachable\n";
        syswrite $socket, "GET / HTTP/1.0\r\n\r\n";
        my $all = '';
        1 while sysread $socket, $all, 4096, length $all;
        $all =~ /^X-Real-Server: (\S+)/m ? "answered $1\n" : "nameless\n";
    } // $@;
    alarm 0;
    return $said;
}

print request($_) for @marks;
