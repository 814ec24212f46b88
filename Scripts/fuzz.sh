#!/usr/bin/env bash
# Feeds what reads texts of others with what libFuzzer makes of the seeds, with the address sanitizer, for FUZZ_SECONDS each (half an
# hour): the template engine, and the readers of XML and HTML. A crash, a hang, or more than 1 GB of memory fails; the input is kept
# below FUZZ_FOLDER. FUZZ names one of them: Liquid or Markup.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-1800}
folder=${FUZZ_FOLDER:-.build/fuzz}
mkdir -p "$folder"

compile() { # module, then flags and sources
  local module=$1
  shift
  swiftc -swift-version 6 -package-name bespoke -O -whole-module-optimization -parse-as-library -module-name "$module" \
    -sanitize=fuzzer,address -I Sources/PluginAPI/CPluginABI/include -I Sources/CLibXML2 -I "$folder" \
    $(pkg-config --cflags-only-I libxml-2.0 | sed 's/-I/-Xcc &/g') \
    -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature MemberImportVisibility "$@"
}

library() { # module, its folder
  local sources
  mapfile -t sources < <(find "${2:-Sources/$1}" -name '*.swift' | sort)
  compile "$1" -emit-module -emit-module-path "$folder/$1.swiftmodule" -c -o "$folder/$1.o" "${sources[@]}"
}

fuzz() { # name, then objects and libraries
  local name=$1 kept=$folder/$1
  shift
  mkdir -p "$kept/corpus" "$kept/found"
  compile "${name}Fuzzer" -o "$folder/${name}Fuzzer" "Tests/Faults/${name}Fuzzer/${name}Fuzzer.swift" "$@"
  "$folder/${name}Fuzzer" "$kept/corpus" "Tests/Faults/${name}Fuzzer/seeds" -max_total_time="$seconds" -max_len=4096 -timeout=10 \
    -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$kept/found/" >"$kept/log" 2>&1 && status=0 || status=$?
  grep -E '^(stat::|SUMMARY|ALARM|artifact_prefix|Done|Fatal)|ERROR: ' "$kept/log" || true
  if [ "$status" -eq 0 ]; then echo "fuzz, $name: nothing found in $seconds seconds"; return; fi
  echo "fuzz, $name: see $kept/found"
  exit "$status"
}

library Core
if [ "${FUZZ:-Liquid}" = Liquid ]; then
  library Liquid
  fuzz Liquid "$folder/Core.o" "$folder/Liquid.o"
fi
if [ "${FUZZ:-Markup}" = Markup ]; then
  library Markup
  library HostileFragments Tests/HostileFragments
  fuzz Markup "$folder/Core.o" "$folder/Markup.o" "$folder/HostileFragments.o" -lxml2
fi
