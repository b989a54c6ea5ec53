#!/bin/sh
# Compiles what User-Mode Linux is lent on CPUs with AMX, where it is of use and there is a compiler; part of `npm run build`.
cd "$(dirname "$0")/../.." || exit 1
command -v gcc >/dev/null && [ "$(uname -m)" = x86_64 ] || exit 0
gcc -O2 -Wall -shared -fPIC -o "dist/.uml-registers.$$" lab/sandbox/uml-registers.c 2>/dev/null &&
	exec mv "dist/.uml-registers.$$" dist/uml-registers.so
exit 0
