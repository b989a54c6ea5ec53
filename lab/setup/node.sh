# Node modules and the build.

node_is_new_enough() {
  version=$(node --version 2>/dev/null) || stop 69 'needs Node 20 or newer; there is no node in PATH.'
  major=${version#v}
  [ "${major%%.*}" -ge 20 ] || stop 69 "needs Node 20 or newer; $(command -v node) is $version."
}

modules_match() { node lab/setup/modules-match.cjs; }

install_modules() {
  if ! [ -w . ] || { [ -e node_modules ] && ! [ -w node_modules ]; }; then
    stop 69 "node_modules does not match package-lock.json and $(id -un) may not write it: run «npm ci» in $PWD as its owner, $(stat -c %U .)."
  fi
  say 'installing node modules (npm ci)'
  # --include=dev: the compiler is one, whatever NODE_ENV says.
  out=$(npm ci --include=dev --no-audit --no-fund --no-progress --loglevel=error \
    --fetch-retry-mintimeout=2000 --fetch-retry-maxtimeout=8000 2>&1) && modules_match && return
  printf "%s\n" "$out" | sed "/^npm error$/d; /debug-0.log/d; s/^/  /" | head -n 8 >&2
  stop 69 '«npm ci» did not bring the modules of package-lock.json; npm says why above (mostly: the registry is not reached).'
}

build_is_fresh() {
  [ -e dist/.built ] && [ -e dist/src/cli/start.js ] &&
    [ -z "$(find src lab suites package-lock.json tsconfig.json -newer dist/.built | head -n 1)" ]
}

build() {
  mkdir -p dist 2>/dev/null
  [ -w dist ] || stop 69 "dist is older than the sources and $(id -un) may not write it: run «npm run build» in $PWD as its owner, $(stat -c %U .)."
  say 'building (tsc)'
  # The stamp bears the time before the build, so that what changes meanwhile is built the next time.
  : >dist/.building
  out=$(npm run --silent build 2>&1) || {
    rm -f dist/.building
    printf '%s\n' "$out" | head -n 40 >&2
    stop 70 'the build failed.'
  }
  mv dist/.building dist/.built
}
