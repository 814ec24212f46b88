# What DecoderBench measures of one stream, measured of llama.cpp's AVX2 build as PyPI's xllamacpp ships it: wheel.py MODEL THREADS
import os
import sys
import time

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = int(sys.argv[2])
params.n_parallel = 1
params.n_ctx = 1024
params.warmup = False
params.verbosity = 0
now = time.process_time if os.environ.get("BENCH_CLOCK") == "cpu" else time.monotonic
start = now()
server = xllamacpp.Server(params)
print("load_s", round(now() - start, 3))


def seconds(tokens, count):
    """The least of three times."""
    request = {"prompt": tokens, "n_predict": count, "temperature": 0, "cache_prompt": False, "ignore_eos": True}
    times = []
    for _ in range(3):
        start = now()
        server.handle_completions(request)
        times.append(now() - start)
    return min(times)


ids = [1000 + i * 37 % 5000 for i in range(512)]
print("prompt512", round(512 / seconds(ids, 1), 1))
# The difference of a long and a short run is the time of the tokens alone.
print("decode1", round(64 / (seconds(ids[:16], 65) - seconds(ids[:16], 1)), 1))
