"""Pages of the interest feed: what likes speak for, steady favourites, and new items on trial.

A page is drafted from one consistent reading and kept in one transaction. A session's places are
kept by number, so asking again with the same cursor gives the same page, and none repeats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any

from msgspec.structs import replace

from kouling.clock import Clock
from kouling.db import Connection, Store
from kouling.deliver.feed import trial as trials
from kouling.deliver.feed.live import LiveFeed
from kouling.deliver.feed.mix import Candidate, Sources, mix
from kouling.deliver.page import Asked
from kouling.deliver.records import Page, Stage, Trial
from kouling.deliver.table import feed as table
from kouling.deliver.table.trials import recent_mean, trials_waiting, weekly_users
from kouling.ids import ItemId, RandomBytes, UserId

known_for = timedelta(minutes=10)
"""How long favourites, weekly users and look-alikes are not asked for again."""

new_for = trials.expires_after
"""How long an item is kept out of the favourites after it came or passed a stage of its trial."""

retrieved_max = 1_000
"""Items that likes speak for, among which a page looks for unseen ones."""

audiences_per_page = 4
"""Creators whose audience is worked out anew for one page; others' wait for the next."""

alike_times = 10
"""How many times the first audience may count as look-alikes, since not all of them come by."""


class Feed:
    """Gives pages of the interest feed; safe to use from many threads."""

    def __init__(self, store: Store, clock: Clock, random: RandomBytes, live: LiveFeed) -> None:
        self._store, self._clock, self._random, self._live = store, clock, random, live
        self._kept: dict[Any, tuple[datetime, Any]] = {}

    def page(self, asked: Asked) -> Page:
        """Return a page, keep it as its session's, and record the impressions.

        Raises `InvalidInput` for a cursor of a page that was forgotten.
        """
        at = self._clock()
        after = asked.after
        session = (after.item, after.at) if after else (self._random(16).hex(), 0)
        with self._store.read() as connection:
            if after is not None:
                table.check_kept(connection, *session, at)
            given = table.given(connection, *session, asked.size) if after else []
            drafted = [] if given else self._draft(connection, asked, session, at)
        if not given and not drafted:
            return Page(viewer=asked.viewer, surface=asked.surface)
        return self._store.write(lambda c: table.keep_page(c, asked, session, drafted, at))

    def _draft(
        self, connection: Connection, asked: Asked, session: tuple[str, int], at: datetime
    ) -> list[tuple[Candidate, int]]:
        viewer, promised = asked.viewer, self._first_audience(connection, at)
        waiting = trials_waiting(connection, at)
        sources = Sources(
            chain(
                self._ranked(connection, viewer, asked.size, at),
                self._favourites(connection, viewer, waiting, at),
            ),
            self._on_trial(connection, viewer, (waiting, promised), at),
            self._newest(connection, viewer, asked.size, at),
        )
        taken = table.given_items(connection, session[0]) if session[1] else set()
        page = mix(sources, taken, session[1], asked.size)
        return [(candidate, promised) for candidate in page]

    def _ranked(
        self, connection: Connection, viewer: UserId, size: int, at: datetime
    ) -> Iterator[Candidate]:
        asked, done = 0, 0
        while asked < retrieved_max:
            asked = min(max(4 * asked, 5 * size), retrieved_max)
            spoken = self._live.recommend(connection, viewer, asked)
            authors = table.showable(connection, viewer, [one.item for one in spoken[done:]], at)
            for one in spoken[done:]:
                if one.item in authors:
                    reason = f"because you liked {one.because}"
                    yield Candidate(one.item, authors[one.item], reason, one.because)
            done = len(spoken)
            if done < asked:
                return

    def _favourites(
        self, connection: Connection, viewer: UserId, waiting: list[Trial], at: datetime
    ) -> Iterator[Candidate]:
        """Give steady favourites, but for new items, whose trial decides where they go."""
        found: list[ItemId] = self._recent(
            "favourites", at, lambda: table.favourites(connection, at)
        )
        running = {trial.item for trial in waiting if _is_new(trial, at)}
        authors = table.showable(connection, viewer, found, at)
        for item in found:
            if item in authors and item not in running:
                yield Candidate(item, authors[item], "liked on many days")

    def _newest(
        self, connection: Connection, viewer: UserId, size: int, at: datetime
    ) -> Iterator[Candidate]:
        for item, author in table.newest(connection, viewer, at, 5 * size):
            yield Candidate(item, author, "newest first")

    def _on_trial(
        self,
        connection: Connection,
        viewer: UserId,
        owed: tuple[list[Trial], int],
        at: datetime,
    ) -> Iterator[Candidate]:
        waiting, promised = owed
        running = trials.running(waiting, at)
        shown = table.showable(connection, viewer, [trial.item for trial in running], at)
        here = {trial.item: _begun(trial, promised, at) for trial in running if trial.item in shown}
        alike = dict(self._alike(connection, viewer, list(here.values()), at))
        mean = recent_mean(connection, at)
        while here:
            left = list(here.values())
            found = trials.promised_place(left, alike, viewer, at) or trials.drawn_place(
                left, mean, viewer, self._random, at
            )
            if found is None:
                return
            trial, step = found
            del here[trial.item]
            yield Candidate(trial.item, trial.author, _reason(trial), step=step)

    def _alike(
        self, connection: Connection, viewer: UserId, running: list[Trial], at: datetime
    ) -> Iterator[tuple[ItemId, bool | None]]:
        """Say of each first stage whether the viewer resembles the creator's audience.

        None says that the creator has no audience yet.
        """
        new, owed = 0, frozenset(t.item for t in running if trials.is_owed(t))
        for trial in running:
            if not trials.is_owed(trial):
                continue
            name = ("alike", trial.author)
            if not self._is_recent(name, at):
                new += 1
                if new > audiences_per_page:
                    continue
            size = alike_times * trial.guaranteed
            make = partial(self._live.alike, connection, trial.author, owed, size)
            found = self._recent(name, at, make)
            yield trial.item, None if found is None else viewer in found

    def _first_audience(self, connection: Connection, at: datetime) -> int:
        found: int = self._recent("weekly users", at, lambda: weekly_users(connection, at))
        return trials.first_audience(found)

    def _is_recent(self, name: Any, at: datetime) -> bool:
        return name in self._kept and abs(at - self._kept[name][0]) < known_for

    def _recent(self, name: Any, at: datetime, make: Callable[[], Any]) -> Any:
        """Return what was made for this name within ten minutes, else make it."""
        if not self._is_recent(name, at):
            if len(self._kept) >= _kept_max:
                self._kept.clear()
            self._kept[name] = at, make()
        return self._kept[name][1]


_kept_max = 10_000


def _is_new(trial: Trial, at: datetime) -> bool:
    return trial.stage != Stage.everyone and at - (trial.passed_at or trial.queued_at) < new_for


def _begun(trial: Trial, promised: int, at: datetime) -> Trial:
    """A trial as it will be if this page gives it its first place."""
    return trial if trial.guaranteed else replace(trial, guaranteed=promised, started_at=at)


def _reason(trial: Trial) -> str:
    if trial.stage == Stage.first:
        return f"new: you are one of its first {trial.guaranteed} people"
    return f"new: liked by {trial.likes} of the {trial.impressions} people who saw it first"
