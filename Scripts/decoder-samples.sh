#!/usr/bin/env bash
# Prints what docs/neural-decoder.md shows: the first 20 outputs of seed 1, unselected, of the demo shop's model and, where
# BESPOKE_MODELS has it, of Gemma 3 270M. Equal outputs are one candidate, so a list may be shorter.
set -euo pipefail
cd "$(dirname "$0")/.."
bespoke=${BESPOKE:-.build/release/bespoke}
plugin=${DECODER_PLUGIN:-.build/release/libNeuralDecoder.so}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
show() { # title, folder of models, options, params
  echo "$1"
  echo "$3" >"$scratch/options.json"
  echo "{\"params\":$4}" >"$scratch/brief.json"
  "$bespoke" plugins run "$plugin" --config "$scratch/options.json" --brief "$scratch/brief.json" --resources "$2" --seed 1 --json |
    python3 -c 'import json, sys
for candidate in json.loads(json.load(sys.stdin)["slots"][""]): print("  " + candidate["text"])'
}
slots='{"product":"Fennrick 22 Daypack","brand":"Nordlicht","highlight":"Mesh back with air gap","price":"€79.90",'
slots+='"second":"Lid pocket opens towards you","hook":"packed in a minute, carried until dark","line":"Packed in a minute, carried until dark"}'
show "shop.gguf, slots and words" manifests/models \
  '{"model":"shop.gguf","words":"shop.txt","slots":{},"prompt":"x","candidates":20,"max_tokens":48}' \
  "{\"prompt\":\"en page:\",\"slots\":$slots}"
show "shop.gguf, free" manifests/models '{"model":"shop.gguf","prompt":"x","candidates":20,"max_tokens":32}' \
  '{"prompt":"en facts:"}'
gemma=gemma-3-270m-q4_k_m.gguf
[ -f "${BESPOKE_MODELS:-}/$gemma" ] || { echo "absent: $gemma in BESPOKE_MODELS (make models)"; exit 0; }
examples='Product: wool hiking socks, grey, three pairs\nHeadline: Three pairs of warm feet for grey mornings\n\n'
examples+='Product: folding camping lamp, 200 lumens, solar\nHeadline: Folds flat by day, lights the tent by night\n\n'
examples+='Product: insulated steel bottle, 750 ml, keeps drinks cold for 24 hours\nHeadline:'
show "$gemma, two examples, free" "$BESPOKE_MODELS" \
  "{\"model\":\"$gemma\",\"prompt\":\"x\",\"candidates\":20,\"max_tokens\":24,\"repetition_penalty\":1.15}" "{\"prompt\":\"$examples\"}"
examples='Headline: {count} pairs of {material} socks for cold mornings\nHeadline: A lamp of {light} that folds flat\n'
examples+='Headline: {volume} of cold water, {hours} long\nHeadline:'
show "$gemma, slots" "$BESPOKE_MODELS" \
  "{\"model\":\"$gemma\",\"prompt\":\"x\",\"slots\":{},\"candidates\":20,\"max_tokens\":24,\"repetition_penalty\":1.15}" \
  "{\"prompt\":\"$examples\",\"slots\":{\"material\":\"steel\",\"volume\":\"750 ml\",\"hours\":\"24 hours\"}}"
