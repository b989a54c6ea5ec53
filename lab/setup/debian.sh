# Installs Debian packages, as root, through sudo, or by telling the user how.

install_required() {
  say 'to be installed from Debian:'
  printf '%s\n' "$1" | sed 's/^/  /' >&2
  as_root ask "$(packages_of "$1")" && [ -z "$(missing_programs "$purpose" required)" ] && return
  command -v apt-get >/dev/null ||
    stop 69 'this is no Debian (there is no apt-get): install what is listed above in the way of your system, then start again.'
  say 'not installed. Run this as root, then start again:'
  printf '  apt-get update && apt-get install -y --no-install-recommends %s\n' "$(packages_of "$1")" >&2
  exit 69
}

install_optional() {
  say 'of use here, though not necessary:'
  printf '%s\n' "$1" | sed 's/^/  /' >&2
  as_root never-ask "$(packages_of "$1")" ||
    say "going on without; as root: apt-get install -y --no-install-recommends $(packages_of "$1")"
}

# as_root ask|never-ask "PACKAGE..."
as_root() {
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" = 0 ]; then
    # shellcheck disable=SC2086 # a list of packages
    sh lab/setup/install.sh $2
  elif sudo -n true 2>/dev/null; then
    # shellcheck disable=SC2086
    sudo -n sh lab/setup/install.sh $2
  elif [ "$1" = ask ] && [ -t 0 ] && command -v sudo >/dev/null; then
    say 'sudo asks for your password to install them.'
    # shellcheck disable=SC2086
    sudo sh lab/setup/install.sh $2
  else
    return 1
  fi
}
