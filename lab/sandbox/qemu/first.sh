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
# Programs write to these and find there what lies there outside; nothing of it reaches the outside.
/busybox mount -t tmpfs scratch /scratch || exit
for dir in etc tmp var/tmp; do
	[ -d "/new/$dir" ] || continue
	mode=1777
	[ "$dir" != etc ] || mode=755
	own=/scratch/$dir
	/busybox mkdir -p "$own" || exit
	/busybox mkdir -m "$mode" "$own/upper" "$own/work" || exit
	/busybox mount -t overlay -o "lowerdir=/new/$dir,upperdir=$own/upper,workdir=$own/work" own "/new/$dir" || exit
done
exec /busybox switch_root /new /usr/bin/setpriv --no-new-privs "$drlab_init"
