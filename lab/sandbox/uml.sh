#!/bin/sh
# Runs a User-Mode Linux guest inside a world and ends with the exit code of the program in the guest.
# usage: uml.sh INIT MODULES_DIR LINUX_UML [KERNEL_ARGUMENT...]
# GUEST_FSTAB and GUEST_JOB hold the texts that INIT reads. Without an exit code from inside: /run/lost.
set -eu
init=$1 modules=$2
shift 2

mkdir -p /run/guest/lib
ln -s "$modules" /run/guest/lib/modules
cp "$init" /run/guest/init
printf '#!/bin/sh\nexec /sbin/modprobe -d /run/guest "$@"\n' >/run/guest/modprobe
chmod 755 /run/guest/init /run/guest/modprobe
printf '%s' "$GUEST_FSTAB" >/run/guest/fstab
printf '%s' "$GUEST_JOB" >/run/guest/job
unset GUEST_FSTAB GUEST_JOB
ulimit -c 0

if [ "$GUEST_STDIN" = terminal ]; then
	# Opened anew: the guest makes its descriptors non-blocking, which must not reach the caller's.
	stty size >/run/guest/size
	"$@" </dev/tty >/dev/tty || :
elif [ "$GUEST_STDIN" = stream ]; then
	# The guest's serial lines lose bursts, and hang up at the end of input: a file does neither.
	exec 6<&0
	{
		cat <&6 >/run/guest/input
		: >/run/guest/input-complete
	} &
	"$@" </dev/null || :
else
	"$@" </dev/null || :
fi

if ! read -r code </run/guest/code; then
	: >/run/lost
	exit 1
fi
exit "$code"
