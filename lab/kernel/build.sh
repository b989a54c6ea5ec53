#!/bin/sh
# Builds a User-Mode Linux kernel with virtual time.
# usage: build.sh WORK_DIR SOURCE FRAGMENT SEED_C JOBS      (SOURCE: a Debian package with the sources, or a folder)
# Says on its standard output what it does, one `step: …` a line among what make prints.
# The result is WORK_DIR/whole. Interrupted, it goes on where it was; what still runs of this holds the lock.
set -eu
work=$1 source=$2 fragment=$3 seed=$4 jobs=$5
not_unpacked=$(dirname "$0")/not-unpacked

mkdir -p "$work/archives" "$work/build"
exec 9>"$work/lock"
flock -n 9 || { echo 'step: waiting for another build of the same' && flock 9; }
rm -rf "$work/tmp"
mkdir "$work/tmp"
export TMPDIR="$work/tmp"

case $source in
/*) tree=$source ;;
*)
	tree=$work/source
	if [ ! -e "$tree" ]; then
		echo "step: fetching $source"
		cd "$work/archives"
		# As root apt would become a user who may not write here.
		apt-get -q -o APT::Sandbox::User=root download "$source" >&2
		echo "step: unpacking $source"
		rm -rf "$work/unpacked"
		mkdir "$work/unpacked"
		# Kconfig reads every folder, the compiler few: the sources of things that no guest has stay packed.
		dpkg-deb --fsys-tarfile ./*.deb | tar -x -O --wildcards './usr/src/linux-source-*.tar.xz' | xz -dc |
			tar -x -C "$work/unpacked" --strip-components=1 --exclude-from="$not_unpacked"
		mv -T "$work/unpacked" "$tree"
		cd "$work"
		rm -rf "$work/archives"
	fi
	;;
esac

# The same sources make the same kernel, whoever builds it and when.
export KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 1970' KBUILD_BUILD_USER=drlab KBUILD_BUILD_HOST=drlab
# A quick build matters, a fast kernel does not: what takes the compiler long and changes no behaviour is left out,
# such as knowing where in a macro an error would be.
quick='-ftrack-macro-expansion=0 -Wno-all -Wno-undef -Wno-implicit-fallthrough
	-fno-tree-pre -fno-gcse -fno-code-hoisting -fno-tree-vrp -fno-tree-tail-merge -fno-schedule-insns2
	-fno-ipa-cp -fno-ipa-sra -fno-ipa-icf'
build() { make -C "$tree" ARCH=um O="$work/build" LOCALVERSION= KCFLAGS="$(echo $quick)" "$@"; }

# Another fragment over the same sources compiles only what it changes.
if ! cmp -s "$fragment" "$work/build/fragment"; then
	echo 'step: configuring'
	build -s KCONFIG_ALLCONFIG="$fragment" alldefconfig >&2
	cp "$fragment" "$work/build/fragment"
fi
echo 'step: compiling'
build -j "$jobs" linux

echo 'step: finishing'
rm -rf "$work/part" "$work/whole"
mkdir "$work/part"
strip -o "$work/part/linux" "$work/build/linux"
cp "$work/build/.config" "$work/part/config"
cp "$work/build/include/config/kernel.release" "$work/part/release"
gcc -O2 -Wall -Werror -shared -fPIC -o "$work/part/seed.so" "$seed"
mv -T "$work/part" "$work/whole"
