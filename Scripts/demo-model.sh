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
cat "$scratch"/copy/voice/*/*.txt | grep . | sort -u >"$scratch/voice"
cat "$scratch"/copy/facts/*/*.txt | grep . | sort -u >"$scratch/facts"
# What the model is to write counts more than what it learns the languages from.
{ for _ in {1..30}; do cat "$scratch/voice"; done; cat "$scratch/facts"; } >"$scratch/copy.txt"
mkdir -p manifests/models
sed 's/^[^:]*://' "$scratch/voice" | sort -u >manifests/models/shop.txt
"$bespoke" train neural-decoder "$scratch/copy.txt" --output manifests/models/shop.gguf --seed 1 \
  --set report=docs/demo-model.svg --set vocabulary=3072 --set context=64 --set batch=32 --set epochs=12 --set patience=3 --set learning_rate=0.003
