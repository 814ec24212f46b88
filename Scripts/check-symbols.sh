#!/usr/bin/env bash
# A release plugin exports exactly one symbol, its entry, and brings its own Swift runtime, as the command does.
set -euo pipefail
cd "$(dirname "$0")/.."
status=0
for library in .build/release/lib[A-Z]*.so; do # plugins alone: the benchmark's allocation counter stands in for malloc
  exported=$(nm --dynamic --defined-only "$library" | awk '$2 ~ /[A-Z]/ { print $3 }')
  if [ "$exported" != bespoke_plugin_main_v1 ]; then
    echo "$library exports: $exported; expected bespoke_plugin_main_v1 alone"
    status=1
  fi
done
for binary in .build/release/bespoke .build/release/lib[A-Z]*.so; do
  if objdump -p "$binary" | grep NEEDED | grep -qE 'libswift|Foundation'; then
    echo "$binary needs the system's Swift runtime; expected its own"
    status=1
  fi
  missing=$(ldd -r "$binary" 2>&1 | grep -m 3 'undefined symbol' || true)
  if [ -n "$missing" ]; then
    echo "$binary looks for symbols that nothing it names has: $missing"
    status=1
  fi
done
exit $status
