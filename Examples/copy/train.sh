#!/usr/bin/env bash
# Trains a model of the demo shop's copy for each locale into Examples/copy/models: a second or two in all.
set -euo pipefail
cd "$(dirname "$0")"
bespoke=${BESPOKE:-../../.build/release/bespoke}
plugin=${NGRAM_PLUGIN:-ngram-model}
mkdir -p models
for locale in en-US de-DE zh-CN; do
  options=(--set 'fields=[tagline, description, highlights]' --set classes=true)
  [ $locale = zh-CN ] && options+=(--set order=4) # its tokens are characters
  [ $locale = en-US ] || options+=(--set "locale=$locale")
  "$bespoke" train "$plugin" ../shop/products.jsonl --output "models/$locale.ngram" --quiet "${options[@]}"
done
