# Our product of 32-bit floats beside OpenBLAS (Debian's libopenblas0-pthread) on one thread, on the shapes that training multiplies,
# in GFLOP a second of CPU, the best of several runs by turns: sgemm.py SHARED-OBJECT [OPENBLAS]
# The shared object is Plugins/NeuralDecoder/CTraining compiled; Scripts/bench-training.sh makes it.
import ctypes
import ctypes.util
import random
import sys
import time

C = ctypes


class Matrix(C.Structure):
    _fields_ = [("start", C.c_void_p), ("row", C.c_size_t), ("column", C.c_size_t)]


size, pointer = C.c_size_t, C.c_void_p
MULTIPLY = C.CFUNCTYPE(None, size, size, size, Matrix, Matrix, pointer, size, C.c_int, pointer)


class Kernels(C.Structure):
    _fields_ = [("name", C.c_char_p), ("multiply", MULTIPLY)]


ours = C.CDLL(sys.argv[1])
ours.training_level.restype = C.POINTER(Kernels)
kernels = ours.training_level(None).contents
scratch_floats = size.in_dll(ours, "training_scratch").value
path = sys.argv[2] if len(sys.argv) > 2 else ctypes.util.find_library("openblas")
blas = C.CDLL(path) if path else None
if blas:
    blas.openblas_set_num_threads(1)
    blas.cblas_sgemm.argtypes = [C.c_int] * 3 + [C.c_int] * 3 + [C.c_float, pointer, C.c_int, pointer, C.c_int, C.c_float, pointer, C.c_int]
    blas.openblas_get_corename.restype = C.c_char_p
    print(f"kernels: ours {kernels.name.decode()}, OpenBLAS {blas.openblas_get_corename().decode()}")
else:
    print("absent: OpenBLAS (apt-get install libopenblas0-pthread)")


def aligned(count):
    raw = C.create_string_buffer(4 * count + 64)
    address = (C.addressof(raw) + 63) & ~63
    return raw, address


def filled(count):
    raw, address = aligned(count)
    values = (C.c_float * count).from_address(address)
    for i in range(count):
        values[i] = random.uniform(-1, 1)
    return raw, address, values


def best(run, work):
    least = float("inf")
    for _ in range(5):
        start = time.process_time()
        for _ in range(8):
            run()
        least = min(least, (time.process_time() - start) / 8)
    return work / least / 1e9


random.seed(1)
scratch = aligned(scratch_floats)
print(f"| {'product':34} | {'m':>5} | {'n':>5} | {'k':>5} | {'ours':>6} | {'OpenBLAS':>8} | ratio")
# Rows of a batch 2,048; a model 256 wide whose feed-forward is 704 wide, with 4,096 tokens; the head takes 256 rows at a time.
for name, m, n, k, across in [
    ("queries, keys, values", 2048, 768, 256, "nt"),
    ("their input's gradient", 2048, 256, 768, "nn"),
    ("their weights' gradient", 768, 256, 2048, "tn"),
    ("gate and up", 2048, 1408, 256, "nt"),
    ("down", 2048, 256, 704, "nt"),
    ("logits", 256, 4096, 256, "nt"),
    ("logits, input's gradient", 256, 256, 4096, "nn"),
    ("logits, embedding's gradient", 4096, 256, 256, "tn"),
    ("one head's scores", 128, 128, 32, "nt"),
]:
    a, b, c, d = filled(m * k), filled(k * n), aligned(m * n), aligned(m * n)
    left = Matrix(a[1], 1, m) if across[0] == "t" else Matrix(a[1], k, 1)
    right = Matrix(b[1], 1, k) if across[1] == "t" else Matrix(b[1], n, 1)
    mine = lambda: kernels.multiply(m, n, k, left, right, c[1], n, 0, scratch[1])
    theirs = lambda: blas.cblas_sgemm(
        101, 112 if across[0] == "t" else 111, 112 if across[1] == "t" else 111, m, n, k, 1, a[1],
        m if across[0] == "t" else k, b[1], k if across[1] == "t" else n, 0, d[1], n)
    work = 2.0 * m * n * k
    speed = best(mine, work)
    if not blas:
        print(f"| {name:34} | {m:5} | {n:5} | {k:5} | {speed:6.1f} |   absent |")
        continue
    peer = best(theirs, work)
    speed = max(speed, best(mine, work))
    one, two = ((C.c_float * (m * n)).from_address(x[1]) for x in (c, d))
    assert all(abs(one[i] - two[i]) < 1e-3 for i in random.sample(range(m * n), 1000)), name
    print(f"| {name:34} | {m:5} | {n:5} | {k:5} | {speed:6.1f} | {peer:8.1f} | {speed / peer:.2f}")
