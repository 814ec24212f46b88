#!/usr/bin/env python3
"""catalogue-facts.py demo|icecat|fashion FILE [LOCALE]: what a page must say of each product, read from the source itself, one JSON object a line, as
../shared/kits/html/semantics.py compares it (CATALOG). Products without a picture, which search engines demand, are named on the standard error instead."""
import csv, decimal, functools, json, sys

kind, path, locale = sys.argv[1], sys.argv[2], (sys.argv[3:] or ["en-US"])[0]
availability = {"in_stock": "InStock", "out_of_stock": "OutOfStock", "preorder": "PreOrder", "backorder": "BackOrder"}


def rows():
    with open(path, encoding="utf-8-sig", newline="") as source:
        yield from csv.DictReader(source) if path.endswith(".csv") else map(functools.partial(json.loads, parse_float=str), source)


def facts(row):
    if kind == "icecat":
        return row["id"], row["title"], decimal.Decimal(row["price"]) / 100, "USD", "InStock", row["img_high"] or row["img_low"]
    if kind == "fashion":
        stock = "InStock" if row["in_stock_any"] == "True" else "OutOfStock"
        return row["id"], row["title"], row["price_min_usd"], "USD", stock, row["featured_image_url"]
    own = {**row, **row.get("translations", {}).get(locale, {})}
    return own["id"], own["name"], own.get("sale_price", own["price"]), own["currency"], availability[own["availability"]], own["image"]


csv.field_size_limit(1 << 30)
for row in rows():
    id, title, price, currency, stock, image = facts(row)
    if not image:
        print(id, file=sys.stderr)
    else:
        print(json.dumps({"id": str(id), "title": " ".join(title.split()), "price": str(price), "currency": currency, "availability": stock}, ensure_ascii=False))
