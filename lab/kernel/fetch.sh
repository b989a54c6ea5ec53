#!/bin/sh
# Fetches a kernel package and unpacks what labs use of it, without installing it.
# usage: fetch.sh KERNELS_DIR PACKAGE RELEASE
# The folder of the release appears at once and whole. Interrupted, it goes on where it was, or starts again:
# whatever of this is still running holds the lock, and the next one waits for it.
set -eu
kernels=$1 package=$2 release=$3
work=$kernels/.fetch-$release

mkdir -p "$kernels"
exec 9>"$kernels/.lock-$release"
flock 9
[ ! -e "$kernels/$release" ] || exit 0

mkdir -p "$work/archives"
cd "$work/archives"
# As root apt would become a user who may not write here.
apt-get -q -o APT::Sandbox::User=root download "$package"

rm -rf "$work/tree"
mkdir "$work/tree"
# Two thirds of a kernel are drivers of things that no guest has.
dpkg-deb --fsys-tarfile ./*.deb | tar -x -C "$work/tree" \
	--exclude='./usr/share' --exclude='./boot/System.map-*' \
	--exclude='*/kernel/sound' --exclude='*/kernel/drivers/gpu' --exclude='*/kernel/drivers/media' \
	--exclude='*/kernel/drivers/staging' --exclude='*/kernel/drivers/infiniband' \
	--exclude='*/kernel/drivers/net/wireless' --exclude='*/kernel/drivers/net/ethernet' \
	--exclude='*/kernel/drivers/scsi' --exclude='*/kernel/drivers/usb' --exclude='*/kernel/drivers/iio' \
	--exclude='*/kernel/drivers/hwmon' --exclude='*/kernel/drivers/input' --exclude='*/kernel/drivers/hid'
if [ -d "$work/tree/usr/lib/modules" ] && [ ! -d "$work/tree/lib/modules" ]; then
	mkdir -p "$work/tree/lib"
	mv "$work/tree/usr/lib/modules" "$work/tree/lib/modules"
fi
PATH=$PATH:/usr/sbin:/sbin depmod -b "$work/tree" "$release"
[ -e "$work/tree/boot/vmlinuz-$release" ]
mv -T "$work/tree" "$kernels/$release"
rm -rf "$work"
