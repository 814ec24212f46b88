#!/usr/bin/env bash
# A release plugin exports exactly one symbol, its entry, and brings its own Swift runtime.
set -euo pipefail
cd "$(dirname "$0")/.."
status=0
for library in .build/release/lib[A-Z]*.so; do # plugins alone: the benchmark's allocation counter stands in for malloc
  exported=$(nm --dynamic --defined-only "$library" | awk '$2 ~ /[A-Z]/ { print $3 }')
  if [ "$exported" != bespoke_plugin_main_v1 ]; then
    echo "$library exports: $exported; expected bespoke_plugin_main_v1 alone"
    status=1
  fi
  if objdump -p "$library" | grep NEEDED | grep -q libswift; then
    echo "$library needs the system's Swift runtime; expected its own"
    status=1
  fi
done
exit $status
