#!/usr/bin/env bash
# Feeds the template engine, and what reads n-gram models and their texts, what libFuzzer makes of the seeds, with the address
# sanitizer, for FUZZ_SECONDS each (half an hour). A crash, a hang, or more than 1 GB of memory fails; the input is kept
# below FUZZ_FOLDER. FUZZERS names the ones to run: Liquid, NGram.
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

fuzz() { # name, longest input: the seeds are those beside the fuzzer
  local name=$1 status=0
  mkdir -p "$folder/corpus/$name"
  "$folder/${name}Fuzzer" "$folder/corpus/$name" "Tests/Faults/${name}Fuzzer/seeds" -max_total_time="$seconds" -max_len="$2" \
    -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$folder/found/" >"$folder/$name.log" 2>&1 || status=$?
  grep -E '^(stat::|SUMMARY|ALARM|artifact_prefix|Done|Fatal)|ERROR: ' "$folder/$name.log" || true
  if [ "$status" -eq 0 ]; then echo "fuzz $name: nothing found in $seconds seconds"; else echo "fuzz $name: see $folder/found"; fi
  return "$status"
}

library Core
failed=0
for name in ${FUZZERS:-Liquid NGram}; do
  case $name in
    Liquid)
      library Liquid
      compile LiquidFuzzer -o "$folder/LiquidFuzzer" Tests/Faults/LiquidFuzzer/LiquidFuzzer.swift "$folder/Core.o" "$folder/Liquid.o"
      fuzz Liquid 4096 || failed=1
      ;;
    NGram) # all of the plugin but what speaks to the host
      mapfile -t sources < <(find Plugins/NGramModel -name '*.swift' -print0 | xargs -0 grep -LE 'import Plugin|NGramPlugin' | sort)
      compile NGramFuzzer -o "$folder/NGramFuzzer" Tests/Faults/NGramFuzzer/NGramFuzzer.swift "${sources[@]}" "$folder/Core.o"
      fuzz NGram 2048 || failed=1
      ;;
  esac
done
exit "$failed"
