#!/usr/bin/env bash
# Takes many profiles through templates to the null sink and prints rate and anonymous memory as the run goes on, which must stay level:
# bench-profiles.sh [COUNT] (1,000,000 where left out). Needs `make build`.
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-1000000}
scratch=${TMPDIR:-/tmp}/bespoke-bench
mkdir -p "$scratch"
profiles=$scratch/profiles-$count.jsonl
swift build -c release --package-path Benchmarks --product ShopProfiles >/dev/null
[ -s "$profiles" ] || { Benchmarks/.build/release/ShopProfiles Examples/shop/products.jsonl "$count" >"$profiles.part" && mv "$profiles.part" "$profiles"; }
size=$(stat -c %s "$profiles")
.build/release/bespoke generate Benchmarks/profiles/million.yaml --input "profiles=$profiles" --sink null --quiet --json >"$scratch/million.json" &
run=$!
trap 'kill $run 2>/dev/null || true' EXIT
echo "| seconds | anonymous MB |"
echo "|---|---|"
second=0
while kill -0 $run 2>/dev/null; do
  sleep 1
  second=$((second + 1))
  anonymous=$(awk '/RssAnon/ { printf "%.1f", $2 / 1024 }' "/proc/$run/status" 2>/dev/null || true)
  [ -z "$anonymous" ] || [ $((second % 4)) -ne 1 ] || echo "| $second | $anonymous |"
done
wait $run
trap - EXIT
awk -v size="$size" 'BEGIN { RS = "," } /"written":/ { split($0, p, ":"); pages = p[2] } /"seconds":/ { split($0, p, ":"); seconds = p[2] + 0 }
  END { if (seconds) printf "%d pages in %.1f s: %d pages/s, %.0f MB/s of profiles\n", pages, seconds, pages / seconds, size / seconds / 1e6 }' "$scratch/million.json"
