#!/usr/bin/env bash
# The n-gram plugin beside KenLM and markovify on one text: CPU seconds, memory, sizes, rates, each with its bar.
#   Scripts/bench-ngram.sh CORPUS-FOLDER
# KENLM_BIN names the folder with lmplz, build_binary, query and kenlm_benchmark; BENCH_PYTHON a Python with markovify;
# NGRAM_BENCH a built NGramBench.
set -uo pipefail
cd "$(dirname "$0")/.."
corpus=${1:?folder with en_copy.train.tok.gz}
kit=$corpus/../../kits/ngram
work=${TMPDIR:-/tmp}/bespoke-bench/ngram
python=${BENCH_PYTHON:-python3}
mkdir -p "$work/tmp"
train=$work/train.txt held=$work/held.txt
gunzip -c "$corpus/en_copy.train.tok.gz" >"$train" && gunzip -c "$corpus/en_copy.held.tok.gz" >"$held" || exit 1
bench=${NGRAM_BENCH:-}
if [ -z "$bench" ]; then
  swift build -c release --package-path Benchmarks --product NGramBench >/dev/null || exit 1
  bench=$PWD/Benchmarks/.build/release/NGramBench
fi

kenlm=${KENLM_BIN:-}
[ -x "$kenlm/lmplz" ] || { echo "absent: KenLM (KENLM_BIN names its programs)"; kenlm=; }
printf '| %-50s | %12s | %12s | %6s | %s\n' what ours peer ratio bar

# The least of three runs. `cpu COMMAND...`: user and system seconds of a command and its children.
cpu() { for _ in 1 2 3; do (TIMEFORMAT='%U %S'; { time "$@" >"$work/out" 2>"$work/err"; } 2>&1 | awk '{ print $1 + $2 }'); done | sort -n | head -1; }
value() { awk -v name="$1" '$1 == name { print $2 }' "$work/out"; }
row() { # what, ours, peer, bar
  local ratio=
  [ -n "$3" ] && ratio=$(awk -v a="$2" -v b="$3" 'BEGIN { if (b > 0) printf "%.2f", a / b }')
  printf '| %-50s | %12s | %12s | %6s | %s\n' "$1" "$2" "${3:-absent}" "$ratio" "$4"
}
megabytes() { [ -f "$1" ] && awk -v n="$(stat -c %s "$1")" 'BEGIN { printf "%.1f", n / 1e6 }'; }
peer_peak() { sed -nE 's/.*RSSMax:([0-9]+) kB.*/\1/p' "$work/err" | awk '{ printf "%d", $1 / 1024 }'; }

for order in 3 5; do
  ours=$(cpu "$bench" arpa $order "$train" "$work/o$order.arpa") peak=$(value peak_mib) peer= peer_memory= packed=
  [ -n "$kenlm" ] && {
    peer=$(cpu "$kenlm/lmplz" -o $order -S 1G -T "$work/tmp/" --text "$train" --arpa "$work/k$order.arpa")
    peer_memory=$(peer_peak)
    packing=$(cpu "$kenlm/build_binary" probing "$work/k$order.arpa" "$work/k$order.probing")
    packed=$(awk -v a="$peer" -v b="$packing" 'BEGIN { print a + b }')
    "$kenlm/build_binary" -T "$work/tmp/" trie "$work/k$order.arpa" "$work/k$order.trie" >/dev/null 2>&1
    "$kenlm/build_binary" -T "$work/tmp/" -q 8 -b 8 -a 255 trie "$work/k$order.arpa" "$work/k$order.q8a" >/dev/null 2>&1
  }
  row "order $order: train to ARPA, CPU s" "$ours" "$peer" "at most 0.70"
  row "order $order: peak memory, MiB" "$peak" "$peer_memory" "at most 290 MiB at order 3"
  row "order $order: train to binary, CPU s" "$(cpu "$bench" binary $order "$train" "$work/o$order.ngram")" "$packed" "at most 0.40"
  "$bench" quantised $order "$train" "$work/q$order.ngram" >/dev/null
  row "order $order: binary, MB (peer: trie)" "$(megabytes "$work/o$order.ngram")" "$(megabytes "$work/k$order.trie")" "at most 1.00"
  row "order $order: quantised, MB (peer: trie -q8 -a255)" "$(megabytes "$work/q$order.ngram")" "$(megabytes "$work/k$order.q8a")" "none"
  "$bench" ids "$work/o$order.ngram" "$held" >"$work/out"
  one=$(value ids_mtokens_per_s) batched=$(value ids_batched_mtokens_per_s) peer=
  [ -n "$kenlm" ] && {
    "$kenlm/kenlm_benchmark" -v -m "$work/k$order.probing" <"$held" >"$work/ids" 2>/dev/null
    peer=$(for _ in 1 2 3; do "$kenlm/kenlm_benchmark" -q -m "$work/k$order.probing" <"$work/ids" 2>&1; done |
      sed -nE 's/^Queries per second excluding load, CPU: *([0-9.e+]+).*/\1/p' | sort -g | tail -1 | awk '{ printf "%.2f", $1 / 1e6 }')
  }
  row "order $order: scoring ids, sentence by sentence, M/s" "$one" "$peer" "none: the batch has it"
  row "order $order: scoring ids in a batch, M/s" "$batched" "$peer" "at least 1.00, stretch 1.50"
  for text in held train; do
    file=$work/$text.txt
    ours=$(cpu "$bench" query "$work/o$order.ngram" "$file") peer=
    [ -n "$kenlm" ] && peer=$(cpu bash -c "'$kenlm/query' -v summary '$work/k$order.probing' <'$file'")
    row "order $order: scoring $(wc -w <"$file") words with load, CPU s" "$ours" "$peer" "at most 0.83"
  done
done
"$bench" small "$train" 100 >"$work/out" && row "100 sentences to a model in memory, CPU ms" "$(value cpu_ms)" "" "at most 1"
"$bench" small "$train" 10000 >"$work/out" && row "10,000 sentences, CPU ms" "$(value cpu_ms)" "" "at most 60"
"$bench" write "$train" >"$work/written"
peer=
if "$python" -c "import markovify" 2>/dev/null && [ -f "$kit/bench_markovify.py" ]; then
  peer=$("$python" "$kit/bench_markovify.py" "$train" 2 100 | sed -nE 's/^ *make_sentence guard on.* ([0-9,]+) sentences\/s.*/\1/p' | tr -d ,)
else
  echo "absent: markovify (BENCH_PYTHON names a Python with it), or $kit/bench_markovify.py"
fi
cp "$work/written" "$work/out"
row "guarded sentences a CPU s (peer: markovify)" "$(value sentences_per_s)" "$peer" "at least 20,000"
row "one required word, us a sentence" "$(value must_include_us)" "" "at most 200"
row "one required word, us, 99 of 100" "$(value must_include_p99_us)" "" "at most 200"
sentences=$(sed -n 's/^verbatim //p' "$work/written") words=$(sed -n 's/^must_include //p' "$work/written")
row "required words included" "${words% of *}" "${words#* of }" "at least 0.99 of all"
row "sentences of the text among ${sentences#* of } written" "${sentences% of *}" "" "0"
