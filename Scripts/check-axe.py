#!/usr/bin/env python3
"""check-axe.py FOLDER... [--n N] [--jobs N] [--shots FOLDER]: axe-core over every page below the folders (N of each, evenly taken), WCAG 2.2 AA and best practice, in light
and in dark: all rules in light, those about colours in dark. As many browsers at once as there are processors. Needs Chromium, its driver, and PyPI's selenium and axe-playwright-python. Exit 1: violations."""
import argparse, collections, concurrent.futures, functools, glob, http.server, importlib.util, os, pathlib, sys, threading

arguments = argparse.ArgumentParser()
arguments.add_argument("folders", nargs="+")
arguments.add_argument("--n", type=int, default=1 << 30)
arguments.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
arguments.add_argument("--width", type=int, default=1280)
arguments.add_argument("--shots")
arguments = arguments.parse_args()
found = importlib.util.find_spec("axe_playwright_python")
scripts = glob.glob(os.path.join(os.path.dirname(found.origin), "**", "axe.min.js"), recursive=True) if found else []
if not scripts or not importlib.util.find_spec("selenium"):
    print("needs PyPI's selenium and axe-playwright-python")
    sys.exit(2)
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

RUN = """const done = arguments[arguments.length - 1];
const rules = arguments[0] ? {type: 'rule', values: ['color-contrast', 'link-in-text-block']}
  : ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(
  r => done(r.violations.map(v => [v.id, v.help, v.nodes.length, v.nodes[0].html.slice(0, 140)])), e => done(String(e)))"""
axe = pathlib.Path(scripts[0]).read_text(encoding="utf-8")
options = webdriver.ChromeOptions()
options.binary_location = os.environ.get("CHROMIUM", "/usr/bin/chromium")
options.page_load_strategy = "eager"
for flag in (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--window-size={arguments.width},1600", "--hide-scrollbars",
    "--host-resolver-rules=MAP * 127.0.0.1:9, EXCLUDE 127.0.0.1", "--disable-background-networking", "--disable-component-update",
):
    options.add_argument(flag)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def look(browser, page, scheme):
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    if arguments.shots:
        os.makedirs(arguments.shots, exist_ok=True)
        browser.save_screenshot(os.path.join(arguments.shots, page.replace("/", "_") + f".{scheme}.png"))
    violations = browser.execute_async_script(RUN, scheme == "dark")
    for rule, words, count, example in [("error", violations, 1, "")] if isinstance(violations, str) else violations:
        yield (rule, scheme), words, count, page, example


def check(pages):
    browser = webdriver.Chrome(options=options, service=Service(os.environ.get("CHROMEDRIVER", "/usr/bin/chromedriver")))
    browser.set_script_timeout(60)
    found = []
    try:
        for port, page in pages:
            browser.get(f"http://127.0.0.1:{port}/{page}")
            browser.execute_script(axe)
            found += [fault for scheme in ("light", "dark") for fault in look(browser, page, scheme)]
    finally:
        browser.quit()
    return found


pages = []
for folder in arguments.folders:
    files = sorted(str(f.relative_to(folder)) for f in pathlib.Path(folder).rglob("*.html"))
    port = serve(folder)
    pages += [(port, file) for file in files[:: max(1, len(files) // arguments.n)][: arguments.n]]
faults = collections.OrderedDict()
jobs = max(1, min(arguments.jobs, len(pages)))
with concurrent.futures.ThreadPoolExecutor(jobs) as crew:
    for found in crew.map(check, [pages[job::jobs] for job in range(jobs)]):
        for key, words, count, page, example in found:
            faults.setdefault(key, [words, 0, page, example])[1] += count
for (rule, scheme), (words, count, page, example) in faults.items():
    print(f"{rule} ({scheme}): {words}: {count} times, first in {page}: {example}")
print(f"{len(pages)} pages, light and dark, {sum(f[1] for f in faults.values())} violations")
sys.exit(1 if faults or not pages else 0)
