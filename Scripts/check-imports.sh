#!/usr/bin/env bash
# Compares what each module imports with what the design lets it: the arrows of ARCHITECTURE.md.
set -euo pipefail
cd "$(dirname "$0")/.."

system="Glibc Synchronization Dispatch Foundation FoundationEssentials FoundationInternationalization"
plugin="PluginAPI CPluginABI Core Liquid Markup Recommendation TemplateSupport"
allowed() { # folder
  case $1 in
    Sources/PluginAPI/PluginAPI) echo "CPluginABI Synchronization" ;;
    Sources/PluginAPI/PluginExport | Sources/PluginAPI/PluginTesting) echo "CPluginABI PluginAPI Synchronization" ;;
    Sources/Core) echo "CPluginABI" ;;
    Sources/Liquid) echo "CPluginABI Core $system" ;;
    Sources/Markup) echo "Core CLibXML2 $system" ;;
    Sources/Host) echo "CPluginABI Core Liquid Markup Yams Crypto CZlib $system" ;;
    Sources/Recommendation) echo "Core $system" ;;
    Sources/Behaviour) echo "Core Host Recommendation GRDB GRDBSQLite Crypto $system" ;;
    Sources/bespoke) echo "FoundationNetworking Behaviour Core Host Recommendation ArgumentParser $system" ;;
    Plugins/NeuralDecoder) echo "$plugin CDecoderKernels CTrainingKernels NGramModel $system" ;;
    Plugins/*/Entry) echo "PluginExport $(basename "$(dirname "$1")")" ;;
    Plugins/*) echo "$plugin $system" ;;
  esac
}

status=0
complain() { echo "$1"; status=1; }
folders="Sources/PluginAPI/PluginAPI Sources/PluginAPI/PluginExport Sources/PluginAPI/PluginTesting Sources/Core Sources/Liquid Sources/Markup Sources/Host Sources/Recommendation Sources/Behaviour Sources/bespoke"
for folder in $folders Plugins/* Plugins/*/Entry; do
  [ -d "$folder" ] || continue
  # A package of its own says in its Package.swift what it needs.
  [ -e "$folder/Package.swift" ] && continue
  list=" $(allowed "$folder") "
  while IFS=: read -r file module; do
    [[ $folder != */Entry && $file == */Entry/* ]] && continue
    [[ $list == *" $module "* ]] || complain "$file: '$folder' must not import '$module'; it may import:$list"
  done < <(grep -rhoEH '^(@_exported )?(public |internal |private |package )?import +[A-Za-z0-9_]+' "$folder" --include='*.swift' |
    sed -E 's/:.*import +/:/')
done

# Only one place may do each of these.
only() { # pattern, folder that may, what it is
  local found
  found=$(grep -rlE "$1" Sources Plugins --include='*.swift' | grep -v -e "^$2" -e "^Sources/PluginAPI/Tests" || true)
  [ -z "$found" ] || complain "only $2 may $3, but so does: $found"
}
only '\bdlopen\(' Sources/Host/Loading "call dlopen"
only '^(public )?import FoundationNetworking' Sources/bespoke/Publish "speak HTTP"
only '^(public )?import Yams' Sources/Host/Manifest "know YAML"
only '^(public )?import GRDB' Sources/Behaviour "know SQL"
exit $status
