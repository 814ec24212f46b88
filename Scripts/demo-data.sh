#!/usr/bin/env bash
# Makes what the demo knows of its customers, and the models that it trains itself: demo-data.sh BIN OUT MODELS [CUSTOMERS] takes the
# commands from the folder BIN, invents a log of events, turns it into profiles and a report in the folder OUT, and puts into MODELS a
# model of recommendations and, for each locale, one of the shop's own taglines. The same number of customers gives the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$1 out=$2 models=$3
mkdir -p "$out" "$models"
rm -f "$out"/events.db*
"$bin/shop-events" Examples/shop/products.jsonl "$out" "${4:-2000}"
"$bin/bespoke" events import "$out/events.jsonl" --database "$out/events.db" --quiet
"$bin/bespoke" profiles accounts "$out/accounts.jsonl" --database "$out/events.db"
"$bin/bespoke" segments --database "$out/events.db" --tags Examples/shop/tags.yaml --output "$out/report.html"
"$bin/bespoke" profiles build --database "$out/events.db" --tags Examples/shop/tags.yaml --output "$out/profiles.jsonl"
"$bin/bespoke" events export --kind purchase --purpose personalise --database "$out/events.db" --output "$out/purchases.jsonl"
"$bin/bespoke" train recommender "$out/purchases.jsonl" --output "$models/recommender.model" --quiet
for locale in en-US de-DE zh-CN; do
  options=(--set 'fields=[tagline]')
  [ $locale = en-US ] || options+=(--set "locale=$locale") # the catalogue is in English, the others are its translations
  "$bin/bespoke" train ngram-model Examples/shop/products.jsonl --output "$models/$locale.ngram" --quiet "${options[@]}"
done
