#!/usr/bin/env bash
# Feeds the Liquid lexer, parser and renderer what libFuzzer makes of the seeds, with the address sanitizer, for FUZZ_SECONDS
# (half an hour). A crash, a hang, or more than 1 GB of memory fails; the input is kept below FUZZ_FOLDER.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-1800}
folder=${FUZZ_FOLDER:-.build/fuzz}
mkdir -p "$folder/corpus" "$folder/found"

compile() { # module, then flags and sources
  local module=$1
  shift
  swiftc -swift-version 6 -package-name bespoke -O -whole-module-optimization -parse-as-library -module-name "$module" \
    -sanitize=fuzzer,address -I Sources/PluginAPI/CPluginABI/include -I "$folder" \
    -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature MemberImportVisibility "$@"
}

library() { # module
  local sources
  mapfile -t sources < <(find "Sources/$1" -name '*.swift' | sort)
  compile "$1" -emit-module -emit-module-path "$folder/$1.swiftmodule" -c -o "$folder/$1.o" "${sources[@]}"
}

library Core
library Liquid
compile LiquidFuzzer -use-ld=lld -o "$folder/LiquidFuzzer" Tests/Faults/LiquidFuzzer/LiquidFuzzer.swift "$folder/Core.o" "$folder/Liquid.o"

"$folder/LiquidFuzzer" "$folder/corpus" Tests/Faults/LiquidFuzzer/seeds -max_total_time="$seconds" -max_len=4096 -timeout=10 \
  -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$folder/found/" >"$folder/log" 2>&1 && status=0 || status=$?
grep -E '^(stat::|SUMMARY|ALARM|artifact_prefix|Done|Fatal)|ERROR: ' "$folder/log" || true
if [ "$status" -eq 0 ]; then echo "fuzz: nothing found in $seconds seconds"; else echo "fuzz: see $folder/found"; fi
exit "$status"
