# Installs Debian packages, as root, through sudo, or by telling the user how.

# One line for each package, with the first of its reasons.
list() { printf '%s\n' "$1" | sort -u -k 1,1 | sed 's/^/  /' >&2; }

install_required() {
  say 'to be installed from Debian:'
  list "$1"
  command -v apt-get >/dev/null ||
    stop 69 'this is no Debian (there is no apt-get): install these in the way of your system, then start again.'
  as_root ask "$(packages_of "$1")"
  case $? in
    0) [ -z "$(missing_programs "$purpose" required)" ] || stop 69 'installed, yet the programs are not found in PATH.' ;;
    "$not_root")
      say 'only root can do that. Run this as root, then start again:'
      printf '  apt-get update && apt-get install -y --no-install-recommends %s\n' "$(packages_of "$1")" >&2
      exit 69
      ;;
    *) exit 69 ;; # install.sh has said why
  esac
}

install_optional() {
  say 'of use here, though not necessary:'
  list "$1"
  as_root never-ask "$(packages_of "$1")" ||
    say "going on without; as root: apt-get install -y --no-install-recommends $(packages_of "$1")"
}

not_root=77
# as_root ask|never-ask "PACKAGE..." -> not_root, or what install.sh ends with
as_root() {
  if [ "$(id -u)" = 0 ]; then
    # shellcheck disable=SC2086 # a list of packages
    sh lab/setup/install.sh $2
  elif sudo -n true 2>/dev/null; then
    # shellcheck disable=SC2086
    sudo -n sh lab/setup/install.sh $2
  elif [ "$1" = ask ] && [ -t 0 ] && command -v sudo >/dev/null; then
    say 'sudo asks for your password to install them.'
    # shellcheck disable=SC2086
    sudo sh lab/setup/install.sh $2 || { sudo -n true 2>/dev/null && return 69 || return "$not_root"; }
  else
    return "$not_root"
  fi
}
