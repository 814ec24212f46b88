#!/usr/bin/env python3
"""inline.py EMAILBENCH: CSS inlining of one 29 kB message, ours beside css-inline (Rust) and premailer; CPU microseconds a call, best of 20."""
import pathlib, subprocess, sys, tempfile, time

CSS = """body{margin:0;padding:0;background:#f4f4f4}table{border-collapse:collapse}td{font-family:Arial,sans-serif;font-size:15px;line-height:22px}
h2{margin:0 0 8px;font-size:20px;color:#222}p{margin:0 0 12px}a{color:#0a58ca}.outer{width:100%;background-color:#f4f4f4}.card{width:600px;background-color:#fff}
.pad{padding:24px}.column{width:284px;vertical-align:top}.column p{color:#444}.label{font-size:12px;color:#777}.price{font-weight:bold}.price del{color:#999;font-weight:normal}
.button{padding:12px 24px;background-color:#0a58ca}.button a{color:#fff;text-decoration:none}td.column>h2{font-size:18px}.foot p,.foot a{font-size:12px;color:#777}
h2+p{margin-top:4px}img{display:block;border:0}@media (max-width:480px){.column{width:100%}}@media (prefers-color-scheme:dark){.card{background-color:#111}}a:hover{color:#000}"""
COLUMN = """<td class="column pad"><img src="https://shop.example/images/{n}.png" alt="" width="236" height="236"><p class="label">Department {n}</p>
<h2>A product with a name of some length, number {n}</h2><p>Two sentences say what it is good for and what it is not. They are as long as such sentences are in a message of a shop.</p>
<p class="price">{n}9.90 EUR <del>{n}19.90 EUR</del></p><table role="presentation" cellpadding="0" cellspacing="0"><tr><td class="button"><a href="https://shop.example/p/{n}?utm_source=mail">Have a closer look</a></td></tr></table></td>"""
rows = "".join(f'<tr>{COLUMN.format(n=2 * i)}{COLUMN.format(n=2 * i + 1)}</tr>' for i in range(20))
page = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>News</title><style>{CSS}</style></head><body><table class="outer" role="presentation"><tr><td align="center">
<table class="card" role="presentation">{rows}<tr><td colspan="2" class="pad foot"><p>You asked for this. <a href="https://shop.example/u">Unsubscribe</a></p></td></tr></table></td></tr></table></body></html>"""


def best(call):
    result = float("inf")
    for _ in range(20):
        count, start = 0, time.process_time()
        while time.process_time() - start < 0.05:
            call()
            count += 1
        result = min(result, (time.process_time() - start) / count * 1e6)
    return result


file = pathlib.Path(tempfile.mkdtemp()) / "mail.html"
file.write_text(page, encoding="utf-8")
print(f"{len(page.encode())} bytes")
figures = {}
for line in subprocess.run([sys.argv[1], str(file)], check=True, capture_output=True, text=True).stdout.splitlines():
    name, value = line.split()
    figures[f"ours, {name} sheet"] = float(value)
try:
    import css_inline
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False)
    figures["css-inline"] = best(lambda: inliner.inline(page))
except ImportError:
    print("absent: css-inline")
try:
    import premailer
    figures["premailer"] = best(lambda: premailer.transform(page))
except ImportError:
    print("absent: premailer")
for name, value in figures.items():
    print(f"{name:20} {value:9.1f} us")
if "css-inline" in figures:
    print(f"ours, fresh sheet / css-inline: {figures['ours, fresh sheet'] / figures['css-inline']:.2f}")
