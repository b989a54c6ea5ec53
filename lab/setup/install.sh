#!/bin/sh
# Installs Debian packages without starting any daemon. Run by root: sh install.sh PACKAGE...
set -u
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
policy=/usr/sbin/policy-rc.d
mark='# drlab set-up: no daemon starts while it installs packages'

# One at a time on this machine, since all share policy-rc.d.
if [ "${DRLAB_INSTALL_LOCKED-}" != yes ] && command -v flock >/dev/null; then
  export DRLAB_INSTALL_LOCKED=yes
  exec flock -o /var/lib/dpkg sh "$0" "$@"
fi

say() { printf 'drlab: %s\n' "$*" >&2; }
apt() {
  out=$(apt-get -q -y -o DPkg::Lock::Timeout=600 -o Acquire::Retries=2 -o Dpkg::Use-Pty=0 "$@" 2>&1)
}
packages() { apt install --no-install-recommends "$@"; }
# DPkg::Lock::Timeout does not cover the lock of the package lists.
lists() {
  tries=0
  while ! apt update; do
    case $out in *'Could not get lock'*) ;; *) return 1 ;; esac
    tries=$((tries + 1))
    [ $tries -lt 120 ] || return 1
    sleep 5
  done
}
fail() {
  say "apt-get could not install $*:"
  printf '%s\n' "$out" | grep '^E:' | sort -u | head -n 5 | cut -c 1-300 | sed 's/^/  /' >&2
  case $out in *'Temporary failure resolving'* | *'Could not connect'* | *'Failed to fetch'* | *'Unable to locate'* | *'no installation candidate'*)
    say 'the mirrors named in /etc/apt are not reached, or lack the package. Nothing was installed.' ;;
  esac
  exit 69
}

# Debian starts daemons as it installs them (keepalived), unless this file says no. Ours goes in any case;
# one that a killed set-up left is known by its mark.
undo() { grep -qs "$mark" "$policy" && rm -f "$policy"; }
trap undo EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
[ -e "$policy" ] || { printf '#!/bin/sh\n%s\nexit 101\n' "$mark" >"$policy" && chmod 755 "$policy"; }

say "downloading $*"
if ! packages --download-only "$@"; then
  say 'fetching the package lists first'
  lists
  packages --download-only "$@" || fail "$@"
fi
say 'unpacking and setting up'
packages "$@" || fail "$@"
