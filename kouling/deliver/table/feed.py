"""The interest feed's reads and writes: who may be shown what, and what a session was given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa

from kouling.db import Time, unindexed
from kouling.deliver.page import PageRequest, write_cursor
from kouling.deliver.reasons import PlaceReason
from kouling.deliver.records import FeedCandidate, Page, Place, page_size_max
from kouling.deliver.table.schema import (
    feed_place_table,
    impression_table,
    like_table,
)
from kouling.deliver.table.seen import add_impressions, places_of, visible_items
from kouling.deliver.table.trials import end_expired, give_places
from kouling.deliver.trial import Stage
from kouling.errors import InvalidInput
from kouling.gate import Surface, bans, decision_table, item_table, visible_to
from kouling.ids import ItemId, UserId
from kouling.people import block_table

favourite_days = 28
"""Days over which a favourite is steady; chosen, not measured."""

favourites_of_one_max = 10
"""Favourites of one creator; chosen, not measured."""

session_days = 7
"""Days for which a page of a session leads on to the next, and can be asked for again."""

newest_max = 10_000
"""Newest items among which a page looks for some to show: who knows all of them waits for more.

Chosen, not measured.
"""

_still_asked = timedelta(hours=1)  # a page that is asked for meanwhile must not lose its places

_forgotten_at_once = 2 * page_size_max  # more than a page adds

_day = 86_400_000_000


def showable(
    connection: sa.Connection, viewer: UserId, items: Sequence[ItemId], at: datetime
) -> dict[ItemId, UserId]:
    """Return those of the items that a viewer's feed may show now, with their authors."""
    if not items:
        return {}
    asked = {"viewer": viewer, "at": at, "items": list(items)}
    rows = connection.execute(_showable(), asked).all()
    return {ItemId(id): UserId(author) for id, author in rows}


def newest(
    connection: sa.Connection, viewer: UserId, at: datetime, count: int
) -> list[tuple[ItemId, UserId]]:
    """Return the newest items that a viewer's feed may show."""
    asked = {"viewer": viewer, "at": at, "count": count, "before": newest_max - 1}
    return [(ItemId(id), UserId(author)) for id, author in connection.execute(_newest(), asked)]


def favourites(connection: sa.Connection, at: datetime, count: int = 200) -> list[ItemId]:
    """Return steady favourites: liked on most days of the last four weeks, then by most.

    Only what others may see counts, only likes of users that are not banned, and of each creator
    no more than a few: who is kept out, or likes and posts very much, must not fill the list.
    """
    like = like_table.c
    day = sa.type_coerce(like.at, sa.BigInteger) / sa.literal(_day)
    days = sa.func.count(sa.func.floor(day).distinct())
    best = (days.desc(), sa.func.count().desc(), like.item)
    ranked = (
        sa.select(
            like.item,
            sa.func.row_number().over(order_by=best).label("rank"),
            sa.func.row_number().over(partition_by=item_table.c.author, order_by=best).label("own"),
        )
        .join(item_table, item_table.c.id == like.item)
        .join(decision_table, decision_table.c.item == like.item)
        .where(item_table.c.surface == Surface.interest, like.at <= at)
        .where(like.at >= at - timedelta(days=favourite_days))
        .where(visible_to(UserId(""), at), like.user.not_in(bans.banned_users(at)))
        .group_by(like.item, item_table.c.author)
        .subquery()
    )
    query = (
        sa.select(ranked.c.item)
        .where(ranked.c.own <= favourites_of_one_max)
        .order_by(ranked.c.rank)
        .limit(count)
    )
    return [ItemId(item) for item in connection.scalars(query)]


def given_items(connection: sa.Connection, session: str) -> set[ItemId]:
    """Return all items that a session was given, whether they were shown or not."""
    place = feed_place_table.c
    return {
        ItemId(item)
        for item in connection.scalars(sa.select(place.item).where(place.session == session))
    }


def given(connection: sa.Connection, session: str, first: int, count: int) -> list[Any]:
    """Return the places that a session was given from a number on."""
    asked = {"session": session, "first": first, "count": count}
    return list(connection.execute(_given, asked).mappings())


def check_kept(connection: sa.Connection, session: str, first: int, at: datetime) -> None:
    """Raise `InvalidInput` unless the place before a number is kept: a cursor leads on from it."""
    asked = {"session": session, "number": first - 1}
    given_at = connection.scalar(_given_at, asked)
    if given_at is None or given_at < at - timedelta(days=session_days):
        raise InvalidInput(
            f"the cursor is of a page that was forgotten: pages are kept for {session_days} days",
            hint="begin without a cursor",
        )


def keep_page(
    connection: sa.Connection,
    asked: PageRequest,
    session: tuple[str, int],
    drafted: Sequence[tuple[FeedCandidate, int]],
    at: datetime,
) -> Page:
    """Give a session the places drafted for it, unless another call was first; return its page.

    Each candidate comes with the size of the first audience that its trial would promise.
    """
    end_expired(connection, at)
    rows = given(connection, *session, asked.size)
    if not rows and drafted:
        rows = [
            {**_values(one), "session": session[0], "number": session[1] + n, "at": at}
            for n, (one, _) in enumerate(drafted)
        ]
        connection.execute(feed_place_table.insert(), rows)
        on_trial = [(one.item, one.step, first) for one, first in drafted if one.step is not None]
        give_places(connection, on_trial)
        _forget(connection, at)
    page = page_of(connection, asked, rows, at)
    add_impressions(connection, page, at)
    return page


def page_of(
    connection: sa.Connection, asked: PageRequest, rows: Sequence[Any], at: datetime
) -> Page:
    """Return the page of places that were given, without items that are hidden by now.

    The cursor leads on from any place: a page is short where one creator would have too much of
    it, where it was first asked for shorter, or where nothing is left, which the next page tells.
    """
    kept = {row["item"]: row for row in rows}
    shown = {"viewer": asked.viewer, "at": at, "items": list(kept)}
    found = {row["id"]: row for row in connection.execute(_still_shown(), shown).mappings()}
    ordered = [found[item] for item in kept if item in found]
    places = tuple(
        _told(place, kept[place.item.id]) for place in places_of(connection, ordered, asked.viewer)
    )
    cursor = None
    if rows:
        cursor = write_cursor(asked, rows[-1]["number"] + 1, rows[-1]["session"])
    return Page(viewer=asked.viewer, surface=asked.surface, places=places, cursor=cursor)


def _told(place: Place, row: Any) -> Place:
    return Place(
        item=place.item,
        posted_at=place.posted_at,
        reason=msgspec.json.decode(row["reason"], type=PlaceReason),
        because=row["because"],
        trial=None if row["stage"] is None else Stage(row["stage"]),
    )


def _forget(connection: sa.Connection, at: datetime) -> None:
    """Delete some of the places that are older than a session lasts."""
    before = at - timedelta(days=session_days) - _still_asked
    connection.execute(_forget_old, {"before": before, "count": _forgotten_at_once})


def _values(one: FeedCandidate) -> dict[str, Any]:
    return {
        "item": one.item,
        "reason": msgspec.json.encode(one.reason).decode(),
        "because": one.because,
        "stage": one.step.stage if one.step else None,
    }


# Queries are made once: making them takes longer than the database does to answer.

_viewer: Any = sa.bindparam("viewer")
_at: Any = sa.bindparam("at", type_=Time)
_among = item_table.c.id.in_(sa.bindparam("items", expanding=True))

_given = (
    sa.select(feed_place_table)
    .where(feed_place_table.c.session == sa.bindparam("session"))
    .where(feed_place_table.c.number >= sa.bindparam("first"))
    .order_by(feed_place_table.c.number)
    .limit(sa.bindparam("count"))
)


_given_at = sa.select(feed_place_table.c.at).where(
    feed_place_table.c.session == sa.bindparam("session"),
    feed_place_table.c.number == sa.bindparam("number"),
)
_place = sa.tuple_(feed_place_table.c.session, feed_place_table.c.number)
_forget_old = feed_place_table.delete().where(
    _place.in_(
        sa.select(feed_place_table.c.session, feed_place_table.c.number)
        .where(feed_place_table.c.at < sa.bindparam("before", type_=Time))
        .order_by(feed_place_table.c.at)
        .limit(sa.bindparam("count"))
    )
)


@cache
def _showable() -> sa.Select[Any]:
    return _open_items(unindexed(item_table.c.surface)).where(_among)


@cache
def _newest() -> sa.Select[Any]:
    item, other = item_table.c, item_table.alias("other").c
    oldest = (
        sa.select(sa.type_coerce(other.posted_at, sa.BigInteger))
        .where(other.surface == Surface.interest)
        .order_by(other.posted_at.desc(), other.id.desc())
        .offset(sa.bindparam("before"))
        .limit(1)
    )
    since = sa.func.coalesce(oldest.scalar_subquery(), 0)
    return (
        _open_items(item.surface)
        .where(sa.type_coerce(item.posted_at, sa.BigInteger) >= since)
        .order_by(item.posted_at.desc(), item.id.desc())
        .limit(sa.bindparam("count"))
    )


@cache
def _still_shown() -> sa.Select[Any]:
    return visible_items(_viewer, _at).where(_among, ~blocks(_viewer))


def _open_items(surface: sa.ColumnElement[str]) -> sa.Select[Any]:
    """The query for items that a viewer's feed may show, with their authors.

    They are of its `surface`, unseen, unliked, and not its own.
    """
    item, seen, like = item_table.c, impression_table.c, like_table.c
    return (
        visible_items(_viewer, _at)
        .with_only_columns(item.id, item.author)
        .where(
            surface == Surface.interest,
            item.author != _viewer,
            ~sa.exists().where(seen.viewer == _viewer, seen.item == item.id),
            ~sa.exists().where(like.user == _viewer, like.item == item.id),
            ~blocks(_viewer),
        )
    )


def blocks(viewer: UserId, other: Any = item_table.c.author) -> Any:
    """Return the clause for rows whose author, or `other`, the viewer blocks or is blocked by."""
    block = block_table.c
    return sa.exists().where(
        sa.or_(
            sa.and_(block.user == viewer, block.blocked == other),
            sa.and_(block.user == other, block.blocked == viewer),
        )
    )
