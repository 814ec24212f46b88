#!/usr/bin/env bash
# Trains what manifests/demo.yaml writes mottos with into manifests/models: a model of the shop's own taglines for each
# locale, in less than a second in all. BESPOKE names another command than the one that was built.
set -euo pipefail
cd "$(dirname "$0")/.."
bespoke=${BESPOKE:-.build/release/bespoke}
for locale in en-US de-DE zh-CN; do
  options=(--set 'fields=[tagline]')
  [ $locale = en-US ] || options+=(--set "locale=$locale") # the catalogue is in English, the others are its translations
  "$bespoke" train ngram-model Examples/shop/products.jsonl --output "manifests/models/$locale.ngram" --quiet "${options[@]}"
done
