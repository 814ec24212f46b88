#!/usr/bin/env bash
# Validates our plugins and the examples, as they are released: validate-plugins.sh. Needs `make build` and Scripts/build-examples.sh.
set -uo pipefail
cd "$(dirname "$0")/.."
bespoke=.build/release/bespoke
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
printf '<!doctype html><html lang="en"><head>{{ head }}</head><body>{{ product.name }}</body></html>' >"$scratch/page.liquid"
printf '{"template":"page.liquid"}' >"$scratch/options.json"
status=0

validate() { # file, options...
  local report
  if report=$("$bespoke" plugins validate "$@"); then echo "$1: $(tail -1 <<<"$report")"
  else echo "$report"; status=1; fi
}

for library in .build/release/libTemplateFiller.so .build/release/libProductPage.so; do
  validate "$library" --config "$scratch/options.json" --resources "$scratch"
done
printf '{"template":"page.liquid","from":"news@shop.example","to":"{{ profile.email }}","subject":"News","unsubscribe_url":"https://shop.example/u"}' \
  >"$scratch/email.json"
validate .build/release/libEmail.so --config "$scratch/email.json" --resources "$scratch"
if "$bespoke" train ngram-model Examples/shop/products.jsonl --set 'fields=[tagline, highlights]' \
  --output "$scratch/shop.ngram" --quiet >/dev/null; then
  printf '{"model":"shop.ngram","values":{"name":"Ada","brand":"Acme"}}' >"$scratch/copy.json"
  validate .build/release/libNgramModel.so --config "$scratch/copy.json" --resources "$scratch"
else status=1; fi
# A model of one layer, trained for one epoch: enough for the contract.
head -40 Examples/shop/products.jsonl | grep -o '"tagline": "[^"]*"' | cut -d'"' -f4 | sort -u >"$scratch/copy.txt"
if "$bespoke" train neural-decoder "$scratch/copy.txt" --output "$scratch/shop.gguf" --quiet >/dev/null \
  --set vocabulary=300 --set width=32 --set layers=1 --set heads=1 --set context=16 --set epochs=1; then
  printf '{"model":"shop.gguf","prompt":"Room for","max_tokens":4}' >"$scratch/decoder.json"
  validate .build/release/libNeuralDecoder.so --config "$scratch/decoder.json" --resources "$scratch"
else status=1; fi
# Forty customers who bought three products each.
awk 'BEGIN { for (u = 0; u < 40; u++) for (i = 0; i < 3; i++)
  printf "{\"kind\":\"purchase\",\"user\":\"u%d\",\"product\":\"p%d\",\"time\":\"2026-01-%02dT10:00:00Z\",\"order\":\"o%d-%d\"}\n",
    u, (u + i * i) % 9, 1 + i * 3 + u % 5, u, i }' >"$scratch/purchases.jsonl"
if "$bespoke" train recommender "$scratch/purchases.jsonl" --output "$scratch/shop.model" --quiet >/dev/null; then
  printf '{"model":"shop.model"}' >"$scratch/recommender.json"
  printf '{"profile":{"id":"u1","history":[{"product":"p1","time":"2026-01-02T10:00:00Z"}]}}' >"$scratch/brief.json"
  validate .build/release/libRecommender.so --config "$scratch/recommender.json" --resources "$scratch" --brief "$scratch/brief.json"
else status=1; fi
for library in .build/examples/lib*.so; do
  if [ -e "$library" ]; then validate "$library"; fi
done
exit $status
