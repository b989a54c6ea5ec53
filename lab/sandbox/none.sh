#!/bin/sh
# Stands in for isolated.sh where a lab lives elsewhere: no isolation, only a folder for temporary files and a watcher.
# Same usage and messages; WRITABLE_DIRS and RUN_MIB have no effect. When descriptor 3 closes, the program dies.
set -eu
run=$1 cwd=$3
shift 4
# Caught, not ignored: the program gets the terminal's signals, and this process stays to clean up.
trap : INT QUIT TERM HUP

mkdir -m 700 "$run"
mkdir "$run/tmp"
end_tree() {
	for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do end_tree "$child"; done
	kill -KILL "$1" 2>/dev/null || :
}

cd "$cwd"
"$@" 3<&- <&0 &
program=$!
(
	trap '' INT QUIT TERM HUP
	read -r _ <&3 || :
	end_tree "$program"
) &
watcher=$!
echo up >&3
while :; do
	code=0
	wait "$program" || code=$?
	[ -e "/proc/$program" ] || break
done

kill -KILL "$watcher" 2>/dev/null || :
rm -rf "$run"
echo "exit $code" >&3 2>/dev/null || :
