#!/usr/bin/env bash
# Kills an import of events at random moments until it is done, then compares the database with an undisturbed one.
# usage: Tests/Faults/import.sh [ROUNDS]      needs a release build; prints how often it was killed
set -euo pipefail
cd "$(dirname "$0")/../.."
bespoke=${BESPOKE:-.build/release/bespoke}
rounds=${1:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

awk 'BEGIN {
  srand(7); print "order,user,product,time,quantity,price"
  for (i = 0; i < 400000; i++)
    printf "o%d,u%d,p%d,%d,%d,%.2f\n", i / 5, (i / 5) % 9000, rand() * 3000, 1600000000 + i * 90, 1 + rand() * 5, rand() * 90
}' > "$work/events.csv"

# Small batches are committed often, so that kills fall before, into and behind many commits.
echo 'batch_rows: 40000' > "$work/mapping.yaml"
"$bespoke" events import "$work/events.csv" --database "$work/whole.db" --quiet > "$work/whole.txt"
"$bespoke" events export --database "$work/whole.db" --output "$work/whole.jsonl" 2> /dev/null

kills=0
for round in $(seq "$rounds"); do
  rm -f "$work"/torn.*
  attempt=0
  while true; do
    "$bespoke" events import "$work/events.csv" --database "$work/torn.db" --mapping "$work/mapping.yaml" --quiet > "$work/torn.txt" 2> "$work/torn.err" &
    child=$!
    # Longer from attempt to attempt, so that a busy machine comes to an end, too.
    attempt=$((attempt + 1))
    sleep "$(awk -v part=$((RANDOM % 60)) -v attempt=$attempt 'BEGIN { print part / 100 * (1 + attempt / 5) }')"
    if kill -9 $child 2> /dev/null; then
      wait $child 2> /dev/null || kills=$((kills + 1))
    else
      wait $child || { cat "$work/torn.err"; exit 1; }
    fi
    grep -q "rows: " "$work/torn.txt" && break
    grep -q "imported before" "$work/torn.txt" && break
  done
  "$bespoke" events export --database "$work/torn.db" --output "$work/torn.jsonl" 2> /dev/null
  cmp "$work/whole.jsonl" "$work/torn.jsonl" || { echo "round $round: the databases differ"; exit 1; }
done
echo "$rounds rounds, killed $kills times: every database equals the undisturbed one, $(wc -l < "$work/whole.jsonl") events"
