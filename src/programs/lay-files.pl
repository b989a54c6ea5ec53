# lay-files.pl NAME OWN TREE [OPAQUE…]: goes into a mount and host-name namespace of its own, lays the files below TREE over the root there, and
# says `ready`. Ends with its standard input; by then somebody else holds the namespaces. Copies and mount points lie below OWN.
#
# A folder in which TREE adds or replaces something becomes the host's own: a copy of its small files, links and mounts of the rest. Of
# those named OPAQUE nothing is taken over from the machine; a file of them is empty where TREE has none. Mounted one by one, since overlayfs is no file system for all places: on top
# of another overlay, in namespaces of an ordinary user, in a guest's kernel.
use strict;
use warnings;
use Cwd 'abs_path';
use Fcntl ':mode';
use File::Copy;
use File::Path 'make_path';
use POSIX ();

my ($unshare, $mount, $sethostname) = (POSIX::uname())[4] eq 'aarch64' ? (97, 40, 161) : (272, 165, 170);
use constant { NEWNS => 0x20000, NEWUTS => 0x4000000, BIND => 4096, REC => 16384, PRIVATE => 1 << 18 };
my $largestCopyBytes = 65_536;
my ($name, $own, $tree, @opaque) = @ARGV;
my %opaque = map { $_ => 1 } @opaque;
my $places = 0;

sub bind_over {
    my ($from, $to, $how) = @_;
    my $none = 'none';
    syscall($mount, $from, $to, $none, BIND | $how, 0) == 0 or die "mount $from on $to: $!\n";
}

sub entries {
    opendir my $folder, shift or return ();
    return grep { !/^\.\.?$/ } readdir $folder;
}

sub is_folder { return !-l $_[0] && -d _ }

sub take {
    my ($from, $to) = @_;
    if (-l $from) { symlink readlink($from), $to or die "$to: $!\n"; return }
    if (is_folder($from)) {
        my $mode = (stat $from)[2];
        mkdir $to or die "$to: $!\n";
        take("$from/$_", "$to/$_") for entries($from);
        chmod S_IMODE($mode), $to;
        return;
    }
    my @info = stat $from or die "$from: $!\n";
    return unless S_ISREG($info[2]);
    copy($from, $to) or die "$from: $!\n";
    chmod S_IMODE($info[2]), $to;
}

sub lay {
    my ($target, $from) = @_;
    my @brought = entries($from);
    my (%into, $changes);
    for my $entry (@brought) {
        if (is_folder("$from/$entry") && -d "$target/$entry") { $into{$entry} = 1 }
        else                                                  { $changes = 1 }
    }
    if ($changes || $opaque{$target}) {
        die "/$brought[0] would be new on the machine, and only what lies in folders that it has can be laid\n" if $target eq '';
        my $place = "$own/" . ++$places;    # not its own path: below that lie mounts of what is the machine's
        make_path($place);
        my @info = stat $target;
        my (%theirs, @mounts) = map { $_ => 1 } @brought;
        for my $entry ($opaque{$target} ? () : entries($target)) {
            next if $theirs{$entry} && !$into{$entry};
            my ($there, $here) = ("$target/$entry", "$place/$entry");
            my @what = lstat $there or next;
            if    (S_ISDIR($what[2])) { mkdir $here; push @mounts, $entry }
            elsif (S_ISLNK($what[2])) { symlink readlink($there), $here }
            elsif (S_ISREG($what[2]) && $what[7] > $largestCopyBytes) { open my $point, '>', $here; push @mounts, $entry }
            elsif (S_ISREG($what[2])) { copy($there, $here) and chmod S_IMODE($what[2]), $here; chown @what[4, 5], $here }
        }
        for my $entry (grep { !$into{$_} } @brought) { take("$from/$entry", "$place/$entry") }
        if ($opaque{$target}) { take("$from/$_", "$place/$_") for keys %into; %into = () }
        chmod S_IMODE($info[2]), $place;
        chown @info[4, 5], $place;
        bind_over("$target/$_", "$place/$_", REC) for @mounts;
        bind_over($place, $target, REC);
    }
    # Without links in the path: a folder of two names is laid over once.
    lay(abs_path("$target/$_"), "$from/$_") for sort keys %into;
}

# Folders that are of one machine and not of another: pid files, sockets, logs. What the lab itself has in /run stays.
sub state_of_its_own {
    my ($log, $run) = ("$own/log", "$own/run");
    make_path($log, $run);
    bind_over($log, '/var/log', 0) if -d '/var/log';
    for my $entry (entries('/run')) {
        next unless is_folder("/run/$entry");
        mkdir "$run/$entry";
        next if $entry =~ /^(lock|user|network)$/;
        bind_over("/run/$entry", "$run/$entry", $entry eq 'drlab' ? 0 : REC);
    }
    mkdir "$run/$_" for qw(lock network);
    chmod 01777, "$run/lock";
    bind_over($run, '/run', REC);
}

-d $tree or die "no folder $tree is seen in the sandbox, which has a /run and a /dev of its own\n";
syscall($unshare, NEWNS | NEWUTS) == 0 or die "unshare: $!\n";
my ($none, $root) = ('none', '/');
syscall($mount, $none, $root, 0, REC | PRIVATE, 0) == 0 or die "mount /: $!\n";
syscall($sethostname, $name, length $name) == 0 or die "hostname: $!\n";
state_of_its_own();
lay('', $tree);
for (@opaque) { bind_over('/dev/null', $_, 0) if -f $_ && !-e "$tree$_" }
$| = 1;
print "ready\n";
1 while <STDIN>;
