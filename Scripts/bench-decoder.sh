#!/usr/bin/env bash
# The decoder beside llama.cpp on one model, row by row in turn, each with its bar: Scripts/bench-decoder.sh MODEL
# LLAMA_PEER names the program of Benchmarks/decoder/peer.cpp, built against a native llama.cpp; LLAMA_WHEEL a Python with xllamacpp,
# whose llama.cpp is an AVX2 build. DECODER_BENCH names a benchmark that is built already.
set -uo pipefail
cd "$(dirname "$0")/.."
model=${1:?model file}
ours=${DECODER_BENCH:-}
[ -n "$ours" ] || swift build -c release --package-path Benchmarks --product DecoderBench >/dev/null || exit 1
ours=${ours:-$PWD/Benchmarks/.build/release/DecoderBench}
peer=${LLAMA_PEER:-} wheel=${LLAMA_WHEEL:-}
[ -x "$peer" ] || { echo "absent: native llama.cpp (LLAMA_PEER)"; peer=; }
[ -x "$wheel" ] || { echo "absent: llama.cpp's AVX2 wheel (LLAMA_WHEEL)"; wheel=; }
printf '| %-52s | %9s | %9s | %6s | %s\n' what ours peer ratio bar

value() { awk -v name="$1" '$1 == name { print $2 }'; }
row() { # what, ours, peer, bar; for seconds the ratio is the peer's to ours
  local ratio=
  [ -n "$3" ] && ratio=$(awk -v a="$2" -v b="$3" -v s="${5:-}" 'BEGIN { if (a > 0 && b > 0) printf "%.2f", s ? b / a : a / b }')
  printf '| %-52s | %9s | %9s | %6s | %s\n' "$1" "$2" "${3:-absent}" "$ratio" "$4"
}
native() { # threads, row, what is run for it
  # Two of its threads that spin beside others may not end at all.
  [ -n "$peer" ] && timeout 300 "$peer" "$model" "$1" "${3:-$2}" | value "$2"
}
least() { sort -n | head -1; }

for threads in 1 2; do
  load=$(for _ in 1 2 3; do "$ours" "$model" $threads load_s | value load_s; done | least)
  row "load, $threads threads, s" "$load" "$([ -n "$peer" ] && for _ in 1 2 3; do native $threads load_s; done | least)" \
    "at most 0.2" seconds
  for part in "decode1:at least $([ $threads = 1 ] && echo 1.2 || echo 1.6)" "batch8:at least 2.5" "batch16:at least 3" \
    "prompt512:at least 2"; do
    name=${part%%:*}
    row "$name, $threads threads, tokens/s" "$("$ours" "$model" $threads "$name" | value "$name")" "$(native $threads "$name")" \
      "${part#*:}"
  done
done
for threads in 1 2; do
  row "longest until a cancelled text ends, $threads threads, ms" "$("$ours" "$model" $threads stop_ms | value stop_ms)" "" "at most 10"
done
row "peak of memory, one stream, MiB" "$("$ours" "$model" 1 load_s decode1 | value peak_mib)" "$(native 1 peak_mib decode1)" "at most 400"
wheeled=$([ -n "$wheel" ] && "$wheel" Benchmarks/decoder/wheel.py "$model" 1 2>/dev/null)
for name in decode1 prompt512; do
  forced=$(BESPOKE_KERNELS=avx2 "$ours" "$model" 1 $name | value $name)
  row "$name, 1 thread, AVX2 forced; peer: wheel" "$forced" "$(value $name <<<"$wheeled")" "at least 1.0"
done
# Two others keep both cores busy; the peer is ourselves with one thread.
busy=()
for _ in 1 2; do
  timeout 300 sh -c 'while :; do :; done' &
  busy+=($!)
done
one=$("$ours" "$model" 1 decode1 | value decode1)
two=$("$ours" "$model" 2 decode1 | value decode1)
kill "${busy[@]}"
wait 2>/dev/null
row "decode1, 2 threads beside 2 busy; peer: 1" "$two" "$one" "at least 0.5"
