"""Pages of the interest feed: what likes speak for, steady favourites, and new items on trial.

A page is drafted from one consistent reading and kept in one transaction. A session's places are
kept by number, so asking again with the same cursor gives the same page, and none repeats.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from msgspec.structs import replace

from kouling.clock import Clock
from kouling.db import Connection, Store
from kouling.deliver import trial as trials
from kouling.deliver.feed.follow import LiveLikes
from kouling.deliver.feed.mix import Sources, mix, spacing, usual_place
from kouling.deliver.feed.reach import look_alikes
from kouling.deliver.feed.recent import Recent
from kouling.deliver.page import PageRequest
from kouling.deliver.reasons import favourite_reason, liked_reason, newest_reason, trial_reason
from kouling.deliver.records import FeedCandidate, Page
from kouling.deliver.table import feed as table
from kouling.deliver.table.trials import open_trials, recent_mean, trials_waiting, weekly_users
from kouling.deliver.trial import Stage, Trial
from kouling.eventlog import beside_log
from kouling.ids import ItemId, RandomBytes, UserId

known_for = timedelta(minutes=10)
"""How long favourites, weekly users and look-alikes are not asked for again.

Chosen, not measured: none of the three changes much in ten minutes.
"""

new_for = trials.expires_after
"""How long an item is kept out of the favourites after it came or passed a stage of its trial."""

retrieved_max = 1_000
"""Items that likes speak for, among which a page looks for unseen ones; as many as a model gives
at once."""

alike_per_page = 4
"""Creators whose look-alikes are worked out anew for one page; others' wait for the next.

Chosen, not measured: beside 5.6 million likes each takes 6 to 51 ms.
"""

alike_times = 10
"""How many times the first audience may count as look-alikes, since not all of them come by.

Chosen, not measured.
"""


class Feed:
    """Gives pages of the interest feed; safe to use from many threads."""

    def __init__(self, store: Store, clock: Clock, random: RandomBytes, likes: LiveLikes) -> None:
        self._store, self._clock, self._random, self._likes = store, clock, random, likes
        self._favourite_items: Recent[None, list[ItemId]] = Recent(known_for)
        self._weekly_users: Recent[None, int] = Recent(known_for)
        self._look_alikes: Recent[UserId, frozenset[UserId] | None] = Recent(known_for)

    def page(self, asked: PageRequest) -> Page:
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
        keep = partial(table.keep_page, asked=asked, session=session, drafted=drafted, at=at)
        return self._store.write(beside_log(at, keep))

    def _draft(
        self, connection: Connection, asked: PageRequest, session: tuple[str, int], at: datetime
    ) -> list[tuple[FeedCandidate, int]]:
        viewer, promised = asked.viewer, self._first_audience(connection, at)
        waiting = trials_waiting(connection, at)
        sources = Sources(
            chain(
                self._ranked(connection, viewer, asked.size, at),
                self._favourites(connection, viewer, at),
            ),
            self._on_trial(connection, viewer, (waiting, promised), at),
            self._newest(connection, viewer, asked.size, at),
        )
        taken = table.given_items(connection, session[0]) if session[1] else set()
        page = mix(sources, taken, session[1], asked.size, trial_place(session[0], asked.size))
        return [(candidate, promised) for candidate in page]

    def _ranked(
        self, connection: Connection, viewer: UserId, size: int, at: datetime
    ) -> Iterator[FeedCandidate]:
        asked, done = 0, 0
        while asked < retrieved_max:
            asked = min(max(4 * asked, 5 * size), retrieved_max)
            spoken = self._likes.recommend(connection, viewer, asked)
            authors = table.showable(connection, viewer, [one.item for one in spoken[done:]], at)
            for one in spoken[done:]:
                if one.item in authors:
                    reason = liked_reason(one.because)
                    yield FeedCandidate(one.item, authors[one.item], reason, one.because)
            done = len(spoken)
            if done < asked:
                return

    def _favourites(
        self, connection: Connection, viewer: UserId, at: datetime
    ) -> Iterator[FeedCandidate]:
        """Give steady favourites, but for new items, whose trial decides where they go."""
        found = self._favourite_items.get(None, at, lambda: table.favourites(connection, at))
        running = {trial.item for trial in open_trials(connection, found) if _is_new(trial, at)}
        authors = table.showable(connection, viewer, found, at)
        for item in found:
            if item in authors and item not in running:
                yield FeedCandidate(item, authors[item], favourite_reason)

    def _newest(
        self, connection: Connection, viewer: UserId, size: int, at: datetime
    ) -> Iterator[FeedCandidate]:
        for item, author in table.newest(connection, viewer, at, 5 * size):
            yield FeedCandidate(item, author, newest_reason)

    def _on_trial(
        self,
        connection: Connection,
        viewer: UserId,
        owed: tuple[list[Trial], int],
        at: datetime,
    ) -> Iterator[FeedCandidate]:
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
            yield FeedCandidate(trial.item, trial.author, trial_reason(trial), step=step)

    def _alike(
        self, connection: Connection, viewer: UserId, running: list[Trial], at: datetime
    ) -> Iterator[tuple[ItemId, bool | None]]:
        """Say of each first stage whether the viewer resembles the creator's likers.

        None says that the creator has no likers yet.
        """
        new, owed = 0, frozenset(t.item for t in running if trials.is_owed(t))
        for trial in running:
            if not trials.is_owed(trial):
                continue
            if self._look_alikes.find(trial.author, at) is None:
                new += 1
                if new > alike_per_page:
                    continue
            size = alike_times * trial.guaranteed
            make = partial(look_alikes, self._likes, connection, trial.author, owed, size)
            found = self._look_alikes.get(trial.author, at, make)
            yield trial.item, None if found is None else viewer in found

    def _first_audience(self, connection: Connection, at: datetime) -> int:
        found = self._weekly_users.get(None, at, lambda: weekly_users(connection, at))
        return trials.first_audience(found)


def trial_place(session: str, size: int) -> int:
    """Return which of so many places in a row is a trial's in a session.

    Pages too short to have it would have none, so with them it is drawn by the session's name.
    """
    return usual_place if size > usual_place else int(session, 16) % spacing


def _is_new(trial: Trial, at: datetime) -> bool:
    return trial.stage != Stage.everyone and at - (trial.passed_at or trial.queued_at) < new_for


def _begun(trial: Trial, promised: int, at: datetime) -> Trial:
    """A trial as it will be if this page gives it its first place."""
    return trial if trial.guaranteed else replace(trial, guaranteed=promised, started_at=at)
