#!/usr/bin/env bash
# Puts the command, its plugins and completions, the SDK, the headers and the manifest's schema below a prefix: install.sh PREFIX
set -euo pipefail
cd "$(dirname "$0")/.."
prefix=${1:?usage: install.sh PREFIX}
build=.build/release
install -d "$prefix/lib/bespoke" "$prefix/bin" "$prefix/include" "$prefix/share/bespoke"
# The command finds its plugins beside itself, so both lie together and the command is linked into bin.
install -m 755 --strip "$build/bespoke" "$prefix/lib/bespoke/"
install -m 644 --strip "$build"/lib[A-Z]*.so "$prefix/lib/bespoke/" # plugins alone
ln -sfn ../lib/bespoke/bespoke "$prefix/bin/bespoke"
cp -R Sources/PluginAPI/CPluginABI/include/bespoke "$prefix/include/"
rm -rf "$prefix/share/bespoke/PluginAPI"
mkdir -p "$prefix/share/bespoke/PluginAPI"
cp -R Sources/PluginAPI/{Package.swift,CPluginABI,PluginAPI,PluginExport,PluginTesting,Tests} "$prefix/share/bespoke/PluginAPI/"
install -m 644 manifests/schema/manifest.schema.json "$prefix/share/bespoke/"
complete() { # shell, file below share
  install -d "$(dirname "$prefix/share/$2")"
  "$build/bespoke" --generate-completion-script "$1" >"$prefix/share/$2"
}
complete bash bash-completion/completions/bespoke
complete zsh zsh/site-functions/_bespoke
complete fish fish/vendor_completions.d/bespoke.fish
echo "installed below '$prefix': bin/bespoke, lib/bespoke, include/bespoke, share/bespoke/{PluginAPI,manifest.schema.json}"
