# Opens the sockets of real servers in their network namespaces and becomes the server that accepts on them.
# launcher.pl [--here] FILE PROGRAM [ARGUMENT…]: a line of FILE is `NAMESPACE tcp|udp|sctp ADDRESS PORT …`;
# PROGRAM gets FILE and the file descriptors, in the order of the lines, as its last arguments.
use strict;
use warnings;
use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6);
use POSIX ();

my ($setns, $prlimit) = (POSIX::uname())[4] eq 'aarch64' ? (268, 261) : (308, 302);
my ($ipFreebind, $ipv6Freebind, $ipv6Only, $backlog) = (15, 78, 26, 4096);
my $stay = $ARGV[0] eq '--here' && shift;    # the real server is a whole machine, not a namespace of this one
my ($path, @program) = @ARGV;
my ($filesLimit, $limits) = (7, "\0" x 16);
syscall $prlimit, 0, $filesLimit, 0, $limits;
$limits = pack 'QQ', ((unpack 'QQ', $limits)[1]) x 2;    # as many files as root may have
syscall $prlimit, 0, $filesLimit, $limits, 0;
$^F = 1 << 20;    # descriptors above this one would be closed by exec
open my $lines, '<', $path or die "$path: $!\n";
my ($here, @sockets) = ('');
open my $own, '<', '/proc/self/ns/net' or die "own namespace: $!\n";
while (my ($host, $protocol, $address, $port) = split ' ', <$lines> // '') {
    if (!$stay && $here ne $host) {
        open my $ns, '<', "/run/netns/$host" or die "no namespace $host: $!\n";
        syscall($setns, fileno $ns, 0x40000000) == 0 or die "setns $host: $!\n";
        $here = $host;
    }
    my ($stream, $six, $sctp) = ($protocol ne 'udp', $address =~ /:/ ? 1 : 0, $protocol eq 'sctp' ? 132 : 0);
    # An endpoint takes the algorithm of its cookies when it is made; the modules of the others are not everywhere.
    if ($sctp && open my $algorithm, '>', '/proc/sys/net/sctp/cookie_hmac_alg') { print $algorithm 'none'; close $algorithm }
    socket my $socket, $six ? AF_INET6 : AF_INET, $stream ? SOCK_STREAM : SOCK_DGRAM, $sctp or die "$protocol: $!\n";
    setsockopt $socket, SOL_SOCKET, SO_REUSEADDR, 1;
    setsockopt $socket, 0, $ipFreebind, 1 if !$six;
    setsockopt $socket, 41, $_, 1 for $six ? ($ipv6Freebind, $ipv6Only) : ();    # each family has a socket of its own
    my $at = $six ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $address)) : pack_sockaddr_in($port, inet_aton($address));
    bind $socket, $at or die "$host: bind $address:$port/$protocol: $!\n";
    !$stream or listen $socket, $backlog or die "$host: listen $address:$port: $!\n";
    push @sockets, $socket;
}
# A host that loses its power, and all its processes with it, must not take the real servers of others along.
$here eq '' or syscall($setns, fileno $own, 0x40000000) == 0 or die "setns back: $!\n";
close $own;
exec(@program, $path, join ',', map { fileno $_ } @sockets) or die "$program[0]: $!\n";
