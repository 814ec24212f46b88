#!/usr/bin/env bash
# Feeds the Liquid engine, and the decoder's reader of model files, what libFuzzer makes of the seeds, with the address sanitizer,
# for FUZZ_SECONDS each (half an hour). FUZZERS names one of LiquidFuzzer and DecoderFuzzer. A crash, a hang, or more than 1 GB of
# memory fails; the input is kept below FUZZ_FOLDER.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-1800}
folder=${FUZZ_FOLDER:-.build/fuzz}
mkdir -p "$folder"

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

# The decoder without what needs a host: reader, tokenizer, model, generation.
decoder=Plugins/NeuralDecoder
objects=()
for source in "$decoder"/CKernels/*.c; do
  objects+=("$folder/$(basename "$source" .c).o")
  clang -O2 -g -fsanitize=fuzzer-no-link,address -I "$decoder/CKernels/include" -c "$source" -o "${objects[-1]}"
done
echo "module CDecoderKernels { header \"$PWD/$decoder/CKernels/include/decoder_kernels.h\" export * }" >"$folder/kernels.modulemap"
kernels=(-Xcc "-fmodule-map-file=$folder/kernels.modulemap" -enable-upcoming-feature ExistentialAny)
mapfile -t sources < <(find "$decoder"/{GGUF,Tokenizer,Model,Generation} -name '*.swift' | sort)
compile NeuralDecoder "${kernels[@]}" -emit-module -emit-module-path "$folder/NeuralDecoder.swiftmodule" -c \
  -o "$folder/NeuralDecoder.o" "${sources[@]}"
compile DecoderFuzzer "${kernels[@]}" -use-ld=lld -o "$folder/DecoderFuzzer" Tests/Faults/DecoderFuzzer/DecoderFuzzer.swift \
  "$folder/Core.o" "$folder/NeuralDecoder.o" "${objects[@]}"

failed=0
for fuzzer in ${FUZZERS:-LiquidFuzzer DecoderFuzzer}; do
  longest=4096
  [ $fuzzer = LiquidFuzzer ] || longest=16384
  mkdir -p "$folder/corpus/$fuzzer" "$folder/found/$fuzzer"
  "$folder/$fuzzer" "$folder/corpus/$fuzzer" "Tests/Faults/$fuzzer/seeds" -max_total_time="$seconds" -max_len=$longest \
    -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$folder/found/$fuzzer/" \
    >"$folder/$fuzzer.log" 2>&1 && status=0 || status=$?
  grep -E '^(stat::|SUMMARY|ALARM|artifact_prefix|Done|Fatal)|ERROR: ' "$folder/$fuzzer.log" || true
  if [ "$status" -eq 0 ]; then echo "$fuzzer: nothing found in $seconds seconds"; else echo "$fuzzer: see $folder/found/$fuzzer"; fi
  [ "$status" -eq 0 ] || failed=$status
done
exit "$failed"
