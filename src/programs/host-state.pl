# host-state.pl ROLE [net/ipv4/…]...: what is set on this host and stays set: links, addresses, routes, permanent neighbours, queues, filters,
# IPVS, sysctls, daemons. Sections, each «=== NAME» and then what the programs and files say; starts as few programs as it can.
# As the role `daemons` it looks at those alone.
use strict;
use warnings;
use Fcntl;

my ($role, @keys) = @ARGV;

sub slurp {
    open my $file, '<', shift or return '';
    local $/;
    return scalar(readline $file) // '';
}

# What is missing is missing from the text, too: it is no reason to do without the rest.
sub told {
    my ($name, $input, @command) = @_;
    pipe my $theirs, my $ours or die "pipe: $!\n";
    my $pid = open(my $said, '-|') // die "fork: $!\n";
    if (!$pid) {
        close $ours;
        open STDIN, '<&', $theirs or exit 127;
        open STDERR, '>', '/dev/null';
        exec @command or exit 127;
    }
    close $theirs;
    local $SIG{PIPE} = 'IGNORE';
    print {$ours} $input;
    close $ours;
    local $/;
    my $text = readline($said) // '';
    close $said;
    print "=== $name\n$text";
}

# Whether a netlink(7) dump has a message of this type that fits; a kernel that does not know the family has none. Asked before tc
# and nft are started, which costs more than all else where they have nothing to tell.
sub anyDumped {
    my ($family, $ask, $body, $type, $fits) = @_;
    my ($afNetlink, $sockRaw, $requestDump) = (16, 3, 0x301);
    socket my $asking, $afNetlink, $sockRaw, $family or return 0;
    send $asking, pack('LSSLL', 16 + length $body, $ask, $requestDump, 1, 0) . $body, 0 or return 1;
    while (1) {
        defined recv $asking, my $answer, 65536, 0 or return 1;
        while (length $answer >= 16) {
            my ($length, $is) = unpack 'LS', $answer;
            return 0 if $is != $type || $length < 16;
            return 1 if $fits->($answer);
            $answer = substr $answer, ($length + 3) & ~3;
        }
    }
}

# The kernel's own queues have the handle 0.
my ($rtnetlink, $getQdisc, $newQdisc) = (0, 38, 36);
sub anyAttached {
    return anyDumped($rtnetlink, $getQdisc, pack('C x3 l L3', 0, 0, 0, 0, 0), $newQdisc, sub { unpack 'x24 L', shift });
}

my ($nfnetlink, $nfTables, $newTable, $getTable) = (12, 10 << 8, 0, 1);
sub anyTables {
    return anyDumped($nfnetlink, $nfTables | $getTable, pack('C C n', 0, 0, 0), $nfTables | $newTable, sub { 1 });
}

$| = 1;

# Most processes belong to other hosts where these share a process table; to read a link costs less than to open a file.
print "=== daemons\n";
my $here = readlink '/proc/self/ns/net';
opendir my $proc, '/proc' or die "/proc: $!\n";
for my $pid (sort { $a <=> $b } grep { /^\d+$/ } readdir $proc) {
    next if defined $here && (readlink "/proc/$pid/ns/net" // '') ne $here;
    my ($name, $state) = slurp("/proc/$pid/stat") =~ /\((keepalived|ldirectord|heartbeat)\) (\S)/ or next;
    print "$name ", ($state =~ /t/i ? 'stopped' : 'running'), "\n" if $state !~ /[ZX]/;
}
exit if $role eq 'daemons';

my $ip = join '', map { "$_\n" } 'link show', 'address show', 'route show table all', 'neighbour show nud permanent',
    'neighbour show proxy', 'rule show';
told('ip', $ip, qw(ip -o -force -batch -));
told('qdiscs', '', qw(tc qdisc show)) if anyAttached();

my %tables = (
    ip_tables_names => 'iptables-legacy-save',
    ip6_tables_names => 'ip6tables-legacy-save',
    arp_tables_names => 'arptables-legacy-save',
);
for my $names (sort keys %tables) {
    told($tables{$names}, '', $tables{$names}) if slurp("/proc/net/$names") =~ /\S/;
}
my $modules = slurp('/proc/modules');
told('ebtables-legacy-save', '', 'ebtables-legacy-save') if $modules =~ /^ebtable_/m;
told('nft', '', qw(nft -s list ruleset)) if ($modules eq '' || $modules =~ /^nf_tables /m) && anyTables();

if (-e '/proc/net/ip_vs') {
    my $serves = slurp('/proc/net/ip_vs') =~ /\n(?:TCP|UDP|SCTP|FWM) /;
    if ($serves) {
        told('ipvs', '', qw(ipvsadm -Sn));
        told('thresholds', '', qw(ipvsadm -Ln --thresholds));
    }
    if ($serves || $role eq 'director') {
        told('timeouts', '', qw(ipvsadm -L --timeout));
        told('sync', '', qw(ipvsadm -L --daemon));
    }
}

# To open one of these files costs as much as twenty other calls, so those are left out that say nothing of packets or
# connections here: what counts, what new interfaces begin with, timers of neighbour tables, most of IPv6's autoconfiguration.
my $volatile = qr{/(?:nf_conntrack_count|flush|tcp_fastopen_key|stable_secret)$};
my $ofIpv6 = qr{/(?:disable_ipv6|forwarding|accept_ra|accept_dad|proxy_ndp|ndisc_\w+|addr_gen_mode|mtu)$};
sub isRead {
    my $path = shift;
    return 0 if $path =~ $volatile || $path =~ m{/conf/default/};
    return $path !~ m{/ipv6/} || $path =~ $ofIpv6;
}

print "=== sysctls\n";
my @folders = map { "/proc/sys/net/$_" } qw(bridge ipv4 ipv6/conf netfilter);
my %asked = map { ("/proc/sys/$_" => 1) } @keys;
while (defined(my $folder = shift @folders)) {
    opendir my $in, $folder or next;
    for my $name (grep { !/^\./ } readdir $in) {
        my $path = "$folder/$name";
        # By their names, since to ask of each file whether it is a folder costs as much as to read it.
        if ($folder =~ m{/conf$} || $name =~ /^(?:conf|vs|route|nf_log)$/) {
            push @folders, $path;
        }
        elsif ($name ne 'neigh' && isRead($path)) {
            $asked{$path} = 1;
        }
    }
}
for my $path (sort keys %asked) {
    sysopen my $file, $path, O_RDONLY or next;
    next if !sysread $file, my $value, 65536;
    chomp $value;
    $value =~ s/\s+/ /g;
    print substr($path, length '/proc/sys/'), "=$value\n" if $value ne '';
}
