#!/usr/bin/env bash
# What must hold before anything lands, tests apart: format, file length, imports, warnings. Prints how long each took.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0

step() { # name, command...
  local name=$1 started=$SECONDS
  shift
  if "$@"; then printf '%-24s ok      %3d s\n' "$name" $((SECONDS - started))
  else printf '%-24s FAILED  %3d s\n' "$name" $((SECONDS - started)); failed=1; fi
}

file_length() {
  local long
  long=$(git ls-files --cached --others --exclude-standard '*.swift' '*.c' '*.h' | xargs -r wc -l | awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines" }')
  [ -z "$long" ] || { echo "$long"; echo "a file has at most 600 lines: split it by phase"; return 1; }
}

compile() { swift build --build-tests --explicit-target-dependency-import-check error 2>&1 | grep -E '(error|warning): ' ; [ "${PIPESTATUS[0]}" -eq 0 ]; }

sdk() { swift build --build-tests --package-path Sources/PluginAPI --scratch-path .build/sdk 2>&1 | grep -E '(error|warning): '; [ "${PIPESTATUS[0]}" -eq 0 ]; }

benchmarks() { swift package --package-path Benchmarks dump-package >/dev/null; }

step "format" swift format lint --strict --parallel --recursive Sources Plugins Tests Examples Benchmarks/Sources
step "file length" file_length
step "allowed imports" Scripts/check-imports.sh
step "abi lock" Scripts/abi-lock.sh
step "museum builds" Scripts/museum.sh
step "warnings as errors" compile
step "sdk builds apart" sdk
step "benchmarks resolve" benchmarks
exit $failed
