#!/usr/bin/env bash
# Does what docs/plugin-authors.md says, line by line, in a folder of its own: runs each line of a `sh` fence, writes each fence
# that names a path, and compares each `text` fence with what the last line printed. Needs `bespoke` on the PATH; SDK names the SDK's folder.
set -uo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
guide=${1:-$root/docs/plugin-authors.md}
export SDK=${SDK:-$root/Sources/PluginAPI}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/work" && cd "$scratch/work" || exit 70
: >"$scratch/printed"

fail() { echo "guide.sh: ${guide##*/}:$number: $1"; cat "$scratch/printed"; exit 1; }

number=0 kind="" path=""
while IFS= read -r line <&3; do
  number=$((number + 1))
  case $kind:$line in
    :\`\`\`*)
      read -r kind path <<<"${line#\`\`\`}"
      : >"$scratch/fence"
      ;;
    :*) ;;
    *:\`\`\`)
      if [ -n "$path" ]; then
        mkdir -p "$(dirname "$path")" && cp "$scratch/fence" "$path"
        # A file is one line or ends as files do; a template's last newline would be part of its text.
        if [ "$kind" = text ]; then printf %s "$(cat "$scratch/fence")" >"$path"; fi
      elif [ "$kind" = text ]; then
        [ "$(cat "$scratch/fence")" = "$(cat "$scratch/printed")" ] || fail "expected other output"
      fi
      kind="" path=""
      ;;
    sh:*)
      echo "+ $line"
      eval "$line" >"$scratch/printed" 2>&1 || fail "'$line' failed"
      ;;
    *) printf '%s\n' "$line" >>"$scratch/fence" ;;
  esac
done 3<"$guide"
[ -z "$kind" ] || fail "a fence was not closed"
