#!/bin/sh
# First process of a guest kernel. It lies in a folder outside that is /run/guest once mounted:
# fstab and job come from there, code (the exit code of the program) goes there.
# Starting a program costs 40 ms here, hence one mount, one modprobe, and builtins otherwise.
echo 'drlab: guest is up'
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# If this ends, the kernel panics, and the console says what went wrong.
mount -t proc proc /proc || exit
# Rings of io_uring that a program maps break the page tables of User-Mode Linux 6.12.
if [ -n "${uml_dir-}" ] && [ -e /proc/sys/kernel/io_uring_disabled ]; then
	echo 2 >/proc/sys/kernel/io_uring_disabled
fi
unset mem uml_dir umid drlab_init
# fsconfig(), which mount of util-linux 2.39 and later uses, hands no folder to hostfs of Linux 6.12 and later.
LIBMOUNT_FORCE_MOUNT2=always mount -a -T "${0%/*}/fstab" || exit
# A kernel without modules has everything built in.
if [ -e /proc/modules ]; then
	modprobe -q -d /run/guest -a ip_vs ip_vs_rr ip_vs_wrr veth bridge dummy
	echo /run/guest/modprobe >/proc/sys/kernel/modprobe
fi
ip link set lo up

# Defines the environment, the working directory, run_job, and the key of sysrq that ends the guest.
. /run/guest/job

run_job
echo $? >/run/guest/code
sync
echo "$power_off" >/proc/sysrq-trigger
exec sleep 10
