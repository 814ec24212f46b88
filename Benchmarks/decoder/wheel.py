# What DecoderBench measures of one stream, measured of llama.cpp's AVX2 build as PyPI's xllamacpp ships it: wheel.py MODEL THREADS
import json
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
start = time.monotonic()
server = xllamacpp.Server(params)
print("load_s", round(time.monotonic() - start, 3))


def timings(tokens, count):
    answer = server.handle_completions(
        {"prompt": tokens, "n_predict": count, "temperature": 0, "cache_prompt": False, "ignore_eos": True}
    )
    return answer["timings"] if isinstance(answer, dict) else json.loads(answer)["timings"]


ids = [1000 + i * 37 % 5000 for i in range(512)]
runs = [timings(ids, 1) for _ in range(3)]
print("prompt512", round(max(run["prompt_per_second"] for run in runs), 1))
runs = [timings(ids[:16], 65) for _ in range(3)]
print("decode1", round(max(run["predicted_per_second"] for run in runs), 1))
