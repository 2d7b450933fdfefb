"""The model between two fits: a like or an unlike acts at once.

A fitted model and the likes that it was fitted on come in; from then on each change of a user's
likes changes three things: the user's own history, how often the item is liked, and the pairs
that it makes with the user's other likes (`counts`). All of it is a function of the present likes
alone, so it can be built again from the table of likes, bit for bit.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

import numpy as np

from kouling.interest import counts, gather
from kouling.interest.arrays import Array
from kouling.interest.counts import paired_max
from kouling.interest.likes import (
    Adjacency,
    LikeMatrix,
    add_rows,
    likers_by_item,
    sum_rows,
)
from kouling.interest.model import (
    Model,
    Ranking,
    as_loops_take,
    fading,
    fixed_rows,
    nobody,
)
from kouling.interest.records import history_max

user_exponent = 0.68
"""A user with d likes weighs d**-0.68, so that those who like everything say little.

Twice the fit's `spread`, as in its first count.
"""

plain_liker, plain_target = 0.7, 0.3
"""Exponents of the degrees where no fit has chosen any: those of gowalla, rounded (`space`)."""

typical_likes = 10
"""What a user who came after the fit is taken to have, where the fit knows nobody.

Chosen, not measured.
"""

_sampled_items = 256  # chosen, not measured

_walked_part = 1 / 3
"""Of all likes: more of them are read by user, in one go.

Chosen, not measured; with it those of 1, 100 and 10,000 likers among 24 million made-up likes take
20, 110 and 145 ms.
"""


class Online:
    """A model with everything that happened since it was fitted; safe to use from many threads."""

    def __init__(self, model: Model | None, base: LikeMatrix, items: int) -> None:
        self.model, self._base = model, base
        self._changed: dict[int, Array] = {}
        self._lock = threading.Lock()
        self.degree = np.bincount(base.item, minlength=items).astype(np.int64)
        """How often each item is liked now."""
        self._fitted_degree = self.degree.copy()
        self._by_user, self._by_item = Adjacency(base.start, base.item), Adjacency(nobody, nobody)
        self._user_degree = np.diff(base.start)
        known = self._user_degree[self._user_degree > 0]
        self._typical = float(np.median(known)) if len(known) else float(typical_likes)
        self._pairs = counts.new_pairs(items)
        self._liker, self._target, self._loud = plain_liker, plain_target, 1.0
        self.rows = fixed_rows(np.empty((0, 1), np.int32), np.empty((0, 1), np.float32))
        self._fade = fading(0.0)
        if model is not None:
            self._take(model)
        self._make_scales()

    @property
    def items(self) -> int:
        """How many items there are."""
        return len(self.degree)

    @property
    def users(self) -> int:
        """How many users there are."""
        return max(int(self._base.users), max(self._changed, default=-1) + 1)

    def history(self, user: int) -> Array:
        """Return a user's present likes, oldest first."""
        found = self._changed.get(user)
        if found is not None:
            return found
        return self._base.of(user) if user < self._base.users else nobody

    def like(self, user: int, item: int) -> None:
        """Let a user like an item; a second like of it changes nothing."""
        with self._lock:
            history = self.history(user)
            if len(history) >= paired_max and item in history[:-paired_max]:
                return
            self._grow(item + 1)
            self._pairs = counts.with_room(self._pairs, self.items, paired_max)
            window, weight = as_loops_take(history[-paired_max:]), self.user_weight(user)
            if counts.count_like(self._pairs, window, item, weight):
                self._remember(user, _longer(history, item))
                self._count_item(item, 1)

    def unlike(self, user: int, item: int) -> None:
        """Take a like back; without one nothing changes."""
        with self._lock:
            history = self.history(user)
            self._set(user, history, history[history != item])

    def set_history(self, user: int, history: Array) -> None:
        """Let a user's likes be these, oldest first, each once."""
        with self._lock:
            self._set(user, self.history(user), np.asarray(history, np.int32))

    def recommend(self, history: Array, n: int = 20, *, exclude: Array = nobody) -> Ranking:
        """Return up to `n` items that some like of a history speaks for, best first."""
        with self._lock:
            best = gather.new_best(min(n, self.items))
            if not len(history) or not len(best.items):
                return Ranking(*(part[:0] for part in best))
            fresh = (self._pairs, self._scales, self._fade)
            liked, barred = as_loops_take(history), as_loops_take(exclude)
            filled = counts.recommend_fresh(self.rows, fresh, liked, barred, (self._scratch, best))
        if filled == len(best.items):
            return Ranking(*best)
        return Ranking(*(part[:filled] for part in best))

    def state(self) -> tuple[dict[int, list[int]], list[int], list[list[int]]]:
        """Return all that changed since the fit, in a form that can be compared.

        The histories that changed, how often each item is liked, and the pairs.
        """
        with self._lock:
            changed = {user: likes.tolist() for user, likes in sorted(self._changed.items())}
            pairs = [part.tolist() for part in counts.listed(self._pairs)]
            degree = np.trim_zeros(self.degree, "b").tolist()
        return changed, degree, pairs

    def add_over_likes(self, values: Array) -> Array:
        """Return for each user the sum of its likes' values."""
        with self._lock:  # rows are replaced and never written to, so they are read without it
            changed, scores = dict(self._changed), np.zeros(self.users)
        self._sum_fitted(values, scores)
        sums = np.zeros(len(changed))
        sum_rows(_strung(changed.values()), values, sums)
        scores[_whole(changed)] = sums
        return scores

    def weigh_likes(self, users: Array) -> Array:
        """Return for each item what those of some users weigh who like it."""
        with self._lock:
            asked, sums = set(users.tolist()), np.zeros(self.items)
            changed = {user: self._changed[user] for user in asked if user in self._changed}
        fitted = _whole(user for user in asked - changed.keys() if user < self._base.users)
        add_rows(self._by_user, fitted, self._weights(fitted), sums)
        add_rows(
            _strung(changed.values()), np.arange(len(changed)), self._weights(_whole(changed)), sums
        )
        return sums

    def user_weight(self, user: int) -> int:
        """Return what a user's pairs count: fixed by its likes at the fit."""
        return self._weight(int(self._user_degree[user]) if user < len(self._user_degree) else 0)

    def _weight(self, known: int) -> int:
        return int(counts.unit * float(known or self._typical) ** -user_exponent)

    def _sum_fitted(self, values: Array, scores: Array) -> None:
        """Sum for each user over the likes that were fitted, walking no more than it must."""
        spoken = np.flatnonzero(values[: len(self._fitted_degree)])
        if self._fitted_degree[spoken].sum() > _walked_part * len(self._base):
            sum_rows(self._by_user, values, scores)
            return
        if not len(self._by_item.start):
            self._by_item = likers_by_item(self._base, self._fitted_degree)
        add_rows(self._by_item, spoken, values[spoken], scores)

    def _weights(self, users: Array) -> Array:
        known = np.zeros(len(users), np.int64)
        fitted = users < len(self._user_degree)
        known[fitted] = self._user_degree[users[fitted]]
        degrees, which = np.unique(known, return_inverse=True)
        weights: Array = np.array([self._weight(d) for d in degrees.tolist()], np.int64)
        return weights[which]

    def _take(self, model: Model) -> None:
        """Serve a model's rows, and let new pairs weigh what the fit gives to old ones."""
        self.rows, self._fade = model.rows, model.fade()
        terms = model.manifest.parameters.terms
        term = terms.get("together") or next(iter(terms.values()), None)
        if term is not None:
            self._liker, self._target = term.liker, term.target
        share = term.weight / sum(t.weight for t in terms.values()) if term and terms else 1.0
        self._loud = share * self._loudness(model)

    def _loudness(self, model: Model) -> float:
        """Return how loud the model's rows are beside bare pair counts, on a sample of items."""
        rated = np.flatnonzero(self.degree[: len(model)] > 1)
        if not len(rated) or not self._base.users:
            return 1.0
        chosen = rated[np.linspace(0, len(rated) - 1, min(_sampled_items, len(rated))).astype(int)]
        ours = theirs = 0.0
        likers = _likers(self._base, chosen)
        for item in chosen.tolist():
            row = model.neighbours[item]
            there = row >= 0
            bare = self._bare_counts(likers[item], item)
            shown = np.maximum(self.degree[row[there]], 1) ** -self._target
            ours += float((bare[row[there]] * shown).sum() * self.degree[item] ** (1 - self._liker))
            theirs += float(np.abs(model.weights[item][there]).sum() * self.degree[item])
        return theirs / ours if ours and theirs else 1.0

    def _bare_counts(self, likers: Iterable[int], item: int) -> Array:
        bare = np.zeros(self.items)
        for user in likers:
            bare[self._base.of(user)[-history_max:]] += self.user_weight(user) / counts.unit
        bare[item] = 0
        return bare

    def _make_scales(self) -> None:
        degree = np.maximum(self.degree, 1).astype(np.float64)
        source = (self._loud / counts.unit * degree**-self._liker).astype(np.float32)
        self._scales = counts.Scales(source, (degree**-self._target).astype(np.float32))
        self._scratch = gather.new_scratch(self.items)

    def _grow(self, items: int) -> None:
        """Make room for items that came after the fit, more than are asked for."""
        if items > self.items:
            room = max(items, self.items * 5 // 4, 64)
            self.degree = np.concatenate([self.degree, np.zeros(room - self.items, np.int64)])
            self._pairs = counts.with_room(self._pairs, room, 0)
            self._make_scales()

    def _set(self, user: int, before: Array, after: Array) -> None:
        self._grow(int(after.max(initial=-1)) + 1)
        new = np.setdiff1d(after, before, assume_unique=True)
        gone = np.setdiff1d(before, after, assume_unique=True)
        for items, step in ((new, 1), (gone, -1)):
            for item in items.tolist():
                self._count_item(item, step)
        self._count_pairs(user, before[-paired_max:], after[-paired_max:])
        self._remember(user, after)

    def _remember(self, user: int, after: Array) -> None:
        """Keep a user's likes, unless they are those of the fit."""
        fitted = self._base.of(user) if user < self._base.users else nobody
        if len(after) == len(fitted) and np.array_equal(after, fitted):
            self._changed.pop(user, None)
        else:
            self._changed[user] = after

    def _count_item(self, item: int, step: int) -> None:
        self.degree[item] += step
        degree = max(int(self.degree[item]), 1)
        self._scales.source[item] = self._loud / counts.unit * degree**-self._liker
        self._scales.target[item] = degree**-self._target

    def _count_pairs(self, user: int, before: Array, after: Array) -> None:
        weight, kept = self.user_weight(user), before[np.isin(before, after)]
        gone, new = before[~np.isin(before, after)], after[~np.isin(after, before)]
        more = (len(gone) + len(new)) * max(len(before), len(after))
        self._pairs = counts.with_room(self._pairs, self.items, more)
        for at, item in enumerate(gone):
            counts.add_pairs(self._pairs, item, np.append(kept, gone[at + 1 :]), -weight)
        for at, item in enumerate(new):
            counts.add_pairs(self._pairs, item, np.append(kept, new[:at]), weight)


def _whole(numbers: Iterable[int]) -> Array:
    return np.fromiter(numbers, np.int64)


def _longer(history: Array, item: int) -> Array:
    longer = np.empty(len(history) + 1, np.int32)
    longer[:-1], longer[-1] = history, item
    return longer


def _strung(rows: Iterable[Array]) -> Adjacency:
    rows = [nobody, *rows]
    return Adjacency(np.cumsum([len(row) for row in rows]), np.concatenate(rows))


def _likers(base: LikeMatrix, items: Array) -> dict[int, list[int]]:
    """Return who likes each of some items."""
    wanted = np.isin(base.item, items)
    users = np.repeat(np.arange(base.users), np.diff(base.start))[wanted]
    found: dict[int, list[int]] = {int(item): [] for item in items}
    for item, user in zip(base.item[wanted].tolist(), users.tolist(), strict=True):
        found[item].append(user)
    return found
