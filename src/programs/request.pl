# ask.pl ADDRESS PORT LIMIT_MS: one HTTP request. Prints what came of it: refused, unreachable, silent (no handshake),
# unanswered, or the status; then the milliseconds that it took.
use strict;
use warnings;
use Fcntl qw(F_SETFL O_NONBLOCK);
use Errno qw(EINPROGRESS ECONNREFUSED);
use Socket;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

my ($address, $port, $limitMs) = @ARGV;
my $start = clock_gettime(CLOCK_MONOTONIC);
my $tookMs = sub { 1000 * (clock_gettime(CLOCK_MONOTONIC) - $start) };

sub say_so { printf "%s %d\n", $_[0], $tookMs->(); exit }

sub ready {
    my ($socket, $reading) = @_;
    my $bits = '';
    vec($bits, fileno $socket, 1) = 1;
    my $leftS = ($limitMs - $tookMs->()) / 1000;
    return $leftS > 0 && select($reading ? $bits : undef, $reading ? undef : $bits, undef, $leftS) > 0;
}

my $family = $address =~ /:/ ? AF_INET6 : AF_INET;
socket my $socket, $family, SOCK_STREAM, 0 or die "socket: $!\n";
fcntl $socket, F_SETFL, O_NONBLOCK or die "fcntl: $!\n";
my $binary = Socket::inet_pton($family, $address) // die "no address: $address\n";
my $to = $family == AF_INET6 ? Socket::pack_sockaddr_in6($port, $binary) : pack_sockaddr_in($port, $binary);
my $problem = connect($socket, $to) ? 0 : $! + 0;
my $name = $family == AF_INET6 ? "[$address]" : $address;
if ($problem == EINPROGRESS) {
    ready($socket, 0) or say_so('silent');
    $problem = unpack 'i', getsockopt($socket, SOL_SOCKET, SO_ERROR);
}
say_so('refused')     if $problem == ECONNREFUSED;
say_so('unreachable') if $problem;
syswrite $socket, "GET / HTTP/1.1\r\nHost: $name\r\nConnection: close\r\n\r\n";
ready($socket, 1) or say_so('unanswered');
sysread $socket, my $answer, 4096;
say_so(($answer // '') =~ m{^HTTP/1\.\d (\d+)} ? $1 : 'reset');
