# clock.pl [MS]: steps the wall clock by so much; prints how far it is ahead of the clock that never steps, in ms.
use strict;
use warnings;
use POSIX ();
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC CLOCK_REALTIME);

my $clockSettime = (POSIX::uname())[4] eq 'aarch64' ? 112 : 227;
if (my ($byMs) = @ARGV) {
    my $toS = clock_gettime(CLOCK_REALTIME) + $byMs / 1000;
    my $wholeS = POSIX::floor($toS);
    syscall($clockSettime, CLOCK_REALTIME, pack 'qq', $wholeS, int 1e9 * ($toS - $wholeS)) == 0 or die "clock_settime: $!\n";
}
printf "%.3f\n", 1000 * (clock_gettime(CLOCK_REALTIME) - clock_gettime(CLOCK_MONOTONIC));
