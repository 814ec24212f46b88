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
for library in .build/examples/lib*.so; do
  if [ -e "$library" ]; then validate "$library"; fi
done
exit $status
