#!/usr/bin/env bash
# Runs the benchmarks: ours and each peer that is at hand in one run, with ratios. Needs ../shared/kits; a peer that is absent is
# named. BENCH_PYTHON names a Python with the peers installed (jinja2, lxml, minijinja, orjson).
set -uo pipefail
cd "$(dirname "$0")/.."

echo "## Calls across the plugin ABI (8 of 50 fields read, 2 slots written; the peer is a JSON blob across the same boundary)"
swift build -c release --package-path Benchmarks --product ABIBench >/dev/null || exit 1
Benchmarks/.build/release/ABIBench "${SECONDS_EACH:-2}"

echo "## CSS inlining (one message of a shop; css-inline is Rust, from PyPI)"
swift build -c release --package-path Benchmarks --product EmailBench >/dev/null || exit 1
"${BENCH_PYTHON:-python3}" Benchmarks/inline.py Benchmarks/.build/release/EmailBench

echo "## Feeds of a million items, their checks included"
swift build -c release --package-path Benchmarks --product FeedBench >/dev/null || exit 1
feeds=$(mktemp -d)
for kind in sitemap merchant wordpress jsonl; do
  for count in 10000 1000000; do Benchmarks/.build/release/FeedBench $kind $count "$feeds"; rm -f "$feeds"/*; done
done
rmdir "$feeds"
model=${BESPOKE_MODELS:-}/gemma-3-270m-q4_k_m.gguf
if [ -f "$model" ]; then
  echo "## Decoding (Gemma 3 270M beside llama.cpp: LLAMA_PEER, LLAMA_WHEEL)"
  Scripts/bench-decoder.sh "$model"
else
  echo "absent: $(basename "$model") in BESPOKE_MODELS (make models)"
fi

echo "## Training (beside PyTorch and OpenBLAS: TORCH_PYTHON)"
Scripts/bench-training.sh

echo "## Instructions a token (callgrind, the AVX2 path)"
Scripts/count-decoder.sh

kits=$PWD/../shared/kits
python=${BENCH_PYTHON:-python3}
bespoke=$PWD/.build/release/bespoke
[ -d "$kits" ] || { echo "bench: needs ../shared/kits, which is not there; nothing else was measured"; exit 0; }
scratch=${TMPDIR:-/tmp}/bespoke-bench
mkdir -p "$scratch"

echo "## Pages (10,000 products, 8 kB each; ../shared/kits/pages)"
for peer in jinja2 minijinja lxml; do "$python" -c "import $peer" 2>/dev/null || echo "absent: $peer"; done
for peer in php hugo; do command -v $peer >/dev/null || echo "absent: $peer"; done
ours="$bespoke generate $PWD/Benchmarks/pages/kit.yaml --input catalogue=\$CAT --output \$OUT --quiet"
ours="$ours --sink \$([ \$MODE = files ] && echo folder || echo null)"
PY=$python REPEAT=${REPEAT:-3} MODES="null files" OURS="$ours" bash "$kits/pages/run.sh" 10000 "$scratch" | tee "$scratch/pages.md"
awk -F'|' '/minijinja.*null/ { peer = $6 } /php.*files/ { php = $6 } /ours, null/ { null = $6 } /ours, files/ { files = $6 }
  END {
    if (peer && null) printf "ours / minijinja, null sink: %.2f\n", null / peer
    if (php && files) printf "ours / php, files: %.2f\n", files / php
  }' "$scratch/pages.md"
echo "### Files beside PHP, run by turns; medians of ${TURNS:-5}"
for _ in $(seq "${TURNS:-5}"); do
  PY=$python REPEAT=1 MODES=files ONLY='^(php|ours)' OURS="$ours" bash "$kits/pages/run.sh" 10000 "$scratch" | grep -E '^\| (php|ours)'
done | awk -F'|' '{ name = $2 ~ /ours/ ? "ours" : "php"; print name, $6, $7 }' | sort -k1,1 -k2,2n |
  awk '{ wall[$1, ++count[$1]] = $2; cpu[$1, count[$1]] = $3 }
    END { for (name in count) middle[name] = int((count[name] + 1) / 2)
      if (!count["php"] || !count["ours"]) exit
      printf "pages/s: ours %d, PHP %d, ratio %.2f\n", wall["ours", middle["ours"]], wall["php", middle["php"]],
        wall["ours", middle["ours"]] / wall["php", middle["php"]] }'

echo "the same pages with checks: every page read by libxml2 and sanitised for an import file, the file and a sitemap held to their rules"
ours="$bespoke generate $PWD/Benchmarks/pages/checked.yaml --input catalogue=\$CAT --output \$OUT --quiet"
PY=$python REPEAT=${REPEAT:-3} MODES=files ONLY='lxml|ours' OURS="$ours" bash "$kits/pages/run.sh" 10000 "$scratch" | tee "$scratch/pages.md"
awk -F'|' '/lxml.*files/ { peer = $6 } /ours, files/ { ours = $6 }
  END { if (peer && ours) printf "ours / jinja2+lxml, both with checks, files: %.2f\n", ours / peer }' "$scratch/pages.md"

echo
echo "## Scale: memory as inputs grow; JSON lines"
BENCH_PYTHON=$python Scripts/bench-scale.sh "${MOST:-1000000}"

echo
echo "## Liquid (one e-mail of 20 cards; ../shared/kits/templates)"
swift build -c release --package-path Benchmarks --product LiquidBench >/dev/null || exit 1
"$python" "$kits/templates/run.py" --base minijinja --python "$python" --ours "ours=$PWD/Benchmarks/.build/release/LiquidBench"

echo
echo "## Events and recommendations (../shared/data/events-online-retail; peers: EASE^R and PyPI's implicit on the same split)"
retail=$PWD/../shared/data/events-online-retail/events.csv.gz
if [ -e "$retail" ]; then
  rm -f "$scratch"/retail.db*
  import() { "$python" Benchmarks/rate.py "$1" "$bespoke" events import "${@:2}" --quiet; }
  import 541909 "$retail" --mapping Examples/online-retail/events.yaml --database "$scratch/retail.db"
  # As bad as it gets for the indexes: a million people in no order.
  awk 'BEGIN { srand(9); print "order,user,product,time,quantity,price"
    for (i = 0; i < 3000000; i++) printf "o%d,u%d,p%d,%d,%d,%d.99\n", i / 2, 1000000 * rand(), 50000 * rand() ^ 2,
      1600000000 + i * 20, 1 + i % 3, 5 + i % 40 }' > "$scratch/random.csv"
  rm -f "$scratch"/random.db*
  import 3000000 "$scratch/random.csv" --database "$scratch/random.db"
  rm -f "$scratch"/random.*
  TIMEFORMAT="profiles: %U s of CPU"
  time "$bespoke" profiles build --database "$scratch/retail.db" --output "$scratch/profiles.jsonl"
  "$bespoke" recommend eval --database "$scratch/retail.db" --until 2011-10-01 --quiet
  "$bespoke" recommend eval --database "$scratch/retail.db" --split new-products
  "$bespoke" events export --database "$scratch/retail.db" --kind purchase --output "$scratch/purchases.jsonl"
  "$bespoke" recommend bench --database "$scratch/retail.db"
  # 828,000 purchases of 50,000 products: popularity falls as 1 / rank^0.8, people keep to one of 60 interests.
  awk 'BEGIN { srand(5); print "order,user,product,time,quantity,price"
    for (i = 0; i < 828000; i++) { user = int(60000 * rand() ^ 2); rank = int(833 * rand() ^ 3)
      printf "o%d,u%d,p%d,%d,1,5\n", i, user, rank * 60 + user % 60, 1600000000 + i * 60 } }' > "$scratch/planted.csv"
  rm -f "$scratch"/planted.db*
  import 828000 "$scratch/planted.csv" --database "$scratch/planted.db"
  "$bespoke" recommend bench --database "$scratch/planted.db"
  "$python" Benchmarks/recommend/peers.py "$scratch/purchases.jsonl" 2011-10-01
else
  echo "absent: $retail"
fi
echo "## N-gram models (2.85 million words of product copy; ../shared/data/corpus)"
if [ -d "$PWD/../shared/data/corpus" ]; then Scripts/bench-ngram.sh "$PWD/../shared/data/corpus"
else echo "absent: ../shared/data/corpus"; fi
# Blocks of memory that one render allocates: what 1,100 renders allocate less what 100 do.
if command -v valgrind >/dev/null; then
  blocks() {
    valgrind --tool=dhat --dhat-out-file=/dev/null Benchmarks/.build/release/LiquidBench "$kits/templates" --renders "$1" 2>&1 |
      awk '/Total:/ { gsub(",", ""); print $(NF - 1) }'
  }
  few=$(blocks 100) many=$(blocks 1100)
  awk -v few="$few" -v many="$many" 'BEGIN { printf "allocations per render (dhat): %.2f\n", (many - few) / 1000 }'
else
  echo "absent: valgrind, which counts allocations"
fi
