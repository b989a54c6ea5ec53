# processes.pl SIGNAL NAMESPACE [PID…]: signals every process in the network namespace, or those of them that are
# named, until all of it has taken effect. A line for each that was signalled: PID NAME. Signal 0 lists all: PID NAME STATE.
use strict;
use warnings;

my ($signal, $namespace, @only) = @ARGV;
my @wanted = stat "/run/netns/$namespace" or die "no namespace $namespace: $!\n";
my %only = map { $_ => 1 } @only;
my ($tries, $pauseS) = (500, 0.01);

sub there {
    my %there;
    opendir my $proc, '/proc' or die "/proc: $!\n";
    for my $pid (grep { /^\d+$/ && (!@only || $only{$_}) } readdir $proc) {
        my @its = stat "/proc/$pid/ns/net" or next;
        next unless $its[0] == $wanted[0] && $its[1] == $wanted[1];
        open my $file, '<', "/proc/$pid/stat" or next;
        my ($name, $state) = (<$file> // '') =~ /\((.*)\) (\S)/s or next;
        $there{$pid} = [$name, $state] if $state ne 'Z';
    }
    return %there;
}

my %stopped = there();
if ($signal eq '0') {
    print "$_ @{$stopped{$_}}\n" for sort { $a <=> $b } keys %stopped;
    exit;
}
my %signalled;
for my $try (1 .. $tries) {
    my %left = there();
    if ($signal eq 'STOP') { delete @left{grep { $left{$_}[1] =~ /t/i } keys %left} }
    if ($signal eq 'CONT') { delete @left{grep { $left{$_}[1] !~ /t/i } keys %left} }
    last unless %left;
    die "$signal has no effect on ", join(' ', map { "$_ ($left{$_}[0])" } keys %left), "\n" if $try == $tries;
    for my $pid (keys %left) { $signalled{$pid} = $left{$pid}[0]; kill $signal, $pid }
    select undef, undef, undef, $pauseS;
}
print "$_ $signalled{$_}\n" for sort { $a <=> $b } keys %signalled;
