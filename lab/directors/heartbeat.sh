#!/bin/sh
# Becomes heartbeat, in a mount and host-name namespace where /etc/ha.d, /var/lib/heartbeat and /run are folders of
# the director's own, so that two run on one machine and nothing outside of its folder is touched.
# usage: heartbeat.sh NODE_NAME     (below: a folder ha/conf with the files that are to be in /etc/ha.d)
set -eu
mkdir -p ha/etc ha/lib ha/run/heartbeat/ccm ha/run/heartbeat/crm ha/run/heartbeat/dopd
mkdir -p ha/run/resource-agents ha/run/lock/subsys
cp -r /etc/ha.d/. ha/conf/. ha/etc/
cp -r /var/lib/heartbeat/. ha/lib/
chmod 600 ha/etc/authkeys

mount --make-rprivate /
hostname "$1"
# The user of an ordinary user's namespace is root and no other: there heartbeat's own user is another name of root.
if ! chown -R hacluster:haclient ha/run/heartbeat 2>/dev/null; then
	sed '/^hacluster:/d; /^nobody:/d' /etc/passwd >ha/passwd
	printf '%s:x:0:0::/:/bin/false\n' hacluster nobody >>ha/passwd
	sed '/^haclient:/d' /etc/group >ha/group
	echo 'haclient:x:0:' >>ha/group
	mount --bind ha/passwd /etc/passwd
	mount --bind ha/group /etc/group
fi
mount --bind ha/etc /etc/ha.d
mount --bind ha/lib /var/lib/heartbeat
mount --bind ha/run /run
exec /usr/libexec/heartbeat/heartbeat -f
