# host-state.pl [director]: what is set on this host and stays set: links, addresses, routes, permanent neighbours, queues, filters,
# IPVS, sysctls, daemons. Sections, each «=== NAME» and then what the programs and files say; starts as few programs as it can.
use strict;
use warnings;

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

# Whether there is a queue with a handle other than 0, which the kernel's own have: asked of rtnetlink(7) itself, since to
# start tc costs more than all else where it has nothing to tell.
sub anyAttached {
    my ($afNetlink, $sockRaw, $getQdisc, $newQdisc, $requestDump) = (16, 3, 38, 36, 0x301);
    socket my $asking, $afNetlink, $sockRaw, 0 or return 1;
    send $asking, pack('LSSLL C x3 l L3', 36, $getQdisc, $requestDump, 1, 0, 0, 0, 0, 0, 0), 0 or return 1;
    while (1) {
        defined recv $asking, my $answer, 65536, 0 or return 1;
        while (length $answer >= 16) {
            my ($length, $type) = unpack 'LS', $answer;
            return $type != 3 if $type != $newQdisc || $length < 36;
            return 1 if unpack 'x24 L', $answer;
            $answer = substr $answer, ($length + 3) & ~3;
        }
    }
}

$| = 1;
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
told('nft', '', qw(nft -s list ruleset)) if $modules eq '' || $modules =~ /^nf_tables /m;

if (-e '/proc/net/ip_vs') {
    my $serves = slurp('/proc/net/ip_vs') =~ /\n(?:TCP|UDP|SCTP|FWM) /;
    if ($serves) {
        told('ipvs', '', qw(ipvsadm -Sn));
        told('thresholds', '', qw(ipvsadm -Ln --thresholds));
    }
    if ($serves || @ARGV) {
        told('timeouts', '', qw(ipvsadm -L --timeout));
        told('sync', '', qw(ipvsadm -L --daemon));
    }
}

print "=== daemons\n";
my @here = stat '/proc/self/ns/net';
opendir my $proc, '/proc' or die "/proc: $!\n";
for my $pid (sort { $a <=> $b } grep { /^\d+$/ } readdir $proc) {
    my ($name) = slurp("/proc/$pid/stat") =~ /\((keepalived|ldirectord|heartbeat)\)/ or next;
    my @its = stat "/proc/$pid/ns/net" or next;
    print "$name\n" if !@here || "@its[0, 1]" eq "@here[0, 1]";
}

# Sysctls that count, or that only answer once, are no settings.
my $volatile = qr{/(?:nf_conntrack_count|flush|tcp_fastopen_key|stable_secret)$};
print "=== sysctls\n";
my @folders = map { "/proc/sys/net/$_" } qw(bridge ipv4 ipv6/conf netfilter);
while (defined(my $folder = shift @folders)) {
    opendir my $in, $folder or next;
    for my $name (sort grep { !/^\./ } readdir $in) {
        my $path = "$folder/$name";
        # By their names, since to ask of each file whether it is a folder costs as much as to read it.
        if ($folder =~ m{/(?:conf|neigh)$} || $name =~ /^(?:conf|neigh|vs|route|nf_log)$/) {
            push @folders, $path;
            next;
        }
        next if $path =~ $volatile;
        my $value = slurp($path);
        chomp $value;
        $value =~ s/\s+/ /g;
        print substr($path, length '/proc/sys/'), "=$value\n" if $value ne '';
    }
}
