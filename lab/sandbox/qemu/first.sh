#!/busybox sh
# First process of a qemu guest, from the initramfs: makes the machine outside its root, read-only.
# `drlab_init` comes from the kernel's command line: the program to go on with, or `trial` to end here.
if [ "$drlab_init" = trial ]; then
	echo 'drlab: guest is up'
	/busybox reboot -f
fi
for module in /modules/*.ko; do /busybox insmod "$module" || exit; done
# Nobody changes programs while they run: what was read once is kept.
/busybox mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=512000,cache=loose host /new || exit
/busybox mount -t devtmpfs dev /new/dev || exit
# Programs write to /tmp and find there what lies there outside; nothing of it reaches the outside.
/busybox mount -t tmpfs scratch /scratch || exit
/busybox mkdir -m 1777 /scratch/tmp || exit
/busybox mkdir /scratch/work || exit
/busybox mount -t overlay -o lowerdir=/new/tmp,upperdir=/scratch/tmp,workdir=/scratch/work tmp /new/tmp || exit
exec /busybox switch_root /new /usr/bin/setpriv --no-new-privs "$drlab_init"
