#!/usr/bin/env bash
# Installs the Debian packages that the build needs and that are missing; elsewhere says what to install. `setup.sh --all` adds
# what only the gate and plugin authors use: C and Rust compilers, abigail for the layouts of the ABI.
set -euo pipefail

command -v swift >/dev/null || { echo "setup: there is no 'swift' on the PATH; install Swift 6.3 or later" >&2; exit 69; }

missing=()
need() { # package, header or file that shows it is there
  [ -e "$2" ] || missing+=("$1")
}
need libxml2-dev /usr/include/libxml2/libxml/parser.h
need zlib1g-dev /usr/include/zlib.h
need libsqlite3-dev /usr/include/sqlite3.h
command -v pkg-config >/dev/null || missing+=(pkg-config)
# Any of its kinds will do: the command, which brings its own Foundation, and the plugin `openai-compatible` link it.
pkg-config --exists libcurl 2>/dev/null || missing+=(libcurl4-openssl-dev)
if [ "${1:-}" = --all ]; then
  command -v abidw >/dev/null || missing+=(abigail-tools)
  command -v cc >/dev/null || missing+=(gcc libc6-dev)
  command -v cargo >/dev/null || missing+=(cargo)
fi
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "setup: please install the development files of libxml2, zlib, SQLite and libcurl, and pkg-config" >&2
  exit 69
fi
if [ "$(id -u)" -eq 0 ]; then run=(env DEBIAN_FRONTEND=noninteractive)
elif command -v sudo >/dev/null; then run=(sudo env DEBIAN_FRONTEND=noninteractive)
else
  echo "setup: please install, as root: apt-get install ${missing[*]}" >&2
  exit 69
fi
echo "setup: installing ${missing[*]}"
"${run[@]}" apt-get update -qq
"${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
