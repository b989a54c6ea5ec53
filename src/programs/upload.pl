# upload.pl ADDRESS PORT BYTES LIMIT_S: uploads so much to receive-uploads.pl. Prints `done`, the microseconds until the
# answer, the SHA-256 of what was sent, how many bytes arrived and their SHA-256; or `failed` and why.
# Bytes that repeat only after 64 KiB; the number in front of each block makes all blocks differ.
use strict;
use warnings;
use Digest::SHA;
use IO::Socket::INET;
use POSIX qw(_exit sigaction SIGALRM);
use Time::HiRes 'time';

my ($address, $port, $length, $limitS) = @ARGV;
my $blockBytes = 65536;

# At once: exit would first write out what the socket still holds, and wait for as long as that stalls.
sub fail {
    syswrite STDOUT, "failed $_[0]\n";
    _exit(0);
}

$SIG{PIPE} = 'IGNORE';
# Not Perl's own way, which waits until a write that is under way has ended.
sigaction(SIGALRM, POSIX::SigAction->new(sub { fail('timeout') }));
alarm $limitS;
my $socket = IO::Socket::INET->new(PeerAddr => $address, PeerPort => $port) or fail("connect: $!");
my $pattern = join '', map { pack 'N', ($_ * 2654435761) & 0xffffffff } 1 .. 16384;
my ($sha, $sent, $start, $number) = (Digest::SHA->new(256), 0, time, 0);
print $socket pack 'N', $length;
while ($sent < $length) {
    my $left = $length - $sent;
    my $block = substr pack('N', $number++) . $pattern, 0, $left < $blockBytes ? $left : $blockBytes;
    $sha->add($block);
    print $socket $block or last;
    $sent += length $block;
}
$socket->flush;
my $answer = <$socket> // fail('no hash came back');
printf "done %d %s %s", (time - $start) * 1e6, $sha->hexdigest, $answer;
