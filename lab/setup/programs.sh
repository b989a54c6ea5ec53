# Which programs are missing; see the table beside this file.

# missing_programs PURPOSE required|optional -> a line "package reason" for each package
missing_programs() {
  while read -r when program package reason; do
    case "$1/$2/$when" in
      */required/start | test/required/test | bench/optional/bench | kernel/required/kernel) ;;
      */required/kernel) boots_nothing_without "$package" || continue ;;
      *) continue ;;
    esac
    command -v "$program" >/dev/null && continue
    [ "$program" = linux.uml ] && ! uml_is_wanted && continue
    printf '%-16s %s\n' "$package" "$reason"
  done <lab/setup/programs
}

# Not where root can make a network namespace with IPVS in it, nor where User-Mode Linux does not exist.
uml_is_wanted() {
  [ "$(uname -m)" = x86_64 ] || return 1
  [ "$(id -u)" != 0 ] || ! unshare -mn test -e /proc/self/net/ip_vs 2>/dev/null
}

# On CPUs with AMX User-Mode Linux boots only with a library that is compiled here (lab/sandbox/uml-registers.c).
boots_nothing_without() {
  case $1 in
    gcc | libc6-dev) grep -qwE 'amx_tile|apx' /proc/cpuinfo && uml_is_wanted ;;
    *) return 1 ;;
  esac
}

# The packages of such lines, each once, in one line.
packages_of() {
  printf '%s\n' "$1" | cut -d ' ' -f 1 | sort -u | paste -s -d ' '
}
