#!/usr/bin/env python3
"""check-pages.py FOLDER...: every page below each folder is small, runs nothing, has pictures with sizes, lists in its structured data what it shows, says
who wrote it, and names its languages as their pages do (hreflang, both ways, with x-default). Needs PyPI's lxml. Exit 1: a fault."""
import json, pathlib, sys

import lxml.html

MOST_BYTES = 30_000  # for a page of one product or one segment; an index of a catalogue is as long as the catalogue
faults, languages, counts = [], {}, {"pages": 0, "lists": 0, "blocks": 0, "marked": 0}


def check(file, name):
    def fault(words):
        faults.append(f"{name}: {words}")

    source = file.read_bytes()
    tree = lxml.html.fromstring(source, parser=lxml.html.HTMLParser(encoding="utf-8"))
    text = " ".join(tree.text_content().split())
    is_block, is_index = "/blocks/" in name, file.name == "index.html"
    counts["blocks" if is_block else "pages"] += 1
    if len(source) >= MOST_BYTES and not is_index:
        fault(f"{len(source)} bytes")
    if b"{{" in source or b"{%" in source:
        fault("an unfilled template")
    for script in tree.iter("script"):
        if script.get("type") != "application/ld+json":
            fault("a program")
    for picture in tree.iter("img"):
        if not picture.get("width") or not picture.get("height"):
            fault("a picture without sizes")
    pictures = list(tree.iter("img"))
    if any(picture.get("loading") != "lazy" for picture in pictures[1:]):
        fault("a picture below the first that is not lazy")
    if is_block:
        return
    graph = [node for data in tree.xpath('//script[@type="application/ld+json"]/text()') for node in json.loads(data)["@graph"]]
    own = tree.xpath("string(//h1)")
    cards = [a.text_content().strip() for a in tree.xpath('//*[contains(@class, "card") or contains(@class, "feature")]//h3//a')]
    listed = [item for node in graph if node["@type"] == "ItemList" for item in node["itemListElement"]]
    if [item["position"] for item in listed] != list(range(1, len(listed) + 1)):
        fault("a list that is not numbered from 1")
    names = [item["name"] for item in listed]
    if cards and not is_index and names[: len(cards)] != cards:
        fault(f"shows {cards}, lists {names}")
    if any(node["@type"] == "Product" for node in graph) and own in names:
        fault("a product that recommends itself")
    if any(not item.get("url", "").startswith("https://") for item in listed):
        fault("a list without addresses")
    counts["lists"] += bool(listed)
    if tree.xpath('//*[@class="machine"]'):
        counts["marked"] += 1
        if not any("digitalSourceType" in node for node in graph):
            fault("text that people see marked as a machine's, and machines do not")
    links = {link.get("hreflang"): link.get("href") for link in tree.xpath('//link[@rel="alternate"][@hreflang]')}
    canonical = tree.xpath("string(//link[@rel='canonical']/@href)")
    if links:
        languages[canonical] = (name, tree.get("lang"), links)


for folder in map(pathlib.Path, sys.argv[1:]):
    for file in sorted(folder.rglob("*.html")):
        check(file, str(file.relative_to(folder.parent)))
for url, (name, locale, links) in languages.items():
    if links.get(locale) != url or "x-default" not in links:
        faults.append(f"{name}: its languages lack itself or x-default")
    for other in set(links.values()) - {url}:
        if other not in languages or languages[other][2] != links:
            faults.append(f"{name}: '{other}' does not name the same languages")
print("\n".join(faults[:20] + ([f"and {len(faults) - 20} more"] if len(faults) > 20 else [])))
print(", ".join(f"{count} {name}" for name, count in counts.items()) + f", {len(languages)} in several languages, {len(faults)} faults")
sys.exit(1 if faults or not counts["pages"] else 0)
