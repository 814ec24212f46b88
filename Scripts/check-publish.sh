#!/usr/bin/env bash
# check-publish.sh KIT FEED.jsonl: publishes into the kit's real WordPress by REST: as a draft, whole, again, killed and taken up,
# one changed, one gone; what the database holds is compared with the feed byte for byte.
set -euo pipefail
kit=$1 feed=$2 items=${PUBLISH_ITEMS:-60}
# The kit's file keeps the settings of its servers: WPKIT, ports, functions.
. "$kit/env.sh"
scratch=$(mktemp -d)
trap 'stop_one web; rm -rf "$scratch"' EXIT
db_up && reset_db && web_up web "$WEB_PORT" "$WPKIT/site" "$WPKIT/router.php" || exit 2
password() { php -d display_errors=stderr "$kit/rest.php" "$1" 2>/dev/null | tail -1 | cut -d' ' -f2; }
BESPOKE_WORDPRESS_PASSWORD=$(password admin)
export BESPOKE_WORDPRESS_PASSWORD
head -n "$items" "$feed" >"$scratch/pages.jsonl"
publish() {
  "${BESPOKE:-.build/release/bespoke}" publish wordpress "$scratch/pages.jsonl" --site "http://127.0.0.1:$WEB_PORT" \
    --user "${PUBLISH_USER:-admin}" --media "$(dirname "$feed")" --json "$@"
}
expect() { # what, pattern, answer
  grep -qE "$2" <<<"$3" || { echo "$1: expected $2, found $3"; exit 1; }
  echo "$1: ok"
}
posts() { sql -e "select count(*) from wp_posts where post_type='${2:-post}' and post_status='$1'"; }
compare() { # every post's text in the database beside the feed's
  sql -e "select post_name, hex(post_content) from wp_posts where post_type='post' and post_status='publish'" >"$scratch/stored"
  python3 - "$scratch" <<'PYTHON'
import json, sys
folder = sys.argv[1]
stored = dict(line.rstrip("\n").split("\t") for line in open(f"{folder}/stored"))
pages = {page["slug"]: page["content"] for page in map(json.loads, open(f"{folder}/pages.jsonl", encoding="utf-8"))}
wrong = [slug for slug, text in pages.items() if bytes.fromhex(stored.get(slug, "")) != text.encode()]
print(f"{len(pages) - len(wrong)} equal, {len(wrong)} different: {wrong[:3]}")
PYTHON
}
expect "dry run" "\"created\":$items," "$(publish --dry-run)"
expect "a dry run writes nothing" '^0$' "$(posts publish)"
expect "a draft" '"created":1,.*"failed":0' "$(publish --status draft --limit 1 --ledger "$scratch/draft")"
expect "the draft at WordPress" '^1$' "$(posts draft)"
reset_db
BESPOKE_WORDPRESS_PASSWORD=$(password admin)
expect "limit" "\"created\":5,.*\"postponed\":$((items - 5)),.*\"failed\":0" "$(publish --limit 5)"
publish >"$scratch/killed" 2>&1 &
running=$!
until [ "$(posts publish)" -ge 12 ]; do sleep 0.05; done
pkill -KILL -P $running 2>/dev/null || true
kill -KILL $running 2>/dev/null || true
wait $running 2>/dev/null || true
before=$(posts publish)
[ "$before" -lt "$items" ] || { echo "the run ended before it could be killed"; exit 1; }
expect "a killed run is taken up" '"failed":0' "$(publish)"
expect "nothing is doubled" "^$items\$" "$(posts publish)"
expect "byte for byte" "^$items equal, 0 different" "$(compare)"
expect "every post has its picture" "^$items\$" "$(sql -e "select count(*) from wp_postmeta where meta_key='_thumbnail_id'")"
pictures=$(posts inherit attachment)
expect "second run" "\"created\":0,\"updated\":0,\"unchanged\":$items," "$(publish)"
expect "pictures are sent once" "^$pictures\$" "$(posts inherit attachment)"
expect "categories with parents" '^[1-9]' "$(sql -e "select count(*) from wp_term_taxonomy where taxonomy='category' and parent > 0")"
expect "tags" '^[1-9]' "$(sql -e "select count(*) from wp_term_taxonomy where taxonomy='post_tag' and count > 0")"
times() { sql -e "select post_name, post_modified, md5(post_content) from wp_posts where post_type='post' order by 1"; }
times >"$scratch/times"
sleep 1.1
sed -i '1s#"content":"#"content":"<p>Changed.</p>#' "$scratch/pages.jsonl"
expect "one changed" '"created":0,"updated":1,.*"failed":0' "$(publish)"
expect "one post is touched" '^1$' "$(times | diff "$scratch/times" - | grep -c '^>')"
expect "byte for byte again" "^$items equal, 0 different" "$(compare)"
sed -i '2d' "$scratch/pages.jsonl"
expect "one gone" '"unpublished":0,"obsolete":1' "$(publish)"
expect "it stays" "^$items\$" "$(posts publish)"
expect "one pruned" '"unpublished":1,"obsolete":0' "$(publish --prune)"
expect "the draft of it" '^1$' "$(posts draft)"
expect "a lost ledger doubles nothing" '"created":0,"updated":[0-9]+,.*"failed":0' "$(publish --ledger "$scratch/lost")"
BESPOKE_WORDPRESS_PASSWORD=wrong
expect "a wrong password" 'no such user and application password' "$(publish --ledger "$scratch/wrong" 2>&1 || true)"
BESPOKE_WORDPRESS_PASSWORD=$(password author1)
expect "an author is refused" '"not allowed"' "$(PUBLISH_USER=author1 publish --ledger "$scratch/author" 2>&1 || true)"
expect "no password in any file" '^0$' "$(grep -rlF -- "$BESPOKE_WORDPRESS_PASSWORD" "$scratch" | wc -l)"
expect "no post by the author" "^$((items - 1))\$" "$(posts publish)"
