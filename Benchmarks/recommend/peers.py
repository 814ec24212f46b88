"""EASE^R and implicit's ALS on the split that 'bespoke recommend eval --split last-basket' prints.

usage: recommend_peers.py PURCHASES.jsonl     (from 'bespoke events export --kind purchase'); needs numpy, scipy, implicit
Purchases at a price, codes that begin with five digits, users of at least two baskets; the last basket is foreseen.
"""
import collections, json, os, sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
import numpy as np
import scipy.sparse as sparse

baskets = collections.defaultdict(dict)
for line in open(sys.argv[1]):
    row = json.loads(line)
    if row["kind"] != "purchase" or row.get("price", 1) <= 0 or not row["product"][:5].isdigit():
        continue
    key = row.get("order") or row["time"][:10]
    basket = baskets[row["user"]].setdefault(key, ["", set()])
    basket[0] = max(basket[0], row["time"])
    basket[1].add(row["product"])

answers, taken = [], []
for user, own in baskets.items():
    ordered = sorted(own.values(), key=lambda basket: basket[0])
    if len(ordered) > 1:
        answers.append(ordered[-1][1])
        taken.append(set().union(*(basket[1] for basket in ordered[:-1])))
items = {item: number for number, item in enumerate(sorted(set().union(*taken, *answers)))}
rows = [number for number, own in enumerate(taken) for _ in own]
columns = [items[item] for own in taken for item in own]
matrix = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(taken), len(items)))


def report(name, scores):
    for table in ("all", "new"):
        ranked = scores.copy()
        if table == "new":
            ranked[matrix.nonzero()] = -np.inf
        top = np.argsort(-ranked, axis=1, kind="stable")[:, :10]
        hits, recalls, gains = [], [], []
        for user, answer in enumerate(answers):
            wanted = {items[item] for item in (answer if table == "all" else answer - taken[user])}
            if not wanted:
                continue
            found = [item in wanted for item in top[user]]
            ideal = sum(1 / np.log2(place + 2) for place in range(min(10, len(wanted))))
            hits.append(any(found))
            recalls.append(sum(found) / len(wanted))
            gains.append(sum(hit / np.log2(place + 2) for place, hit in enumerate(found)) / ideal)
        print(f"{name:24} {table}  {len(hits)} users  hit rate {np.mean(hits):.3f}  recall {np.mean(recalls):.3f}  nDCG {np.mean(gains):.3f}", flush=True)


gram = (matrix.T @ matrix).toarray().astype(float)
for penalty in (100, 500):
    regular = gram.copy()
    regular[np.diag_indices_from(regular)] += penalty
    inverse = np.linalg.inv(regular)
    weights = -inverse / np.diag(inverse)[None, :]
    np.fill_diagonal(weights, 0)
    report(f"EASE^R lambda {penalty}", matrix @ weights)
try:
    from implicit.als import AlternatingLeastSquares
except ImportError:
    sys.exit("absent: implicit")
for factors, alpha, penalty in ((128, 10, 0.05), (64, 1, 0.01)):
    model = AlternatingLeastSquares(
        factors=factors, regularization=penalty, alpha=alpha, iterations=12, num_threads=1, random_state=1, use_gpu=False)
    model.fit(matrix, show_progress=False)
    report(f"implicit ALS {factors}", model.user_factors @ model.item_factors.T)
