#!/bin/sh
# Stands in for isolated.sh under User-Mode Linux where namespaces are forbidden: a folder and a watcher.
# Same usage and messages; WRITABLE_DIRS and RUN_MIB have no effect, since the guest mounts for itself.
set -eu
run=$1 cwd=$3
shift 4
# This process cleans up: only the guest and the watcher may end it.
trap '' INT QUIT TERM HUP

mkdir -m 700 "$run"
mkdir "$run/tmp"
# Nothing can be mounted over /etc and /var/tmp here; the guest gets copies. /tmp may hold what it needs, and stays as it is.
if [ -n "${OWN_FOLDERS-}" ]; then
	mkdir -p "$run/own/etc" "$run/own/var/tmp/seen"
	cp -a /etc "$run/own/etc/seen" 2>/dev/null || :
	alternatives=$run/own/etc/seen/alternatives
	[ "${TABLES-}" != legacy ] || . "${0%/*}/legacy-tables.sh"
fi
unset OWN_FOLDERS TABLES
terminal=
if [ -t 0 ]; then terminal=$(stty -g); fi

# The guest and all its processes are one process group, whose leader writes its number down.
end_guest() {
	pid=$(cat "$run/guest/lab/pid" 2>/dev/null) || return 0
	kill -s KILL -- "-$pid" 2>/dev/null || :
}
(
	read -r _ <&3 || :
	while [ -d "$run" ]; do
		end_guest
		sleep 0.1
	done
) &

cd "$cwd"
echo up >&3
code=0
"$@" 3<&- || code=$?
end_guest

if [ -n "$terminal" ]; then
	trap '' TTOU
	stty "$terminal" || :
fi
if [ -e "$run/lost" ]; then said=lost; else said="exit $code"; fi
rm -rf "$run"
kill -KILL $! 2>/dev/null || :
echo "$said" >&3
