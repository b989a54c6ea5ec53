# silent.pl ADDRESS PORT COUNT: opens connections and says nothing: SYN and ACK are all that a director sees of them.
# Prints their local ports in one line. After a line of input it sends a request on each, and prints in one line what
# came of them: answered, closed, reset, timeout or error.
use strict;
use warnings;
use Errno;
use IO::Socket::INET;

$| = 1;
my ($address, $port, $count) = @ARGV;
my ($openS, $answerS) = (3, 2);
my @sockets = grep { $_ } map { IO::Socket::INET->new(PeerAddr => $address, PeerPort => $port, Timeout => $openS) } 1 .. $count;
print join(' ', 'ports', map { $_->sockport } @sockets), "\n";
<STDIN>;
$SIG{PIPE} = 'IGNORE';
$SIG{ALRM} = sub { die "timeout\n" };

sub speak {
    my ($socket) = @_;
    my $got = '';
    my $bytes = eval {
        alarm $answerS;
        syswrite $socket, "GET / HTTP/1.0\r\n\r\n";
        my $read = sysread $socket, $got, 512;
        alarm 0;
        $read;
    };
    return 'timeout' if $@;
    return $!{ECONNRESET} ? 'reset' : 'error' if !defined $bytes;
    return $bytes > 0 ? 'answered' : 'closed';
}

print join(' ', 'said', map { speak($_) } @sockets), "\n";
