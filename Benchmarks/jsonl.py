#!/usr/bin/env python3
"""jsonl.py FILE: MB/s of orjson over the lines of a file, one thread, best of three."""
import os
import sys
import time

import orjson

best = float("inf")
for _ in range(3):
    start = time.perf_counter()
    with open(sys.argv[1], "rb") as lines:
        for line in lines:
            orjson.loads(line)
    best = min(best, time.perf_counter() - start)
print("orjson", int(os.path.getsize(sys.argv[1]) / best / 1e6))
