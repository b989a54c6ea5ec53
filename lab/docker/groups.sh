#!/bin/sh
# Removes the control groups of dockerds of our own that have ended: groups belong to the machine, so they outlive
# the sandbox of their dockerd when that is killed. groups.sh NAME-PATTERN [OLDER-THAN-MINUTES]; prints what went.
# A group with a process in it cannot be removed, so one that is in use stays.
find /sys/fs/cgroup -mindepth 1 -maxdepth 2 -type d -name "$1" ${2:+-mmin "+$2"} 2>/dev/null |
	while read -r dir; do
		find "$dir" -depth -type d -exec rmdir {} \; 2>/dev/null
		[ -e "$dir" ] || echo "$dir"
	done
