#!/bin/sh
# Makes a bare Debian ready for `npm start`, `npm test`, `npm run bench` and `npm run kernel`: packages, node modules, build.
# Prints nothing and takes a moment when nothing is missing.
# usage: sh lab/setup.sh start|test|bench|kernel
# exit:  0 ready · 64 usage · 69 something is missing and unavailable · 70 the build failed
set -u
cd "$(dirname "$0")/.." || exit 69
# Ordinary users often lack the folders where Debian puts ip, nft and ipvsadm.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH

. lab/setup/programs.sh
. lab/setup/debian.sh
. lab/setup/node.sh

say() { printf 'drlab: %s\n' "$*" >&2; }
stop() {
  code=$1
  shift
  say "$@"
  exit "$code"
}

case ${1-} in
  start | test | bench | kernel) purpose=$1 ;;
  *) stop 64 'usage: sh lab/setup.sh start|test|bench|kernel' ;;
esac

node_is_new_enough
required=$(missing_programs "$purpose" required)
optional=$(missing_programs "$purpose" optional)
[ -z "$required$optional" ] && modules_match && { [ "$purpose" = test ] || build_is_fresh; } && exit 0

# One set-up of a checkout at a time. -o: what apt starts must not inherit the lock. Without flock this is no Debian.
if [ "${DRLAB_SETUP_LOCKED-}" != "$PWD" ] && command -v flock >/dev/null; then
  flock -n lab/setup.sh true || say 'another set-up of this checkout is at work, waiting for it'
  DRLAB_SETUP_LOCKED=$PWD
  export DRLAB_SETUP_LOCKED
  exec flock -o lab/setup.sh sh lab/setup.sh "$purpose"
fi

[ -z "$required" ] || install_required "$required"
# What a build left out for want of a compiler is made now.
case $required in *gcc*) rm -f dist/.built ;; esac
[ -z "$optional" ] || install_optional "$optional"
modules_match || install_modules
# `npm test` builds by itself, after it has linted.
[ "$purpose" = test ] || build_is_fresh || build
