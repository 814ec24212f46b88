#!/usr/bin/env bash
# Memory and rate as inputs grow, and how fast JSON lines are read: bench-scale.sh [MOST] (1,000,000 profiles and products where left
# out). Needs `make build` and ../shared/kits. BENCH_PYTHON names a Python with orjson.
set -euo pipefail
cd "$(dirname "$0")/.."
most=${1:-1000000}
kits=$PWD/../shared/kits/pages
python=${BENCH_PYTHON:-python3}
bespoke=$PWD/.build/release/bespoke
scratch=${TMPDIR:-/tmp}/bespoke-bench
mkdir -p "$scratch"

measure() { # label, pages, command...: a row of the kit's table, less what is of no use here
  local label=$1 pages=$2
  shift 2
  "$python" "$kits/measure.py" "$label" "$pages" - -- "$@" | awk -F'|' '{ printf "|%s|%s|%s|%s|%s|%s|\n", $2, $3, $4, $6, $9, $12 }'
}

make_file() { # file, command...: makes it once
  local file=$1
  shift
  [ -s "$file" ] || { "$@" >"$file.part" && mv "$file.part" "$file"; }
}

swift build -c release --package-path Benchmarks --product ShopProfiles >/dev/null
echo "| what, null sink | pages | wall s | pages/s | anonymous MB | rc |"
echo "|---|---|---|---|---|---|"
for count in 10000 100000 1000000; do
  [ "$count" -le "$most" ] || continue
  make_file "$scratch/profiles-$count.jsonl" Benchmarks/.build/release/ShopProfiles Examples/shop/products.jsonl "$count"
  measure "a letter for each of $count profiles" "$count" \
    "$bespoke" generate Benchmarks/profiles/million.yaml --input "profiles=$scratch/profiles-$count.jsonl" --sink null --quiet
done
for count in 1000 10000 100000; do
  [ -s "$scratch/catalog-$count.jsonl" ] || "$python" "$kits/gen_catalog.py" "$count" "$scratch/catalog-$count.jsonl"
  measure "a page for each of $count products" "$count" \
    "$bespoke" generate Benchmarks/pages/kit.yaml --input "catalogue=$scratch/catalog-$count.jsonl" --sink null --quiet
done

# Products that profiles name by id: the first run writes the mapped catalogue, the second finds it.
products() {
  awk -v most="$most" 'BEGIN { for (i = 0; i < most; i++)
    printf "{\"id\":\"P%d\",\"name\":\"Tent %d\",\"price\":\"%d.90\",\"currency\":\"EUR\",\"category\":\"Tents > Kind %d\",\"availability\":\"in_stock\",\"description\":\"Room for %d, and a place for boots.\"}\n",
      i, i, i % 900, i % 40, 1 + i % 6 }'
}
profiles() {
  awk -v most="$most" 'BEGIN { srand(4); for (i = 0; i < 1000; i++)
    printf "{\"id\":\"u%d\",\"recommendations\":[\"P%d\",\"P%d\",\"P%d\"]}\n", i, rand() * most, rand() * most, rand() * most }'
}
make_file "$scratch/products-$most.jsonl" products
make_file "$scratch/lookups-$most.jsonl" profiles
rm -rf "$scratch/cache"
for run in "first run" "next run"; do
  measure "1000 letters, a catalogue of $most products, $run" 1000 env XDG_CACHE_HOME="$scratch/cache" \
    "$bespoke" generate Benchmarks/catalogue/million.yaml --input "catalogue=$scratch/products-$most.jsonl" \
    --input "profiles=$scratch/lookups-$most.jsonl" --sink null --quiet
done
du -sh "$scratch/cache" | awk '{ print "kept on disk: " $1 }'

echo
echo "## JSON lines, MB/s on one thread"
swift build -c release --package-path Benchmarks --product InputBench >/dev/null
for input in "products $scratch/products-$most.jsonl" "profiles $scratch/profiles-100000.jsonl"; do
  read -r kind file <<<"$input"
  [ -s "$file" ] || continue
  { Benchmarks/.build/release/InputBench "$kind" "$file"
    "$python" -c 'import orjson' 2>/dev/null && "$python" Benchmarks/jsonl.py "$file" || echo "orjson 0"; } |
    awk -v kind="$kind" '{ rate[$1] = $2 } END {
      printf "%s: rows cut %d, parsed %d, decoded and cleaned %d; Foundation parses %d", kind, rate["rows"], rate["parsed"],
        rate["records"], rate["foundation"]
      if (rate["orjson"]) printf ", orjson %d", rate["orjson"]
      printf "; parsed / Foundation %.1f", rate["parsed"] / rate["foundation"]
      if (rate["orjson"]) printf ", parsed / orjson %.2f", rate["parsed"] / rate["orjson"]
      print "" }'
done
