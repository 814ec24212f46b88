#!/usr/bin/env bash
# Says what `make demo` made and where to look.
set -euo pipefail
out=$1
echo
echo "The demo shop is in $out:"
for folder in "$out"/*/; do
  pages=$(find "$folder" -name '*.html' | wc -l)
  messages=$(find "$folder" -name '*.eml' | wc -l)
  if [ "$pages" -gt 0 ]; then printf '  %-28s %5d pages\n' "$folder" "$pages"
  elif [ "$messages" -gt 0 ]; then printf '  %-28s %5d messages\n' "$folder" "$messages"
  else printf '  %-28s %5d pictures\n' "$folder" "$(find "$folder" -type f | wc -l)"; fi
done
for file in import.xml merchant.xml provenance.jsonl; do
  [ -e "$out/$file" ] && printf '  %-28s %5d kB\n' "$out/$file" $(($(stat -c %s "$out/$file") / 1024))
done
echo "Open $out/index.html in a browser to look around."
echo "What its customers have in common is in out/shop/report.html, their profiles in out/shop/profiles.jsonl."
