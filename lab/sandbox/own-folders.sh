# For isolated.sh: /etc, /tmp and /var/tmp for hooks and scripts, as $run/own/etc/seen and so on. What lies there outside can be
# read, and what is written stays inside. Without overlayfs, which ordinary users have since Linux 5.11, there is none.
mkdir -p "$run/own/etc/upper" "$run/own/etc/work" "$run/own/etc/seen" \
	"$run/own/tmp/upper" "$run/own/tmp/work" "$run/own/tmp/seen" \
	"$run/own/var/tmp/upper" "$run/own/var/tmp/work" "$run/own/var/tmp/seen"
chmod 1777 "$run/own/tmp/upper" "$run/own/var/tmp/upper"
case $tables in
legacy) alternatives=$run/own/etc/upper/alternatives ;;
probe) iptables-nft -S >/dev/null 2>&1 || alternatives=$run/own/etc/upper/alternatives ;;
esac
[ -z "${alternatives-}" ] || . "${0%/*}/legacy-tables.sh"
overlay_options=
read -r _ _ users </proc/self/uid_map
[ "$users" = 4294967295 ] || overlay_options=,userxattr
for dir in etc tmp var/tmp; do
	own=$run/own/$dir
	if [ -d "/$dir" ] && [ ! -L "/$dir" ] &&
		mount -t overlay -o "lowerdir=/$dir,upperdir=$own/upper,workdir=$own/work$overlay_options" own "$own/seen" 2>/dev/null; then
		# An overlay does not show what is mounted below the folder: a checkout there, or a container's /etc/hosts.
		while read -r _ _ _ _ point _; do
			case $point in
			"/$dir"/*)
				point=$(printf %s "$point" | sed 's/\\\([0-7]\{3\}\)/\\0\1/g')
				point=$(printf %b "$point")
				mount --rbind "$point" "$own/seen/${point#"/$dir/"}" 2>/dev/null || :
				;;
			esac
		done </proc/self/mountinfo
	else
		rmdir "$own/seen"
	fi
done
