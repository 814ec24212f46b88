#!/usr/bin/env bash
# Training beside PyTorch on the same models, one thread each, in tokens a second of CPU, and our product of matrices beside OpenBLAS.
# TORCH_PYTHON names a Python with PyTorch; OPENBLAS a libopenblas.so.0 where the system has none.
set -euo pipefail
cd "$(dirname "$0")/.."
bespoke=${BESPOKE:-$PWD/.build/release/bespoke}
python=${TORCH_PYTHON:-python3}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Texts of made-up words, so that there are as many tokens as wanted: enough for a batch of 16 stretches of 128, 30 times.
awk 'BEGIN { srand(3)
  for (i = 0; i < 6000; i++) { word = ""; for (j = 0; j < 2 + rand() * 3; j++) word = word substr("bdfgklmnprstvz", 1 + rand() * 14, 1) \
    substr("aeiou", 1 + rand() * 5, 1); words[i] = word }
  for (line = 0; line < 4000; line++) { text = ""; for (j = 0; j < 9; j++) text = text words[int(6000 * rand() ^ 2)] " "; print text } }' \
  >"$scratch/texts"

train() { # epochs, options: prints seconds of CPU; the report is left in $scratch/report
  local epochs=$1
  shift
  { TIMEFORMAT='%U %S'
    time "$bespoke" train neural-decoder "$scratch/texts" --output "$scratch/model" --seed 1 --threads 1 --quiet \
      --set validation=0 --set epochs="$epochs" "$@" >"$scratch/report"
  } 2>&1 | awk '{ print $1 + $2 }'
}

peer=1
"$python" -c 'import torch' 2>/dev/null || { echo "absent: PyTorch (TORCH_PYTHON)"; peer=; }
printf '| %-34s | %9s | %9s | %6s | %s\n' "training, tokens a second of CPU" ours PyTorch ratio bar
for sizes in "4096 256 4 8" "2048 128 4 4"; do
  read -r vocabulary width layers heads <<<"$sizes"
  options=(--set vocabulary="$vocabulary" --set width="$width" --set layers="$layers" --set heads="$heads")
  # The difference of two runs is the time of the epochs alone.
  few=$(train 1 "${options[@]}") many=$(train 4 "${options[@]}")
  read -r tokens kinds <<<"$(awk '/^tokens:/ { print $2, $4 }' "$scratch/report")"
  parameters=$(awk '/^parameters:/ { print $2 }' "$scratch/report")
  ours=$(awk -v a="$few" -v b="$many" -v t="$tokens" 'BEGIN { printf "%.0f", 3 * t / (b - a) }')
  torch=
  if [ -n "$peer" ]; then
    "$python" Benchmarks/decoder/train.py "$kinds" "$width" "$layers" "$heads" $(((width * 8 / 3 + 31) / 32 * 32)) 128 16 >"$scratch/torch"
    torch=$(awk '/^train/ { print $2 }' "$scratch/torch")
    [ "$(awk '/^parameters/ { print $2 }' "$scratch/torch")" = "$parameters" ] || { echo "the models differ"; exit 1; }
  fi
  printf '| %-34s | %9s | %9s | %6s | %s\n' "$parameters parameters, $kinds tokens" "$ours" "${torch:-absent}" \
    "$([ -n "$torch" ] && awk -v a="$ours" -v b="$torch" 'BEGIN { printf "%.2f", a / b }')" "at least 1.0"
done

command -v clang >/dev/null || { echo "absent: clang, which compiles our product of matrices for Python"; exit 0; }
for source in Plugins/NeuralDecoder/CTraining/*.c; do
  clang -O2 -fPIC -I Plugins/NeuralDecoder/CTraining/include -c "$source" -o "$scratch/$(basename "$source" .c).o"
done
clang -shared "$scratch"/*.o -o "$scratch/libtraining.so" -lm
"${BENCH_PYTHON:-python3}" Benchmarks/decoder/sgemm.py "$scratch/libtraining.so" ${OPENBLAS:+"$OPENBLAS"}
