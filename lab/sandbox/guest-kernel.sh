#!/bin/sh
# Runs a guest kernel in isolation and ends with the exit code of the program in the guest.
# usage: guest-kernel.sh RUN_DIR INIT MODULES_DIR PROGRAM [ARGUMENT...]
# GUEST_FSTAB and GUEST_JOB hold the texts that INIT reads. GUEST_LINKS, if set, holds paths, one a line,
# that are to be RUN_DIR/links/1 and so on as well. What lies in RUN_DIR/own is mounted before all else. Without an exit code from inside: RUN_DIR/lost.
set -eu
run=$1 init=$2 modules=$3
guest=$run/guest
shift 3

mkdir -p "$guest/lib"
ln -s "$modules" "$guest/lib/modules"
cp "$init" "$guest/init"
printf '#!/bin/sh\nexec /sbin/modprobe -d /run/guest "$@"\n' >"$guest/modprobe"
chmod 755 "$guest/init" "$guest/modprobe"
{
	for dir in etc tmp var/tmp; do
		own=$run/own/$dir/seen
		[ ! -d "$own" ] || echo "$own /$dir hostfs $own 0 0"
	done
	printf '%s' "$GUEST_FSTAB"
} >"$guest/fstab"
printf '%s' "$GUEST_JOB" >"$guest/job"
mkdir "$run/links"
links=0
printf %s "${GUEST_LINKS-}" | while IFS= read -r target; do
	links=$((links + 1))
	ln -s "$target" "$run/links/$links"
done
stdin=$GUEST_STDIN
unset GUEST_FSTAB GUEST_JOB GUEST_LINKS GUEST_STDIN
ulimit -c 0

feeder=
case $stdin in
terminal)
	# Opened again: the guest makes its descriptors non-blocking, which must not reach the caller's.
	stty size >"$guest/size"
	"$@" </dev/tty >/dev/tty || :
	;;
stream)
	# The guest's serial lines lose bursts, and hang up at the end of input: a file does neither.
	exec 6<&0
	{
		trap 'kill $!; exit' TERM
		cat <&6 >"$guest/input" &
		wait
		: >"$guest/input-complete"
	} &
	feeder=$!
	"$@" </dev/null || :
	;;
none)
	"$@" </dev/null || :
	;;
esac
[ -z "$feeder" ] || kill "$feeder" 2>/dev/null || :

if ! read -r code 2>/dev/null <"$guest/code"; then
	: >"$run/lost"
	exit 1
fi
exit "$code"
