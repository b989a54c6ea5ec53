# flap.pl PERIOD_MS COUNT PORT…: takes the ports down and up again COUNT times; down for the first half of a period.
# Prints a line once they are down for the first time, and ends with the last of them up.
use strict;
use warnings;
use Socket;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

my ($periodMs, $count, @ports) = @ARGV;
my ($getFlags, $setFlags, $up) = (0x8913, 0x8914, 1);    # netdevice(7): SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP
socket my $socket, AF_INET, SOCK_DGRAM, 0 or die "socket: $!\n";

sub turn {
    my ($on) = @_;
    for my $port (@ports) {
        my $request = pack 'a16x24', $port;
        ioctl $socket, $getFlags, $request or die "$port: $!\n";
        my $flags = unpack 'x16S', $request;
        ioctl $socket, $setFlags, pack('a16Sx22', $port, $on ? $flags | $up : $flags & ~$up) or die "$port: $!\n";
    }
}

my $start = clock_gettime(CLOCK_MONOTONIC);
for my $half (0 .. 2 * $count - 1) {
    my $leftS = $start + $half * $periodMs / 2000 - clock_gettime(CLOCK_MONOTONIC);
    select undef, undef, undef, $leftS if $leftS > 0;
    turn($half % 2);
    syswrite STDOUT, "down\n" if $half == 0;
}
