#!/usr/bin/env bash
# Holds the plugin ABI to what was committed in Tests/ABI: the text of the headers without comments, and the layout of all
# structs as the compiler lays them out. `abi-lock.sh --record` writes both anew, which only a new extension justifies.
set -euo pipefail
cd "$(dirname "$0")/.."
include=Sources/PluginAPI/CPluginABI/include
lock=Tests/ABI
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0
complain() { echo "abi-lock: $1"; status=1; }

# Every header by itself and all together, in the two modes that plugins are written in.
for header in $(cd $include && find bespoke -name '*.h' | sort) all; do
  if [ "$header" = all ]; then line="#include \"$PWD/$lock/all.h\""; else line="#include <$header>"; fi
  echo "$line" >"$scratch/one.c"
  cp "$scratch/one.c" "$scratch/one.cpp"
  for compiler in cc "${CLANG:-clang}"; do
    command -v "$compiler" >/dev/null || continue
    "$compiler" -std=c11 -pedantic -Wall -Wextra -Werror -fsyntax-only -I $include "$scratch/one.c" || complain "$header is not C11 to $compiler"
  done
  for compiler in c++ "${CLANG:-clang}++"; do
    command -v "$compiler" >/dev/null || continue
    "$compiler" -std=c++11 -pedantic -Wall -Wextra -Werror -fsyntax-only -I $include "$scratch/one.cpp" || complain "$header is not C++11 to $compiler"
  done
done

# Comments may be mended; everything else is frozen. Drafts are not.
hashes() {
  (cd $include && find bespoke -name '*.h' -not -path '*/draft/*' | LC_ALL=C sort | while read -r header; do
    echo "$(perl -0pe 's{/\*.*?\*/}{ }gs; s/\s+/ /g' "$header" | sha256sum | cut -d' ' -f1)  $header"
  done)
}
dump() { # file
  "$(command -v cc || command -v clang)" -std=c11 -g -O0 -shared -fPIC -I $include -o "$scratch/stub.so" $lock/stub.c
  abidw --no-corpus-path --no-comp-dir-path --no-show-locs --out-file "$1" "$scratch/stub.so"
}

if [ "${1:-}" = --record ]; then
  hashes >$lock/headers.sha256
  dump $lock/abi.xml
  echo "abi-lock: recorded"
  exit $status
fi
# Every type, function, field and number of the headers stands in the specification.
for name in $(cd $include && perl -0ne 's{/\*.*?\*/}{ }gs; s/^#.*_H$//mg; print "$1\n" while /\b(BESPOKE_\w+|bespoke_\w+|(?<=\(\*)\w+|\w+(?=;)|\w+(?=\[\d+\];))/g' \
  $(find bespoke -name '*.h') | sort -u); do
  grep -qw -- "$name" docs/specs/plugin-abi.md || complain "'$name' is not in docs/specs/plugin-abi.md"
done
hashes | diff -u $lock/headers.sha256 - || complain "the headers differ from those that were frozen"
if ! command -v abidw >/dev/null; then echo "abi-lock: there is no 'abidw' (abigail-tools); layouts were not compared"
elif [ "$(uname -m)" != x86_64 ]; then echo "abi-lock: the committed layouts are those of x86_64; layouts were not compared"
else
  dump "$scratch/abi.xml"
  # Growth is as forbidden as change: any difference counts.
  abidiff --harmless "$lock/abi.xml" "$scratch/abi.xml" || complain "layouts differ from those that were frozen"
fi
exit $status
