#!/usr/bin/env bash
# Makes what the demo knows of its customers: demo-data.sh BIN OUT MODEL [CUSTOMERS] takes the commands from the folder BIN,
# invents a log of events, and turns it into profiles and a report in the folder OUT and into a model of recommendations. The
# same number of customers gives the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$1 out=$2 model=$3
mkdir -p "$out" "$(dirname "$model")"
rm -f "$out"/events.db*
"$bin/shop-events" Examples/shop/products.jsonl "$out" "${4:-2000}"
"$bin/bespoke" events import "$out/events.jsonl" --database "$out/events.db" --quiet
"$bin/bespoke" profiles accounts "$out/accounts.jsonl" --database "$out/events.db"
"$bin/bespoke" segments --database "$out/events.db" --tags Examples/shop/tags.yaml --output "$out/report.html"
"$bin/bespoke" profiles build --database "$out/events.db" --tags Examples/shop/tags.yaml --output "$out/profiles.jsonl"
"$bin/bespoke" events export --kind purchase --purpose personalise --database "$out/events.db" --output "$out/purchases.jsonl"
"$bin/bespoke" train recommender "$out/purchases.jsonl" --output "$model" --quiet
