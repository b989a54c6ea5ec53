#!/bin/sh
# Makes the root of another Debian by debootstrap, as root; one that is there stays.
# usage: debian-root.sh ROOT SUITE MIRROR PACKAGE...
# The folder appears at once and whole. What a killed attempt left goes with the next one.
set -eu
root=$1 suite=$2 mirror=$3
part=$root.part
shift 3

mkdir -p "$(dirname "$root")"
exec 9>"$root.lock"
flock 9
[ ! -e "$root" ] || exit 0

rm -rf "$part"
# It is thrown away rather than repaired, so nothing has to reach the disk package by package.
mkdir -p "$part/etc/dpkg/dpkg.cfg.d"
echo force-unsafe-io >"$part/etc/dpkg/dpkg.cfg.d/unsafe-io"
# wget of debootstrap knows nothing of apt's configuration.
eval "$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy)"
export http_proxy="${http_proxy-}" https_proxy="${https_proxy-}"
packages=$(printf '%s,' "$@")
unshare --mount --pid --fork --kill-child --mount-proc --propagation private \
	debootstrap --variant=minbase --include="${packages%,}" "$suite" "$part" "$mirror" >"$root.log" 2>&1 9>&- || {
	tail -n 3 "$root.log" >&2
	exit 1
}
rm -f "$part"/var/cache/apt/archives/*.deb "$root.log"
mv -T "$part" "$root"
