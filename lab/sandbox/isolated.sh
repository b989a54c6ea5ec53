#!/bin/sh
# The isolated process: a mount, pid and network namespace that nobody else sees.
# usage: isolated.sh RUN_DIR RUN_MIB CWD WRITABLE_DIRS PROGRAM [ARGUMENT...]     (WRITABLE_DIRS: one a line)
# OWN_FOLDERS: `here` gives the program folders of its own in place of /etc, /tmp and /var/tmp; `aside` leaves them in RUN_DIR/own.
# TABLES: `legacy` makes iptables and the like there the legacy ones; `probe`, where this kernel has no nf_tables for them.
# Descriptor 3 is a socket to the process outside. It reads `up`, then `exit N` or `lost`;
# when it closes, for whatever reason, it ends.
set -eu
run=$1 run_mib=$2 cwd=$3 writable=$4
own_folders=${OWN_FOLDERS-}
tables=${TABLES-}
unset OWN_FOLDERS TABLES
shift 4

# kill -1 spares this process and the caller: it goes on until the former has seen its child die.
(
	trap '' INT QUIT TERM HUP
	read -r _ <&3 || :
	while :; do kill -KILL -1 2>/dev/null || :; done
) &

terminal=
if [ -t 0 ]; then terminal=$(stty -g); fi

mount -t tmpfs -o "mode=755,size=${run_mib}m" run "$run"
mkdir -m 1777 "$run/tmp" "$run/lock"
mkdir "$run/netns" "$run/user"
mount -t tmpfs -o mode=1777 shm /dev/shm
mount -t sysfs sysfs /sys 2>/dev/null || :
ip link set lo up

# What is not named as writable is the machine's, and stays as it is. What is may lie below a folder that gets another in its place.
mkdir "$run/writable"
kept=0
while read -r dir; do
	[ -n "$dir" ] || continue
	kept=$((kept + 1))
	mkdir "$run/writable/$kept"
	mount --bind "$dir" "$run/writable/$kept"
done <<-END
	$writable
END
[ -z "$own_folders" ] || . "${0%/*}/own-folders.sh"
if [ "$own_folders" = here ]; then
	for dir in etc tmp var/tmp; do
		[ ! -d "$run/own/$dir/seen" ] || mount --rbind "$run/own/$dir/seen" "/$dir"
	done
fi
kept=0
while read -r dir; do
	[ -n "$dir" ] || continue
	kept=$((kept + 1))
	mount --move "$run/writable/$kept" "$dir"
	rmdir "$run/writable/$kept"
done <<-END
	$writable
END
rmdir "$run/writable"
mount -o remount,bind,ro / 2>/dev/null || :
cd "$cwd"

echo up >&3
code=0
"$@" 3<&- || code=$?

if [ -n "$terminal" ]; then
	trap '' TTOU
	stty "$terminal" || :
fi
if [ -e "$run/lost" ]; then echo lost >&3; else echo "exit $code" >&3; fi
