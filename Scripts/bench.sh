#!/usr/bin/env bash
# Runs the benchmarks: ours and each peer that is at hand in one run, with ratios. Needs ../shared/kits; a peer that is absent is
# named. BENCH_PYTHON names a Python with the peers installed (jinja2, lxml, minijinja).
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
for kind in sitemap merchant jsonl; do
  for count in 10000 1000000; do Benchmarks/.build/release/FeedBench $kind $count "$feeds"; rm -f "$feeds"/*; done
done
rmdir "$feeds"

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

echo
echo "## Liquid (one e-mail of 20 cards; ../shared/kits/templates)"
swift build -c release --package-path Benchmarks --product LiquidBench >/dev/null || exit 1
"$python" "$kits/templates/run.py" --base minijinja --python "$python" --ours "ours=$PWD/Benchmarks/.build/release/LiquidBench"

echo
echo "## N-gram models (2.85 million words of product copy; ../shared/data/corpus)"
if [ -d "$PWD/../shared/data/corpus" ]; then Scripts/bench-ngram.sh "$PWD/../shared/data/corpus"
else echo "absent: ../shared/data/corpus"; fi
