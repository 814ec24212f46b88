#!/usr/bin/env bash
# Kills a run with SIGKILL at random moments: whatever is visible then is whole, and the next run yields the undisturbed bytes.
set -uo pipefail
cd "$(dirname "$0")/.."
bespoke=.build/release/bespoke
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$bespoke" generate manifests/demo.yaml --output "$scratch/whole" --quiet >/dev/null || exit 1
RANDOM=${SEED:-20260301}
failed=0
for round in $(seq "${ROUNDS:-30}"); do
  out=$scratch/killed
  rm -rf "$out"
  "$bespoke" generate manifests/demo.yaml --output "$out" --quiet >/dev/null 2>&1 &
  pid=$!
  sleep "0.$(printf '%03d' $((RANDOM % 900)))"
  kill -KILL $pid 2>/dev/null
  wait $pid 2>/dev/null
  broken=0
  if [ -d "$out" ]; then
    while IFS= read -r file; do
      cmp -s "$out/$file" "$scratch/whole/$file" || { echo "round $round: '$file' is not whole"; broken=1; }
    done < <(cd "$out" && find . -name '.*' ! -name . -prune -o -type f -printf '%P\n')
  fi
  "$bespoke" generate manifests/demo.yaml --output "$out" --quiet >/dev/null || broken=1
  diff -rq "$out" "$scratch/whole" || broken=1
  [ $broken -eq 0 ] || failed=$((failed + 1))
done
Tests/Faults/import.sh 3 || failed=$((failed + 1))
echo "$((${ROUNDS:-30} - failed)) passed, $failed failed"
[ $failed -eq 0 ]
