# Inside a sandbox: suites.sh KIND OUT [ARGUMENT...] runs drlab on machines to log in to (ground.ts) and says what is
# left on them.
set -u
kind=$1 out=$2
shift 2
folder=$(mktemp -d)
mkfifo "$folder/in" "$folder/out"
node dist/lab/ssh/testing/ground.js "$kind" <"$folder/in" >"$folder/out" &
exec 5>"$folder/in" 6<"$folder/out"
read -r file <&6 || exit 70
XDG_STATE_HOME=$folder node dist/src/cli/main.js run --quiet --lab "$file" --out "$out" "$@" 5>&-
echo "ended with $?"
exec 5>&-
cat <&6
rm -r "$folder"
