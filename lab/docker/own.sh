#!/bin/sh
# A dockerd for one sandbox, in a mount namespace of its own: own.sh FOLDER CGROUP [DOCKERD-OPTION…]. Ends when its
# standard input does; told `tidy`, it removes the groups that containers left, and says `tidy`.
# FOLDER holds its images, state, socket and log; CGROUP is the name of the group above all its containers.
set -eu
run=$1 group=$2
shift 2

groups() { sh "${0%/*}/groups.sh" "$@" >/dev/null; }

# A fresh /sys has no control groups; the kernel gives the hierarchies that it has, not others.
if [ -z "$(ls -A /sys/fs/cgroup)" ]; then
	if grep -q '^[1-9]' /proc/self/cgroup; then
		mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
		while IFS=: read -r id controllers _; do
			[ "$id" != 0 ] || continue
			mkdir "/sys/fs/cgroup/${controllers#name=}"
			mount -t cgroup -o "$controllers" cgroup "/sys/fs/cgroup/${controllers#name=}"
		done </proc/self/cgroup
	else
		mount -t cgroup2 cgroup /sys/fs/cgroup
	fi
fi
groups 'drlab-own-*' 1

# It writes a key there, and the sandbox's root is read-only.
if [ -d /etc/docker ]; then
	mount -t tmpfs -o mode=755 docker /etc/docker
else
	mkdir "$run/etc" "$run/etc-work"
	mount -t overlay -o "lowerdir=/etc,upperdir=$run/etc,workdir=$run/etc-work" etc /etc
fi

{
	dockerd --data-root "$run/data" --exec-root "$run/exec" --pidfile "$run/pid" -H "unix://$run/docker.sock" \
		--bridge=none --iptables=false --ip6tables=false --cgroup-parent "/$group" "$@" >"$run/log" 2>&1 </dev/null || :
	touch "$run/ended"
} &
while read -r word; do
	groups "$group"
	echo "$word"
done
[ ! -e "$run/pid" ] || kill "$(cat "$run/pid")"
wait
groups "$group"
