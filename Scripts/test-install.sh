#!/usr/bin/env bash
# Installs into a folder of its own and works with what lies there alone, as a plugin author without a clone does: the authors'
# guide from its first line to its last. Needs `make build`.
set -euo pipefail
cd "$(dirname "$0")/.."
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
Scripts/install.sh "$prefix" >/dev/null
for file in bin/bespoke lib/bespoke/libProductPage.so include/bespoke/plugin.h share/bespoke/manifest.schema.json; do
  [ -e "$prefix/$file" ] || { echo "test-install: '$file' is missing"; exit 1; }
done
PATH="$prefix/bin:$PATH" SDK="$prefix/share/bespoke/PluginAPI" Scripts/guide.sh
echo "test-install: the guide holds for an installed Bespoke"
