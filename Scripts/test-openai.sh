#!/usr/bin/env bash
# Tests the plugin `openai-compatible`, a package of its own: its tests against servers that misbehave, `plugins validate`, and, where
# LLAMA_PYTHON names a Python with xllamacpp (PyPI) and BESPOKE_MODELS holds SmolLM2, a real llama.cpp server, which is also given the
# demo shop's model: what 'bespoke train neural-decoder' writes, llama.cpp reads. --samples prints what docs/openai-compatible.md shows.
set -euo pipefail
cd "$(dirname "$0")/.."
package=Plugins/OpenAICompatible
build=$PWD/.build/openai
pkg-config --exists libcurl || { echo "test-openai: libcurl's development files are not there ('make setup'); skipped"; exit 0; }
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
servers=()
trap '[ ${#servers[@]} -eq 0 ] || kill "${servers[@]}" 2>/dev/null || true; rm -rf "$scratch"' EXIT
serve() { # name, model: leaves the address in $address; the server ends by itself after five minutes, whatever happens here
  timeout 300 "$python" - "$1" "$2" >"$scratch/$1.address" 2>"$scratch/$1.log" <<'PYTHON' &
import sys, time
import xllamacpp
params = xllamacpp.CommonParams()
params.model.path = sys.argv[2]
params.model_alias = {sys.argv[1]}
params.hostnames = ["127.0.0.1"]
params.port = 0
params.n_parallel, params.n_ctx, params.cpuparams.n_threads = 4, 4096, 2
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
time.sleep(300)
PYTHON
  servers+=($!)
  for _ in $(seq 200); do [ -s "$scratch/$1.address" ] && break; sleep 0.2; done
  address=$(grep -o 'http://[0-9.:]*' "$scratch/$1.address") || { tail -5 "$scratch/$1.log"; exit 1; }
}
ask() { # what is tried, model, options, prompt: prints the texts; each must have a log-probability
  echo "$1"
  echo "{\"base_url\":\"$address/v1\",\"model\":\"$2\",\"prompt\":\"x\",$3}" >"$scratch/options.json"
  echo "{\"params\":{\"prompt\":\"$4\"}}" >"$scratch/brief.json"
  "$bespoke" plugins run "$plugin" --config "$scratch/options.json" --brief "$scratch/brief.json" --seed 1 --json |
    "$python" -c 'import json, sys
candidates = json.loads(json.load(sys.stdin)["slots"][""])
assert candidates, "no text"
for candidate in candidates:
    assert candidate["text"].strip() and candidate["score"] < 0, candidate
    print("  " + " ".join(candidate["text"].split()))'
}

serve smollm2 "$model"
question='Write one short sentence for a shop whose customer likes hiking.'
if [ "${1:-}" = --samples ]; then
  ask "SmolLM2 135M Instruct, asked for one sentence" smollm2 '"candidates":20,"max_tokens":80,"temperature":0.8,"first_token_timeout_seconds":250,"timeout_seconds":280' "$question"
  exit 0
fi
schema='"schema":{"type":"object","properties":{"sentence":{"type":"string","maxLength":90}},"required":["sentence"]},"field":"sentence"'
ask "chat, streamed" smollm2 '"candidates":3,"max_tokens":80,"temperature":0.7' "$question"
ask "chat, whole" smollm2 '"stream":false,"max_tokens":80,"temperature":0.7' "$question"
ask "completions, streamed" smollm2 '"interface":"completions","stop":[".","!","?"],"temperature":0.7' "A good hiking boot is"
ask "completions, whole" smollm2 '"interface":"completions","stream":false,"stop":[".","!","?"]' "A good hiking boot is"
ask "schema, openai" smollm2 "$schema,\"temperature\":0.7" "$question"
ask "schema, llama-server" smollm2 "$schema,\"dialect\":\"llama-server\",\"temperature\":0.7" "$question"
if "$bespoke" plugins run "$plugin" --config <(echo "{\"base_url\":\"$address/v1\",\"model\":\"other\",\"prompt\":\"x\"}") \
  --brief "$scratch/brief.json" >"$scratch/refused" 2>&1; then
  echo "test-openai: a model that the server does not have was not refused"
  exit 1
fi
grep "no model 'other'" "$scratch/refused"
serve shop "$PWD/manifests/models/shop.gguf"
ask "the demo shop's model" shop '"interface":"completions","stop":["\n"],"max_tokens":48' "en page:"
