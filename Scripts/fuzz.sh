#!/usr/bin/env bash
# Feeds what reads texts and files of others with what libFuzzer makes of the seeds, with the address sanitizer, for FUZZ_SECONDS each
# (half an hour): the template engine, the readers of XML and HTML, of n-gram models, and of neural models. A crash, a hang, or more
# than 1 GB of memory fails; the input is kept below FUZZ_FOLDER. FUZZERS names the ones to run: Liquid Markup NGram Decoder.
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

fuzz() { # name, longest input, then sources, objects and flags; the seeds are those beside the fuzzer
  local name=$1 longest=$2 kept=$folder/$1 status=0
  shift 2
  mkdir -p "$kept/corpus" "$kept/found"
  compile "${name}Fuzzer" -use-ld=lld -o "$folder/${name}Fuzzer" "Tests/Faults/${name}Fuzzer/${name}Fuzzer.swift" "$@"
  "$folder/${name}Fuzzer" "$kept/corpus" "Tests/Faults/${name}Fuzzer/seeds" -max_total_time="$seconds" -max_len="$longest" \
    -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$kept/found/" >"$kept/log" 2>&1 || status=$?
  grep -E '^(stat::|SUMMARY|ALARM|artifact_prefix|Done|Fatal)|ERROR: ' "$kept/log" || true
  if [ "$status" -eq 0 ]; then echo "fuzz, $name: nothing found in $seconds seconds"; else echo "fuzz, $name: see $kept/found"; fi
  return "$status"
}

fuzz_decoder() { # reader, tokenizer, model and generation; not what needs a host
  local decoder=Plugins/NeuralDecoder objects=() sources
  for source in "$decoder"/CKernels/*.c; do
    objects+=("$folder/$(basename "$source" .c).o")
    clang -O2 -g -fsanitize=fuzzer-no-link,address -I "$decoder/CKernels/include" -c "$source" -o "${objects[-1]}"
  done
  echo "module CDecoderKernels { header \"$PWD/$decoder/CKernels/include/decoder_kernels.h\" export * }" >"$folder/kernels.modulemap"
  local kernels=(-Xcc "-fmodule-map-file=$folder/kernels.modulemap" -enable-upcoming-feature ExistentialAny)
  mapfile -t sources < <(find "$decoder"/{GGUF,Tokenizer,Model,Generation} -name '*.swift' | sort)
  compile NeuralDecoder "${kernels[@]}" -emit-module -emit-module-path "$folder/NeuralDecoder.swiftmodule" -c \
    -o "$folder/NeuralDecoder.o" "${sources[@]}"
  fuzz Decoder 16384 "${kernels[@]}" "$folder/Core.o" "$folder/NeuralDecoder.o" "${objects[@]}"
}

library Core
failed=0
for name in ${FUZZERS:-Liquid Markup NGram Decoder}; do
  case $name in
    Liquid)
      library Liquid
      fuzz Liquid 4096 "$folder/Core.o" "$folder/Liquid.o" || failed=1
      ;;
    Markup)
      library Markup
      library HostileFragments Tests/HostileFragments
      fuzz Markup 4096 "$folder/Core.o" "$folder/Markup.o" "$folder/HostileFragments.o" -lxml2 || failed=1
      ;;
    NGram) # all of the plugin but what speaks to the host
      mapfile -t sources < <(find Plugins/NGramModel -name '*.swift' -print0 | xargs -0 grep -LE 'import Plugin|NGramPlugin' | sort)
      fuzz NGram 2048 "${sources[@]}" "$folder/Core.o" || failed=1
      ;;
    Decoder) fuzz_decoder || failed=1 ;;
    *) echo "there is no fuzzer '$name'; there are Liquid, Markup, NGram and Decoder"; exit 64 ;;
  esac
done
exit "$failed"
