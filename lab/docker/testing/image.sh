#!/bin/sh
# A root tree as lab/docker/Dockerfile makes it, of this machine's own files: image.sh NODE, a tar on standard output.
# Files of Debian's packages with what they are linked to, without documentation.
set -eu
node=$1
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
list=$root/list
packages='dash coreutils grep sed gzip tar mawk util-linux perl-base iproute2 tcpdump ethtool nftables curl procps'
for package in $packages; do dpkg -L "$package"; done | grep -E '/(s?bin|lib|libexec)/' | sort -u |
	while read -r path; do
		path=$(realpath -s "$path")
		[ -d "$path" ] || [ ! -e "$path" ] || echo "$path"
	done >"$list"
echo "$node" >>"$list"
xargs ldd <"$list" 2>/dev/null | sed -n 's/.*\( \|\t\)\(\/[^ ]*\) (0x.*/\2/p' | sort -u >"$list.libs"
cat "$list.libs" >>"$list"
mkdir -p "$root/tree/drlab" "$root/tree/tmp" "$root/tree/proc" "$root/tree/sys" "$root/tree/dev" "$root/tree/run" "$root/tree/usr/bin" "$root/tree/var"
chmod 1777 "$root/tree/tmp"
for link in bin sbin lib lib64; do [ ! -L "/$link" ] || { mkdir -p "$root/tree/usr/$link" && ln -s "usr/$link" "$root/tree/$link"; }; done
# Names go through /bin and /usr/bin alike: where one is a link to the other, both end in the same tree.
sed 's,^/\(bin\|sbin\|lib\|lib64\)/,/usr/\1/,' "$list" | sort -u >"$list.all"
(cd / && sed 's,^/,,' "$list.all" | xargs cp -a --parents -t "$root/tree" 2>/dev/null || :)
xargs -n1 readlink -f <"$list.libs" | sed 's,^/,,' | (cd / && xargs cp -a --parents -t "$root/tree")
[ -e "$root/tree/usr/bin/node" ] || cp "$node" "$root/tree/usr/bin/node"
mkdir -p "$root/tree/etc"
printf 'root:x:0:0:root:/tmp:/bin/sh\n' >"$root/tree/etc/passwd"
printf 'root:x:0:\n' >"$root/tree/etc/group"
cp -a /etc/protocols /etc/services /etc/ld.so.conf /etc/ld.so.conf.d /etc/alternatives "$root/tree/etc/" 2>/dev/null || :
mkdir -p "$root/tree/usr/lib/locale" && cp -a /usr/lib/locale/C.utf8 "$root/tree/usr/lib/locale/"
tar -C "$root/tree" -cf - .
