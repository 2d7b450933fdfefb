"""What a like is worth before the next fit, how soon it acts, and whom a new item is pushed to.

Claim: a new like is taken in and the user's next 20 items are out in 0.2 ms at the 99th percentile,
with 2 % more likes than the model has seen; likes since the fit are worth most of what a new fit
would make of them; and of the first 300 people whom an item is pushed to after one like, at least
8.5 % really like it.

Rivals: for what likes are worth, the same model with the histories of its fit, with new histories
alone, and fitted anew; for the push, the most active users, and any users.

How: on gowalla, with the parameters that `deliver_quality` chose on its training likes, for all
models here; run that first. The last fifth of each user's training likes comes after the fit.
Recall and NDCG are those of the test likes. Latency is of 16,000 likes of users and items drawn by
lot, each by itself, by processor time and by the clock. For the push 600 items with 40 to 400 likes
are taken out of all likes, and one liker of each is given back; the formula was tuned on the first
300 items, and is reported on the others.

Machine: stated in the results. Some two minutes.

Run: python -m benchmarks deliver_freshness --data ../shared/data
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import numpy as np

from benchmarks.bench.arrays import Array
from benchmarks.bench.claims import Report
from benchmarks.bench.likes import real_likes
from benchmarks.bench.options import add_data
from benchmarks.bench.results import begin, last
from benchmarks.bench.serving import serving_us
from benchmarks.bench.timing import timed
from kouling.interest import Choice, LikeMatrix, Model, Parameters, Quality, fit_with, like_matrix
from kouling.interest.evaluate import places
from kouling.interest.online import Online
from kouling.interest.reach import reach_by_likers
from kouling.interest.split import hold_out

pushed, items_tuned, items_reported = 300, 300, 300
likes_of_pushed = (40, 400)
new_likes = 16_000


class Pushed(NamedTuple):
    """An item without likes, the user who liked it first, and who will like it."""

    item: int
    first: int
    rest: list[int]


add_options: Callable[[ArgumentParser], None] = add_data


def measure(options: Namespace) -> Report:
    """Measure what likes are worth, how long they take, and who is pushed to."""
    known, answers = real_likes(options.data, "gowalla")
    report = begin()
    begun, new = hold_out(known, seed=1)
    chosen = chosen_before()
    refitted = fit_with(known, chosen)
    report["worth"] = worth(fit_with(begun, chosen), refitted, (begun, new, known), answers)
    report["latency_us"] = latency(refitted, known, answers)
    report["push"] = push(known, answers, chosen)
    return report


def chosen_before() -> Choice:
    """Return what `deliver_quality` chose on gowalla, or end with a clear message."""
    quality = last("deliver_quality")
    if quality is None:
        sys.exit("error: deliver_quality has left no results; run it first")
    wanted = ("gowalla", "ours, with order")
    row = next(one for one in quality["rows"] if (one["set"], one["model"]) == wanted)
    held_out = Quality(recall=row["held_out"][0], ndcg=row["held_out"][1])
    return Choice(msgspec.convert(row["parameters"], Parameters), held_out, row["evaluations"])


def worth(
    stale: Model,
    refitted: Model,
    likes: tuple[LikeMatrix, LikeMatrix, LikeMatrix],
    answers: LikeMatrix,
) -> dict[str, dict[str, float]]:
    """Return how well test likes are found with more and more of the likes since a fit."""
    begun, new, known = likes
    online = Online(stale, begun, begun.items)
    for user in range(new.users):
        for item in new.of(user):
            online.like(user, int(item))
    ways = {
        "as at the fit": lambda user: stale.recommend(begun.of(user), places, exclude=new.of(user)),
        "new histories": lambda user: stale.recommend(known.of(user), places),
        "new histories and pairs": lambda user: online.recommend(known.of(user), places),
        "fitted anew": lambda user: refitted.recommend(known.of(user), places),
    }
    return {name: _quality(ask, known, answers) for name, ask in ways.items()}


def _quality(ask: Any, known: LikeMatrix, answers: LikeMatrix) -> dict[str, float]:
    """Return means over all test users; what a user has liked since the fit takes no place."""
    gains = 1 / np.log2(np.arange(places) + 2)
    recall, ndcg = [], []
    for user in np.flatnonzero(np.diff(answers.start)).tolist():
        found, wanted = ask(user).items, answers.of(user)
        right = np.isin(found, wanted)
        recall.append(right.sum() / len(wanted))
        ndcg.append((gains[: len(found)] * right).sum() / gains[: len(wanted)].sum())
    return {
        "recall_at_20": round(float(np.mean(recall)), 5),
        "ndcg_at_20": round(float(np.mean(ndcg)), 5),
    }


def latency(model: Model, known: LikeMatrix, answers: LikeMatrix) -> dict[str, dict[str, float]]:
    """Time likes and pages after them, and the bare model beside."""
    chance = np.random.default_rng(1)
    online = Online(model, known, known.items)
    users = chance.integers(0, known.users, new_likes).tolist()
    items = chance.choice(answers.item, new_likes).tolist()

    def like(user: int, item: int) -> None:
        online.like(user, item)
        online.recommend(online.history(user), places)

    like(users[0], items[0])  # compiled before it is timed
    return {
        "like and 20 items": timed(like, zip(users, items, strict=True)),
        "model alone": serving_us(model, known, answers),
    }


def push(known: LikeMatrix, answers: LikeMatrix, chosen: Choice) -> dict[str, dict[str, float]]:
    """Return the share of true likers among the people an item is pushed to after one like."""
    online, new = without_some_items(known, answers, chosen)
    parts = {"tuned on": new[:items_tuned], "reported": new[items_tuned:]}
    return {name: _push(online, part) for name, part in parts.items()}


def without_some_items(
    known: LikeMatrix, answers: LikeMatrix, chosen: Choice
) -> tuple[Online, list[Pushed]]:
    """Return the model as if some items were yet to come, and these items."""
    user = np.concatenate([_owners(known), _owners(answers)])
    item = np.concatenate([known.item, answers.item])
    counts, chance = np.bincount(item), np.random.default_rng(0)
    fit = np.flatnonzero((counts >= likes_of_pushed[0]) & (counts <= likes_of_pushed[1]))
    out = chance.choice(fit, items_tuned, replace=False)
    out = np.append(out, chance.choice(np.setdiff1d(fit, out), items_reported, replace=False))
    kept = ~np.isin(item, out)
    shape = (known.users, known.items)
    likes = like_matrix(user[kept], item[kept], shape=shape, ordered=True)
    new = []
    for one in out.tolist():
        first, *rest = chance.permutation(user[item == one]).tolist()
        new.append(Pushed(one, first, rest))
    return Online(fit_with(likes, chosen), likes, likes.items), new


def _push(online: Online, new: list[Pushed]) -> dict[str, float]:
    chance = np.random.default_rng(2)
    likes = [len(online.history(user)) for user in range(online.users)]
    active = np.argsort(-np.array(likes), kind="stable")[:pushed]
    found: dict[str, list[float]] = {"Kouling": [], "most active": [], "anybody": []}
    for one in new:
        online.like(one.first, one.item)
        top, _ = reach_by_likers(online, np.array([one.first]), one.item, pushed)
        online.unlike(one.first, one.item)
        anybody = chance.choice(online.users, pushed, replace=False)
        for name, people in (("Kouling", top), ("most active", active), ("anybody", anybody)):
            found[name].append(float(np.isin(people, one.rest).mean()))
    return {name: round(float(np.mean(shares)), 4) for name, shares in found.items()}


def _owners(likes: LikeMatrix) -> Array:
    return np.repeat(np.arange(likes.users), np.diff(likes.start))
