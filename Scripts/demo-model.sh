#!/usr/bin/env bash
# Trains the demo shop's own model from its own copy, and writes it and the words that it may use into manifests/models: two
# files that `make demo` reads; docs/demo-model.svg shows the losses. The same copy makes the same bytes. Some minutes on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."
bespoke=${BESPOKE:-.build/release/bespoke}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$bespoke" generate Examples/shop/copy/copy.yaml --output "$scratch/copy" --quiet >/dev/null
export LC_ALL=C
for kind in voice page facts; do cat "$scratch"/copy/$kind/*/*.txt | grep . | sort -u >"$scratch/$kind"; done
# What the model is to write counts more than what it learns the languages from.
{ for _ in {1..10}; do cat "$scratch/voice"; done; for _ in {1..4}; do cat "$scratch/page"; done; cat "$scratch/facts"; } >"$scratch/copy.txt"
mkdir -p manifests/models
# As many lines as it takes to have each word, with the marks at it, once: the whole list can be read.
cat "$scratch/voice" "$scratch/page" | sed 's/^[^:]*://' | awk '{
  rest = $0
  gsub(/，|。|：|？/, "& ", rest)
  isNew = 0
  count = split(rest, words, " ")
  for (i = 1; i <= count; i++) if (!seen[words[i]]++) isNew = 1
  if (isNew) print }' | sort -u >manifests/models/shop.txt
"$bespoke" train neural-decoder "$scratch/copy.txt" --output manifests/models/shop.gguf --seed 1 \
  --set report=docs/demo-model.svg --set vocabulary=3072 --set context=64 --set batch=32 --set epochs=12 --set patience=3 --set learning_rate=0.003
