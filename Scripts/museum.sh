#!/usr/bin/env bash
# Builds the plugins of Tests/Museum against the headers of their own time into .build/museum/VERSION-NAME.so; the SDK's tests load
# them. A source or header there is never changed.
set -euo pipefail
cd "$(dirname "$0")/.."
out=.build/museum
cc=$(command -v cc || command -v clang)
mkdir -p $out
for source in Tests/Museum/*/*.c; do
  folder=$(dirname "$source")
  "$cc" -std=c11 -Wall -Wextra -Werror -pedantic -O2 -fPIC -shared -fvisibility=hidden -I "$folder/include" \
    -o "$out/$(basename "$folder")-$(basename "$source" .c).so" "$source"
done
