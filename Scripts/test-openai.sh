#!/usr/bin/env bash
# Tests the plugin `openai-compatible`, a package of its own: its tests against servers that misbehave, `plugins validate`, and, where
# LLAMA_PYTHON names a Python with xllamacpp (PyPI) and BESPOKE_MODELS holds SmolLM2, a run against a real llama.cpp server.
set -euo pipefail
cd "$(dirname "$0")/.."
package=Plugins/OpenAICompatible
build=$PWD/.build/openai
pkg-config --exists libcurl || { echo "test-openai: libcurl's development files are not there ('Scripts/setup.sh --all'); skipped"; exit 0; }
swift build --quiet -c release --package-path $package --scratch-path "$build" --product OpenAICompatible
plugin=$build/release/libOpenAICompatible.so
bespoke=$PWD/.build/release/bespoke
[ -x "$bespoke" ] || { echo "test-openai: needs 'make build'"; exit 66; }
BESPOKE=$bespoke BESPOKE_PLUGIN=$plugin swift test --package-path $package --scratch-path "$build"

model=${BESPOKE_MODELS:-}/SmolLM2-135M-Instruct.Q4_1.gguf
python=${LLAMA_PYTHON:-python3}
if ! [ -e "$model" ] || ! "$python" -c 'import xllamacpp' 2>/dev/null; then
  echo "test-openai: no llama.cpp server at hand (LLAMA_PYTHON with xllamacpp, BESPOKE_MODELS with SmolLM2); skipped"
  exit 0
fi
scratch=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT
# The server ends by itself after five minutes, whatever happens here.
timeout 300 "$python" - "$model" >"$scratch/address" 2>"$scratch/server.log" <<'PYTHON' &
import sys, time
import xllamacpp
params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.model_alias = {"smollm2"}
params.hostnames = ["127.0.0.1"]
params.port = 0
params.n_parallel, params.n_ctx, params.cpuparams.n_threads = 4, 4096, 2
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
time.sleep(300)
PYTHON
server=$!
for _ in $(seq 100); do [ -s "$scratch/address" ] && break; sleep 0.2; done
address=$(grep -o 'http://[0-9.:]*' "$scratch/address") || { tail -5 "$scratch/server.log"; exit 1; }

cat >"$scratch/manifest.yaml" <<YAML
manifest: 1
name: server
seed: 1
plugins: { openai-compatible: { path: $plugin, trust: in-process } }
inputs: { profiles: { inline: [ { id: u1, likes: tea }, { id: u2, likes: hiking } ] } }
pipelines:
  all:
    stages:
      - id: headline
        use: openai-compatible
        with:
          base_url: $address/v1
          model: smollm2
          prompt: "Write one short sentence for a shop whose customer likes {{ profile.likes }}."
          candidates: 3
          max_tokens: 60
          schema: { type: object, properties: { sentence: { type: string, maxLength: 90 } }, required: [ sentence ] }
          field: sentence
          temperature: 0.7
assets: [ { slot: headline, path: "{{ profile.id }}.txt" } ]
YAML
"$bespoke" generate "$scratch/manifest.yaml" --output "$scratch/out" --quiet
for file in "$scratch"/out/u?.txt; do echo "$(basename "$file"): $(cat "$file")"; done
