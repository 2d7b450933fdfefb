"""The likes of all users: one per user and item, and a key for each turn of like and unlike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from kouling import eventlog
from kouling.clock import Clock
from kouling.deliver.records import LikeImport, PastLike, missing_named_max
from kouling.deliver.table.schema import like_table, unlike_table
from kouling.deliver.table.seen import check_seen
from kouling.deliver.table.trials import count_like
from kouling.errors import NotFound
from kouling.eventlog import Faults, Request, edge_faults, events, natural_key
from kouling.gate import item_table
from kouling.ids import ItemId, UserId
from kouling.people import add_edge

remembered_max = 10_000
"""Likes of a user that the feed heeds, its latest: who likes everything must not slow it down.

Chosen, not measured; beside one who likes a million items a like of anybody is taken in in 1.4 ms.
"""


class AllLikes(NamedTuple):
    """All likes to heed, oldest first, as of the event `seq`; `at` is in microseconds."""

    seq: int
    users: list[str]
    items: list[str]
    at: list[int]


def like_key(connection: sa.Connection, user: UserId, item: ItemId) -> str:
    """Return the key of the like that stands or comes next: a like after an unlike is a new one."""
    times = _unlikes(connection, user, item)
    return natural_key(user, item, str(times)) if times else natural_key(user, item)


def unlike_key(connection: sa.Connection, user: UserId, item: ItemId) -> str:
    """Return the key of the unlike that would take the present like back, or that did."""
    times = _unlikes(connection, user, item) + _is_liked(connection, user, item)
    if not times:
        raise NotFound(f"{user!r:.80} has never liked {item!r:.80}", hint="check the ids")
    return natural_key(user, item, str(times))


def add_like(
    connection: sa.Connection,
    user: UserId,
    item: ItemId,
    at: datetime,
    given_at: datetime | None = None,
) -> None:
    """Record the one like of a user for an item; raise `NotFound` if it can't be seen.

    `given_at` is when it was given, if that was before now.
    """
    check_seen(connection, user, item, at)
    if add_edge(connection, like_table, (user, item), min(given_at or at, at)):
        count_like(connection, user, item, True, at)


def import_likes(connection: sa.Connection, likes: Iterable[PastLike], clock: Clock) -> LikeImport:
    """Record likes that were given elsewhere, with an event each, as if they had come here.

    A like has the key of a user's first like of an item: importing it twice is as once, and what
    was taken back here since stays so. A time after the present is taken for the present.
    """
    added, known = 0, 0
    missing: list[ItemId] = []
    for like in likes:
        recorded: list[datetime] = []

        def act(at: datetime, like: PastLike = like, recorded: list[datetime] = recorded) -> None:
            add_like(connection, like.user, like.item, at, like.at)
            recorded.append(at)

        body = [like.user, like.item]
        try:
            eventlog.once(connection, Request("like", natural_key(*body), body), clock, None, act)
        except NotFound:
            missing.append(like.item)
        else:
            added, known = added + bool(recorded), known + (not recorded)
    some = tuple(dict.fromkeys(missing))[:missing_named_max]
    return LikeImport(added=added, known=known, missing=len(missing), missing_items=some)


def remove_like(connection: sa.Connection, user: UserId, item: ItemId, at: datetime) -> None:
    """Take a like back, as if it had never been."""
    table, turns = like_table, unlike_table
    connection.execute(table.delete().where(table.c.user == user, table.c.item == item))
    times = _unlikes(connection, user, item)
    if times:
        mine = sa.and_(turns.c.user == user, turns.c.item == item)
        connection.execute(turns.update().where(mine).values(times=times + 1))
    else:
        connection.execute(turns.insert(), {"user": user, "item": item, "times": 1})
    count_like(connection, user, item, False, at)


def load_likes(connection: sa.Connection) -> AllLikes:
    """Return the likes to heed of all users, in the order in which they were given."""
    seq = eventlog.length(connection)
    like = like_table.c
    at = sa.type_coerce(like.at, sa.BigInteger)
    query = sa.select(like.user, like.item, at).order_by(like.at, like.user, like.item)
    rows = _heeded(connection.execute(query).all())
    return AllLikes(seq, [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])


def likes_of(connection: sa.Connection, user: UserId) -> list[ItemId]:
    """Return the likes to heed of a user, oldest first."""
    like = like_table.c
    query = sa.select(like.item).where(like.user == user)
    query = query.order_by(like.at.desc(), like.item.desc()).limit(remembered_max)
    return [ItemId(item) for item in connection.scalars(query)][::-1]


def _heeded(rows: Sequence[Any]) -> Sequence[Any]:
    """Leave out what a user liked before its latest likes; `rows` are by time."""
    given = Counter(row[0] for row in rows)
    early = {
        user: count - remembered_max for user, count in given.items() if count > remembered_max
    }
    if not early:
        return rows
    kept = []
    for row in rows:
        if early.get(row[0], 0) > 0:
            early[row[0]] -= 1
        else:
            kept.append(row)
    return kept


def likers(connection: sa.Connection, items: Iterable[ItemId]) -> set[UserId]:
    """Return who likes any of the items."""
    query = sa.select(like_table.c.user).where(like_table.c.item.in_(list(items)))
    return {UserId(user) for user in connection.scalars(query)}


def items_of(connection: sa.Connection, author: UserId, count: int = 1_000) -> list[ItemId]:
    """Return an author's latest items."""
    item = item_table.c
    query = sa.select(item.id).where(item.author == author).order_by(item.posted_at.desc())
    return [ItemId(id) for id in connection.scalars(query.limit(count))]


def author_of(connection: sa.Connection, item: ItemId) -> UserId:
    """Return who posted an item; raise `NotFound` if nobody did."""
    author = connection.scalar(sa.select(item_table.c.author).where(item_table.c.id == item))
    if author is None:
        raise NotFound(f"there is no item {item!r:.80}", hint="check the id")
    return UserId(author)


_times = sa.select(unlike_table.c.times).where(
    unlike_table.c.user == sa.bindparam("user"), unlike_table.c.item == sa.bindparam("item")
)


def _unlikes(connection: sa.Connection, user: UserId, item: ItemId) -> int:
    return connection.scalar(_times, {"user": user, "item": item}) or 0


def _is_liked(connection: sa.Connection, user: UserId, item: ItemId) -> bool:
    like = like_table.c
    query = sa.select(like.at).where(like.user == user, like.item == item)
    return connection.execute(query).first() is not None


def like_faults(connection: sa.Connection) -> Faults:
    """Yield the likes that the feed learns from and the log does not tell of, or the other way."""
    told: set[tuple[str, str]] = set()
    for event in events(connection, "like", "unlike"):
        user, item = event.request
        (told.add if event.verb == "like" else told.discard)((user, item))
    return edge_faults(connection, like_table, told)
