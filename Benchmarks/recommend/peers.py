"""EASE^R and implicit's ALS on the two splits that 'bespoke recommend eval' prints.

usage: peers.py PURCHASES.jsonl [DATE]     (from 'bespoke events export --kind purchase'); needs numpy, scipy, implicit
Purchases at a price, codes that begin with five digits. Last basket: users of at least two baskets, the last is foreseen. Time: all
that users with a past take from the date on (UTC) is foreseen; left out where there is no date.
"""
import collections, datetime, json, os, sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
import numpy as np
import scipy.sparse as sparse

try:
    from implicit.als import AlternatingLeastSquares
except ImportError:
    AlternatingLeastSquares = None
    print("absent: implicit")

events = []
for line in open(sys.argv[1]):
    row = json.loads(line)
    if row["kind"] == "purchase" and row.get("price", 1) > 0 and row["product"][:5].isdigit():
        time = datetime.datetime.fromisoformat(row["time"].replace("Z", "+00:00"))
        events.append((row["user"], row.get("order") or row["time"][:10], time, row["product"]))


def last_basket():
    baskets = collections.defaultdict(dict)
    for user, order, time, product in events:
        basket = baskets[user].setdefault(order, [time, set()])
        basket[0] = max(basket[0], time)
        basket[1].add(product)
    taken, answers = [], []
    for own in baskets.values():
        ordered = sorted(own.values(), key=lambda basket: basket[0])
        if len(ordered) > 1:
            answers.append(ordered[-1][1])
            taken.append(set().union(*(basket[1] for basket in ordered[:-1])))
    return taken, answers


def by_time(moment):
    before, after = collections.defaultdict(set), collections.defaultdict(set)
    for user, _, time, product in events:
        (before if time < moment else after)[user].add(product)
    # Who takes nothing later is learnt from all the same.
    users = sorted(before, key=lambda user: user not in after)
    return [before[user] for user in users], [after[user] for user in users if user in after]


def report(split, name, scores, matrix, items, taken, answers):
    for table in ("all", "new"):
        ranked = scores.copy()
        if table == "new":
            ranked[matrix.nonzero()] = -np.inf
        top = np.argsort(-ranked[: len(answers)], axis=1, kind="stable")[:, :10]
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
        print(f"{split}: {name:20} {table}  {len(hits)} users  hit rate {np.mean(hits):.3f}  recall {np.mean(recalls):.3f}  nDCG {np.mean(gains):.3f}", flush=True)


def measure(split, taken, answers):
    items = {item: number for number, item in enumerate(sorted(set().union(*taken, *answers)))}
    rows = [number for number, own in enumerate(taken) for _ in own]
    columns = [items[item] for own in taken for item in own]
    matrix = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(taken), len(items)))
    gram = (matrix.T @ matrix).toarray().astype(float)
    for penalty in (100, 500):
        regular = gram.copy()
        regular[np.diag_indices_from(regular)] += penalty
        inverse = np.linalg.inv(regular)
        weights = -inverse / np.diag(inverse)[None, :]
        np.fill_diagonal(weights, 0)
        report(split, f"EASE^R lambda {penalty}", matrix @ weights, matrix, items, taken, answers)
    for factors, alpha, penalty in ((128, 10, 0.05), (64, 1, 0.01)) if AlternatingLeastSquares else ():
        model = AlternatingLeastSquares(
            factors=factors, regularization=penalty, alpha=alpha, iterations=12, num_threads=1, random_state=1,
            use_gpu=False)
        model.fit(matrix, show_progress=False)
        report(
            split, f"implicit ALS {factors}", model.user_factors @ model.item_factors.T, matrix, items, taken, answers)


measure("last_basket", *last_basket())
if len(sys.argv) > 2:
    measure("time", *by_time(datetime.datetime.fromisoformat(sys.argv[2] + "T00:00:00+00:00")))
