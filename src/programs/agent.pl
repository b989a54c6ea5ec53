# The agent of a netns lab: one small process that does what Node cannot (setns) and what Node does slowly (fork).
# Frames on stdin and stdout: type (1 byte), id (4), length (4), payload; see frames.ts and agent.ts.
use strict;
use warnings;
use POSIX qw(:sys_wait_h :fcntl_h :errno_h :signal_h);

my ($setns, $unshare, $mount, $umount, $signalfd4) =
    (POSIX::uname())[4] eq 'aarch64' ? (268, 97, 40, 39, 74) : (308, 272, 165, 166, 289);
use constant { NEWNET => 0x40000000, NEWNS => 0x20000, NEWUTS => 0x4000000, MS_BIND => 4096, MNT_DETACH => 2 };
my $netnsDir = '/run/netns';
my (%children, %wanted, @namespaces, %own);
my ($here, $silenceS, $heardAt) = ('', $ENV{DRLAB_SILENCE_S} // 0, time);    # where it is now; 0: silence is no sign
my $fromNode = '';
open my $rootNs, '<', '/proc/self/ns/net' or do { print STDERR "no network namespaces: $!\n"; exit 69 };
binmode STDIN;
binmode STDOUT;
$SIG{PIPE} = 'IGNORE';

# The end of a child is something to read: a handler of Perl's runs only after a system call that has begun, so that
# select would sleep over a child that ended just before it.
my $childEnds = POSIX::SigSet->new(SIGCHLD);
POSIX::sigprocmask(SIG_BLOCK, $childEnds);
my $mask = pack 'Q', 1 << SIGCHLD - 1;
my $endsFd = syscall($signalfd4, -1, $mask, 8, O_NONBLOCK | 0x80000);    # SFD_CLOEXEC
open my $ends, '<&=', $endsFd or die "signalfd: $!\n";

sub reply {
    my ($type, $id, $payload) = @_;
    my $frame = pack('a1NN', $type, $id, length $payload) . $payload;
    while (length $frame) {
        my $sent = syswrite STDOUT, $frame;
        exit down() unless defined $sent or $! == EINTR;
        substr($frame, 0, $sent // 0, '');
    }
}

# What the surroundings do not grant (rights, namespaces, room) is distinguished from what should never happen.
my %notGranted = map { $_ => 1 } EPERM, EACCES, EROFS, ENOSYS, ENOSPC, ENOMEM, EAGAIN;

sub refuse {
    my ($what, @alsoLacks) = @_;
    my $lacks = grep { $! == $_ } @alsoLacks, keys %notGranted;
    die $lacks ? { lacks => "$what: $!" } : "$what: $!\n";
}

sub enter {
    my ($name) = @_;
    return if $name eq $here;    # only root may enter a namespace, also the one that it is in
    my $named;
    if ($name ne '') { open $named, '<', "$netnsDir/$name" or die "no namespace $name: $!\n" }
    syscall($setns, fileno($named // $rootNs), NEWNET) == 0 or die "setns $name: $!\n";
    $here = $name;
}

# Mounts and a name of a host's own, which a process has made: held here, they outlive it. Answers with where: UTS, mounts.
sub hold {
    my ($id, $name, $pid) = @_;
    my @held = map {
        my ($file, $kind) = @$_;
        open my $ns, '<', "/proc/$pid/ns/$file" or die "$file of $pid: $!\n";
        [$ns, $kind];
    } ['uts', NEWUTS], ['mnt', NEWNS];
    $own{$name} = \@held;
    reply('r', $id, join ' ', map { "/proc/$$/fd/" . fileno $_->[0] } @held);
}

sub enter_own {
    my ($name) = @_;
    for my $held (@{$own{$name} // []}) {
        my ($ns, $kind) = @$held;
        syscall($setns, fileno $ns, $kind) == 0 or die "setns of $name: $!\n";
    }
}

sub put {
    my ($path, $value) = @_;
    open my $file, '>', $path or return "$!";
    syswrite $file, $value or return "$!";
    return;
}

# Files of /proc follow the network namespace of the process that reads, so no process need be started for them.
sub slurp {
    my ($name, $path) = @_;
    enter($name);
    my $file;
    my $opened = open $file, '<', $path;
    my $problem = "$!";
    enter('');
    return "-$problem" unless $opened;
    local $/;
    return '+' . (readline($file) // '');
}

# Look-ups below one proc file system grow slow with the number of namespaces that were looked up there, since the
# entries of all of them lie in one chain: hence a fresh one for each part of a lab. Where none may be mounted, /proc.
our $sys = '/proc/sys';
my ($freshProc, $proc) = ('/run/drlab-proc', 'proc');

sub withFreshProc {
    my ($work) = @_;
    mkdir $freshProc;
    my $mounted = syscall($mount, $proc, $freshProc, $proc, 0, 0) == 0;
    local $sys = "$freshProc/sys" if $mounted;
    my $result = eval { $work->() };
    my $problem = $@;
    syscall($umount, $freshProc, MNT_DETACH) if $mounted;
    rmdir $freshProc;
    die $problem if $problem;
    return $result;
}

# IPv6 goes first: neighbour discovery and MLD flooding make large labs quadratic.
sub namespace {
    my ($name) = @_;
    my ($self, $path) = ('/proc/self/ns/net', "$netnsDir/$name");
    sysopen my $file, $path, O_CREAT | O_EXCL | O_RDONLY or refuse($path);
    push @namespaces, $name;
    syscall($unshare, NEWNET) == 0 or refuse('unshare', EINVAL);    # EINVAL: a kernel without network namespaces
    $here = $name;
    syscall($mount, $self, $path, 0, MS_BIND, 0) == 0 or refuse("bind $path");
    put("$sys/net/ipv6/conf/$_/disable_ipv6", 1) for qw(all default);
}

# name, path, value, …: files under /proc/sys/net follow the network namespace of the process that writes.
sub sysctls {
    my $failures = '';
    while (my ($name, $path, $value) = splice @_, 0, 3) {
        enter($name);
        my $problem = put("$sys/$path", $value);
        $failures .= "$name: $path = $value: $problem\n" if $problem;
    }
    return $failures;
}

# The lines of `ip -batch` that every host has, said to the kernel directly: a process for each host would take
# most of the time of a large lab. rtnetlink(7); returns nothing for a line of another kind.
sub attribute { my ($type, $data) = @_; pack('SSa*', 4 + length $data, $type, $data) . "\0" x (-length($data) & 3) }
my $create = 0x600;    # NLM_F_CREATE | NLM_F_EXCL

sub message {
    my ($line, $index) = @_;
    my $packed = sub { pack 'C4', split /\./, $_[0] };
    if ($line =~ /^link set (\S+) up$/) { return (16, 0, pack('CxSiLL', 0, 0, $index->($1), 1, 1)) }
    if ($line =~ m{^addr add ([\d.]+)/(\d+)( brd \+)? dev (\S+)$}) {
        my ($bits, $broadcast) = (unpack('N', $packed->($1)), '');
        $broadcast = attribute(4, pack 'N', $bits | 0xffffffff >> $2) if $3 && $2 < 31;
        return (20, $create, pack('CCCCi', 2, $2, 0, 0, $index->($4)) . attribute(2, $packed->($1)) . attribute(1, $packed->($1)) . $broadcast);
    }
    if ($line =~ /^route add default via ([\d.]+)$/) {
        return (24, $create, pack('C8L', 2, 0, 0, 0, 254, 3, 0, 1, 0) . attribute(5, $packed->($1)));
    }
    return;
}

# Whether all of the text was of these kinds; what the kernel refused is appended to $$said.
sub netlink {
    my ($name, $text, $said) = @_;
    my @lines = split /\n/, $text;
    return 0 if grep { !message($_, sub { 0 }) } @lines;
    enter($name);
    socket my $kernel, 16, 3, 0 or die "netlink: $!\n";
    my $index = sub {
        my $request = pack 'a16x24', $_[0];
        return ioctl($kernel, 0x8933, $request) ? unpack 'x16i', $request : 0;    # SIOCGIFINDEX; 0: no such device
    };
    for my $line (@lines) {
        my ($type, $flags, $body) = message($line, $index);
        syswrite $kernel, pack('LSSLLa*', 16 + length $body, $type, 5 | $flags, 1, 0, $body);
        sysread $kernel, my $answer, 8192;
        my $refused = unpack 'x16i', $answer;
        if ($refused) { local $! = -$refused; $$said .= "$name: $line: $!\n"; last }
    }
    return 1;
}

# name, program, text, …: `PROGRAM -batch FILE` in each namespace, two at a time.
sub batches {
    my ($dir, $failures, %running) = (shift, '');
    my $finish = sub {
        my $pid = wait;
        my $name = delete $running{$pid} // return ended($pid, $?);
        open my $file, '<', "$dir/batch-$pid.err";
        my $said = join '', <$file>;
        unlink "$dir/batch-$pid.err", "$dir/batch-$pid.in";
        $failures .= "$name: $said\n" if $?;
    };
    while (my ($name, $program, $text) = splice @_, 0, 3) {
        next if $program eq 'ip' && netlink($name, $text, \$failures);
        $finish->() if keys %running >= 2;
        my $pid = fork // refuse('fork');
        if (!$pid) {
            POSIX::sigprocmask(SIG_UNBLOCK, $childEnds);
            eval { enter($name) };
            open STDERR, '>', "$dir/batch-$$.err";
            put("$dir/batch-$$.in", $text);
            { no warnings; exec +(split / /, $program), '-batch', "$dir/batch-$$.in" }
            print STDERR "$program: $!\n";
            POSIX::_exit(127);
        }
        $running{$pid} = $name;
    }
    $finish->() while %running;
    enter('');
    return $failures;
}

# A perl is here already, and another one takes as long to start as most scripts to run. A script that dies ends with 255.
sub script {
    my ($text, @words) = @_;
    delete @$_{qw(stdin o e)} for values %children, values %wanted;    # else their ends would stay open here
    close $ends;
    @ARGV = @words;
    $0 = '-e';
    my $ran = eval "package Program; no strict; no warnings; $text\n; 1";
    print STDERR $@ if !$ran;
    close STDOUT or $ran = 0;
    POSIX::_exit($ran ? 0 : 255);
}

sub start {
    my ($id, $name, $cwd, $wantsInput, @argv) = @_;
    my %child = (id => $id, in => '', closing => !$wantsInput);
    my $inRead;
    pipe $inRead, $child{stdin} if $wantsInput;
    pipe $child{o}, my $outWrite;
    pipe $child{e}, my $errWrite;
    my $pid = fork // refuse('fork');
    if (!$pid) {
        setpgrp;
        $SIG{PIPE} = 'DEFAULT';
        POSIX::sigprocmask(SIG_UNBLOCK, $childEnds);
        open STDERR, '>&', $errWrite;
        eval { enter($name); enter_own($name); chdir $cwd or die "$cwd: $!\n"; 1 } or do { print STDERR $@; POSIX::_exit(126) };
        if   ($wantsInput) { open STDIN, '<&', $inRead }
        else               { open STDIN, '<',  '/dev/null' }
        open STDOUT, '>&', $outWrite;
        delete @child{qw(stdin o e)};
        script(@argv[2 .. $#argv]) if $argv[0] eq 'perl' && ($argv[1] // '') eq '-e';
        { no warnings; exec { $argv[0] } @argv }
        print STDERR "$argv[0]: $!\n";
        POSIX::_exit(127);
    }
    setpgrp $pid, $pid;
    fcntl $_, F_SETFL, O_NONBLOCK for grep { $_ } @child{qw(stdin o e)};
    $children{$pid} = $wanted{$id} = { %child, pid => $pid };
    reply('p', $id, $pid);
}

# Passes on what can be read now; of a process that has ended, what its descendants still write is dropped.
sub drain {
    my ($child, $stream) = @_;
    while (my $pipe = $child->{$stream}) {
        my $got = sysread $pipe, my $data, 65536;
        return if !defined $got;
        if (!$got) { delete $child->{$stream}; last }
        reply($stream, $child->{id}, $data) if !$child->{ended};
        return if !$child->{leaving};
    }
}

sub ended {
    my ($pid, $status) = @_;
    my $child = delete $children{$pid} // return;
    $child->{leaving} = 1;
    drain($child, $_) for qw(o e);
    reply('x', $child->{id}, WIFEXITED($status) ? WEXITSTATUS($status) : '-' . WTERMSIG($status));
    delete @$child{qw(stdin leaving)};
    $child->{ended} = 1;
}

sub reap {
    while ((my $pid = waitpid -1, WNOHANG) > 0) { ended($pid, $?) }
    delete @wanted{grep { $wanted{$_}{ended} && !$wanted{$_}{o} && !$wanted{$_}{e} } keys %wanted};
}

sub feed {
    my ($child) = @_;
    if (length $child->{in}) {
        my $sent = syswrite $child->{stdin}, $child->{in};
        if (defined $sent) { substr($child->{in}, 0, $sent, '') }
        elsif ($! != EAGAIN && $! != EINTR) { return delete $child->{stdin} }
    }
    delete $child->{stdin} if $child->{closing} && !length $child->{in};
}

# Every process in one of the lab's namespaces dies, also those that left their group; then the namespaces go.
sub down {
    my %ours = map { my @s = stat "$netnsDir/$_"; @s ? ("$s[0]:$s[1]" => 1) : () } @namespaces;
    enter('');
    kill KILL => map { -$_ } keys %children;
    for my $try (1 .. 500) {
        opendir my $proc, '/proc' or last;
        my @left = grep { my @s = /^\d+$/ && stat "/proc/$_/ns/net"; @s > 1 && $ours{"$s[0]:$s[1]"} } readdir $proc;
        kill KILL => @left;
        while ((my $pid = waitpid -1, WNOHANG) > 0) { delete $children{$pid} }
        last if !@left && !%children;
        select undef, undef, undef, 0.01;
    }
    for my $name (splice @namespaces) {
        my $path = "$netnsDir/$name";
        syscall($umount, $path, MNT_DETACH);
        unlink $path;
    }
    return 0;
}

my %handle = (
    n => sub { my ($id, @names) = @_; withFreshProc(sub { namespace($_) for @names }); enter(''); reply('r', $id, '') },
    w => sub {
        my ($id, @triples) = @_;
        my $failures = @namespaces ? withFreshProc(sub { sysctls(@triples) }) : sysctls(@triples);
        enter('');
        reply('r', $id, $failures);
    },
    b => sub { my $id = shift; reply('r', $id, batches(@_)) },
    g => sub { my $id = shift; reply('r', $id, slurp(@_)) },
    s => \&start,
    m => \&hold,
    i => sub { my ($id, $data) = @_; $wanted{$id}{in} .= $data if $wanted{$id} },
    c => sub { my ($id) = @_; $wanted{$id}{closing} = 1 if $wanted{$id} },
    k => sub {
        my ($id, $signal, $whom) = @_;
        my $child = $wanted{$id} or return;
        kill $signal, $whom eq 'group' ? -$child->{pid} : $child->{pid} if !$child->{ended} || $whom eq 'group';
    },
    d => sub { my ($id) = @_; down(); reply('r', $id, ''); exit 0 },
);

for (;;) {
    my ($readers, $writers) = ('', '');
    vec($readers, $_, 1) = 1 for 0, $endsFd;
    for my $child (values %wanted) {
        for (grep { $_ } @$child{qw(o e)}) { vec($readers, fileno $_, 1) = 1 }
        vec($writers, fileno $child->{stdin}, 1) = 1 if $child->{stdin} && (length $child->{in} || $child->{closing});
    }
    my $ready = select $readers, $writers, undef, $silenceS ? 0.5 : undef;
    if ($ready > 0) {
        for my $child (values %wanted) {
            for my $stream (qw(o e)) { drain($child, $stream) if $child->{$stream} && vec $readers, fileno $child->{$stream}, 1 }
            feed($child) if $child->{stdin} && vec $writers, fileno $child->{stdin}, 1;
        }
        sysread $ends, my $information, 4096 if vec $readers, $endsFd, 1;
        if (vec $readers, 0, 1) {
            my $got = sysread STDIN, $fromNode, 65536, length $fromNode;
            exit down() if defined $got && $got == 0;
            $heardAt = time;
        }
    }
    exit down() if $silenceS && time - $heardAt > $silenceS;
    reap();
    while (length $fromNode >= 9) {
        my ($type, $id, $length) = unpack 'a1NN', $fromNode;
        last if length $fromNode < 9 + $length;
        my $payload = substr $fromNode, 9, $length;
        substr $fromNode, 0, 9 + $length, '';
        my @words = $type eq 'i' ? $payload : split /\0/, $payload, -1;
        eval { $handle{$type}->($id, @words); 1 } or do {
            my $why = $@;
            enter('');
            reply(ref $why ? ('l', $id, $why->{lacks}) : ('f', $id, $why));
        };
    }
}
