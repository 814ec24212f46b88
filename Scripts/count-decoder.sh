#!/usr/bin/env bash
# Counts the instructions that a token takes in each tiny model and compares them with Benchmarks/decoder/instructions.txt: more than
# 5 % above fails. valgrind knows no AVX-512, so it is the AVX2 path that is counted. DECODER_BENCH
# names a benchmark that is built already. --record writes the file anew.
set -euo pipefail
cd "$(dirname "$0")/.."
models=${DECODER_SUITE:-$PWD/../shared/conformance/decoder}/tiny
kept=Benchmarks/decoder/instructions.txt
command -v valgrind >/dev/null || { echo "absent: valgrind, which counts instructions"; exit 0; }
[ -d "$models" ] || { echo "absent: $models (DECODER_SUITE names the suite's folder)"; exit 0; }
[ -n "${DECODER_BENCH:-}" ] || swift build -c release --package-path Benchmarks --product DecoderBench >/dev/null
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Some valgrinds cannot read the compiler's debugging information.
strip -g -o "$scratch/bench" "${DECODER_BENCH:-Benchmarks/.build/release/DecoderBench}"
count() { # model, tokens
  valgrind --tool=callgrind --callgrind-out-file="$scratch/out" "$scratch/bench" "$1" tokens "$2" 2>&1 |
    awk '/Collected/ { print $NF }'
}
for model in "$models"/*.gguf; do
  # What the tokens from the 5th to the 44th take: loading and the prompt are in both.
  few=$(count "$model" 4) many=$(count "$model" 44)
  echo "$(basename "$model" .gguf) $(((many - few) / 40))"
done >"$scratch/counts"
if [ "${1:-}" = --record ]; then cp "$scratch/counts" "$kept"; fi
join "$scratch/counts" "$kept" | awk '
  { change = 100 * ($2 / $3 - 1); printf "%s: %d instructions a token, kept %d, %+.1f %%\n", $1, $2, $3, change
    if (change > 5) failed = 1 }
  END { exit failed }'
