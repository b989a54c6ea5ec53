#!/bin/sh
# Before the lab tests: with DRLAB_KERNEL=build they get a kernel for virtual time, from the cache of this user or built
# into it. Without it nothing happens here, and the tests say what they did not run.
# usage: sh lab/setup/kernel.sh      (drlab itself is built)
cd "$(dirname "$0")/../.." || exit 69
case ${DRLAB_KERNEL-} in
  '') exit 0 ;;
  build) ;;
  *) printf 'drlab: DRLAB_KERNEL=%s means nothing; there is DRLAB_KERNEL=build\n' "$DRLAB_KERNEL" >&2 && exit 64 ;;
esac
sh lab/setup.sh kernel && exec node dist/src/cli/main.js kernel build --unless-built
