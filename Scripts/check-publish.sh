#!/usr/bin/env bash
# check-publish.sh KIT FEED.jsonl: publishes into the kit's real WordPress by REST: create, again, change one, take one away.
set -euo pipefail
kit=$1 feed=$2
# The kit's file keeps the settings of its servers: WPKIT, ports, functions.
. "$kit/env.sh"
scratch=$(mktemp -d)
trap 'stop_one web; rm -rf "$scratch"' EXIT
db_up && reset_db && web_up web "$WEB_PORT" "$WPKIT/site" "$WPKIT/router.php" || exit 2
read -r _ password < <(php -d display_errors=stderr "$kit/rest.php" admin 2>/dev/null | tail -1)
export BESPOKE_WORDPRESS_PASSWORD=$password
head -n "${PUBLISH_ITEMS:-60}" "$feed" >"$scratch/pages.jsonl"
publish() {
  "${BESPOKE:-.build/release/bespoke}" publish wordpress "$scratch/pages.jsonl" --site "http://127.0.0.1:$WEB_PORT" --user "${PUBLISH_USER:-admin}" \
    --media "$(dirname "$feed")" --json "$@"
}
expect() { # what, pattern, answer
  grep -q "$2" <<<"$3" || { echo "$1: expected $2, found $3"; exit 1; }
  echo "$1: ok"
}
expect "dry run" "\"created\":${PUBLISH_ITEMS:-60}," "$(publish --dry-run)"
expect "first run" "\"created\":${PUBLISH_ITEMS:-60},.*\"failed\":0" "$(publish)"
expect "second run" "\"created\":0,\"updated\":0,\"unchanged\":${PUBLISH_ITEMS:-60}," "$(publish)"
sed -i '1s#"content":"#"content":"<p>Changed.</p>#' "$scratch/pages.jsonl"
expect "one changed" "\"created\":0,\"updated\":1,.*\"failed\":0" "$(publish)"
sed -i '2d' "$scratch/pages.jsonl"
expect "one gone" "\"unpublished\":0,\"obsolete\":1" "$(publish)"
expect "one pruned" "\"unpublished\":1,\"obsolete\":0" "$(publish --prune)"
expect "drafts at WordPress" '^1$' "$(sql -e "select count(*) from wp_posts where post_type='post' and post_status='draft'")"
read -r _ BESPOKE_WORDPRESS_PASSWORD < <(php -d display_errors=stderr "$kit/rest.php" author1 2>/dev/null | tail -1)
expect "an author is refused" '"not allowed"' "$(PUBLISH_USER=author1 publish --ledger "$scratch/author" || true)"
