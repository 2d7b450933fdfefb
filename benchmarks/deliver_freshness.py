"""How soon a like acts, and whom a new item is pushed to after its first like.

Claim: a new like is taken in and the user's next 20 items are out in 0.2 ms at the 99th percentile,
with 2 % more likes than the model has seen; and of the first 300 people whom an item is pushed to
after one like, at least 8.5 % really like it.

Rivals: the model without anything since its fit; the most active users, and any users, for the
push. 300 items with 40 to 400 likes are taken out of the likes; one liker of each is given back.

Machine: stated in the results. About a minute, most of it the fits.

Run: python benchmarks/deliver_freshness.py --data ../shared/data
"""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from shared.results import begin, save
from tables.markdown import table

from kouling.deliver import LikeMatrix, Model, Options, fit, like_matrix
from kouling.deliver.interest.online import Online
from kouling.deliver.interest.reach import reach

pushed, items_out, new_likes, asked = 300, 300, 16_000, 4_000
Array = np.ndarray[Any, Any]


def main() -> None:
    """Measure, print, and write the raw results."""
    options = _options()
    with np.load(options.data / "feed/gowalla.npz") as data:
        arrays = {name: data[name] for name in data.files}
    report = begin(latency_us=latency(arrays), push=push(arrays))
    print(shown(report))
    save("deliver_freshness", report, options.json)


def latency(arrays: dict[str, Array]) -> dict[str, dict[str, float]]:
    """Time likes and pages after them, and the bare model beside."""
    likes = matrix(arrays["train_user"], arrays["train_item"], arrays["shape"])
    model, chance = fitted(likes), np.random.default_rng(1)
    online = Online(model, likes, likes.items)
    users = chance.integers(0, likes.users, new_likes).tolist()
    items = chance.choice(arrays["test_item"], new_likes).tolist()
    online.like(users[0], items[0])
    online.recommend(online.history(users[0]))  # compiled before it is timed
    times = []
    for user, item in zip(users, items, strict=True):
        start = time.perf_counter()
        online.like(user, item)
        online.recommend(online.history(user))
        times.append(time.perf_counter() - start)
    bare = []
    for user in users[:asked]:
        start = time.perf_counter()
        model.recommend(likes.of(user))
        bare.append(time.perf_counter() - start)
    return {"like and 20 items": percentiles(times), "model alone": percentiles(bare)}


def push(arrays: dict[str, Array]) -> dict[str, float]:
    """Return the share of true likers among the people an item is pushed to after one like."""
    user = np.concatenate([arrays["train_user"], arrays["test_user"]])
    item = np.concatenate([arrays["train_item"], arrays["test_item"]])
    counts, chance = np.bincount(item), np.random.default_rng(0)
    out = chance.choice(np.flatnonzero((counts >= 40) & (counts <= 400)), items_out, replace=False)
    kept = ~np.isin(item, out)
    likes = matrix(user[kept], item[kept], arrays["shape"])
    online = Online(fitted(likes), likes, likes.items)
    active = np.argsort(-np.diff(likes.start), kind="stable")[:pushed]
    found: dict[str, list[float]] = {"Kouling": [], "most active": [], "anybody": []}
    for one in out.tolist():
        first, *rest = chance.permutation(user[item == one]).tolist()
        online.like(first, one)
        top, _ = reach(online, np.array([first]), one, pushed)
        online.unlike(first, one)
        anybody = chance.choice(likes.users, pushed, replace=False)
        for name, people in (("Kouling", top), ("most active", active), ("anybody", anybody)):
            found[name].append(float(np.isin(people, rest).mean()))
    return {name: round(float(np.mean(shares)), 4) for name, shares in found.items()}


def fitted(likes: LikeMatrix) -> Model:
    """Fit as the engine does, with parameters chosen on likes held out of these."""
    return fit(likes, Options(order=False))


def matrix(user: Array, item: Array, shape: Array) -> LikeMatrix:
    """Return likes as the fit takes them."""
    return like_matrix(user, item, shape=(int(shape[0]), int(shape[1])), ordered=True)


def percentiles(seconds: list[float]) -> dict[str, float]:
    """Return percentiles in microseconds."""
    marks = np.percentile(np.array(seconds) * 1e6, [50, 95, 99])
    return dict(zip(("p50", "p95", "p99"), marks.round(1).tolist(), strict=True))


def shown(report: dict[str, Any]) -> str:
    """Return the figures as tables."""
    rows = [[name, *map(str, row.values())] for name, row in report["latency_us"].items()]
    people = [[name, f"{share:.4f}"] for name, share in report["push"].items()]
    first = table(["microseconds", "p50", "p95", "p99"], rows)
    return f"{first}\n{table(['pushed to', 'true likers'], people)}"


def _options() -> argparse.Namespace:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data")
    parser.add_argument("--json", type=Path, help="write all figures to this file instead")
    options = parser.parse_args()
    if not (options.data / "feed/gowalla.npz").exists():
        sys.exit(f"error: no feed/gowalla.npz in {options.data}; give its folder with --data")
    return options


if __name__ == "__main__":
    main()
