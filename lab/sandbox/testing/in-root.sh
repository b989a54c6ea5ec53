#!/bin/sh
# Runs a program in another root, which stays as it is, with a checkout of drlab as /mnt/drlab and a folder to write to
# as /mnt/out. Run it in namespaces of mounts and processes of its own, with which all of it goes.
# usage: in-root.sh ROOT CHECKOUT OUT PROGRAM [ARGUMENT...]
set -eu
root=$1 checkout=$2 out=$3
shift 3

mount --bind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
for dir in mnt run tmp; do mount -t tmpfs "$dir" "$dir"; done
mkdir mnt/drlab mnt/out
mount --bind "$checkout" mnt/drlab
mount -o remount,bind,ro mnt/drlab
mount --bind "$out" mnt/out
mount -o remount,bind,ro .
exec env -i HOME=/tmp PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 chroot . "$@"
