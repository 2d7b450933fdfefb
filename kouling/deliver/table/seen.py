"""What a viewer may see of a surface, and the impressions of what it saw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from kouling.db import Time, unindexed
from kouling.deliver.page import PageRequest, write_cursor
from kouling.deliver.reasons import addressed_reason
from kouling.deliver.records import Page, Place
from kouling.deliver.table.schema import (
    impression_table,
)
from kouling.errors import NotFound
from kouling.gate import (
    Item,
    Surface,
    audience_table,
    decision_table,
    item_code_table,
    item_table,
    load_pictures,
    visible_to,
)
from kouling.ids import ItemId, UserId
from kouling.people import friendship_table, membership_table

_carriers = (
    sa.select(impression_table.c.item)
    .join(item_code_table, item_code_table.c.item == impression_table.c.item)
    .where(
        impression_table.c.viewer == sa.bindparam("viewer"),
        impression_table.c.last_at >= sa.bindparam("since"),
        item_code_table.c.code == sa.bindparam("code"),
    )
    .order_by(impression_table.c.last_at.desc(), impression_table.c.item)
)


_mine = sa.and_(
    impression_table.c.viewer == sa.bindparam("by"),
    impression_table.c.item.in_(sa.bindparam("items", expanding=True)),
)
_known = sa.select(impression_table.c.item).where(_mine)
_shown_again = (
    impression_table.update()
    .where(_mine)
    .values(last_at=sa.bindparam("at", type_=impression_table.c.last_at.type))
)

_posted = sa.select(item_table.c.surface, item_table.c.under).where(
    item_table.c.id == sa.bindparam("item")
)


def check_seen(connection: sa.Connection, viewer: UserId, item: ItemId, at: datetime) -> None:
    """Raise `NotFound` unless the viewer may see the item, whatever its surface."""
    posted = connection.execute(_posted, {"item": item}).one_or_none()
    if posted is None or not _may_see(connection, viewer, item, Surface(posted.surface), at):
        raise NotFound(f"there is no item {item!r:.80} for {viewer!r:.80}", hint="check the id")
    if posted.under is not None:
        check_seen(connection, viewer, posted.under, at)


def read_page(connection: sa.Connection, asked: PageRequest, at: datetime) -> Page:
    """Return the page of comments or of direct messages that was asked for.

    Visibility holds as of `at`: a later ban takes effect on old items at once. Raises
    `NotFound` for comments under an item that the viewer can't see.
    """
    if asked.under is not None:
        check_seen(connection, asked.viewer, asked.under, at)
    query = (
        visible_items(asked.viewer, at)
        .where(unindexed(item_table.c.surface) == asked.surface)  # of all of these it sees little
        .where(addressed_to(asked.viewer, asked.surface, asked.under))
    )
    return newest_first(connection, asked, query)


def newest_first(connection: sa.Connection, asked: PageRequest, query: sa.Select[Any]) -> Page:
    """Return the page of those items of a query that come after the cursor, newest first."""
    query = query.order_by(item_table.c.posted_at.desc(), item_table.c.id.desc())
    if asked.after is not None:
        query = query.where(comes_after(asked.after.at, asked.after.item))
    rows = connection.execute(query.limit(asked.size + 1)).mappings().all()
    return page_from(connection, asked, rows)


def comes_after(at: Any, id: Any) -> Any:
    """Return the clause for items that come, newest first, after a time in microseconds and id."""
    posted_at = sa.type_coerce(item_table.c.posted_at, sa.BigInteger)
    return sa.and_(posted_at <= at, sa.or_(posted_at < at, item_table.c.id < id))


def page_from(connection: sa.Connection, asked: PageRequest, rows: Sequence[Any]) -> Page:
    """Return the page of rows of items that were found; one more than it takes tells of others."""
    places = places_of(connection, rows[: asked.size], asked.viewer)
    cursor = _cursor(asked, places[-1]) if len(rows) > asked.size else None
    return Page(viewer=asked.viewer, surface=asked.surface, places=places, cursor=cursor)


def add_impressions(connection: sa.Connection, page: Page, at: datetime) -> None:
    """Record that a viewer was shown the items of a page that others posted."""
    items = {place.item.id for place in page.places if place.item.author != page.viewer}
    mine = {"by": page.viewer, "items": list(items)}
    known = set(connection.scalars(_known, mine))
    if known:
        connection.execute(_shown_again, {**mine, "at": at})
    if items - known:
        connection.execute(
            impression_table.insert(),
            [
                {"viewer": page.viewer, "item": item, "first_at": at, "last_at": at}
                for item in sorted(items - known)
            ],
        )


def carriers(connection: sa.Connection, viewer: UserId, code: str, since: datetime) -> list[ItemId]:
    """Return the items with a code that a viewer was shown since then, latest first."""
    asked = {"viewer": viewer, "code": code, "since": since}
    return [ItemId(item) for item in connection.scalars(_carriers, asked)]


def visible_among(
    connection: sa.Connection, viewer: UserId, items: Iterable[ItemId], at: datetime
) -> set[ItemId]:
    """Return those items that the gate lets a viewer see."""
    query = visible_items(viewer, at).where(item_table.c.id.in_(list(items)))
    return {ItemId(row["id"]) for row in connection.execute(query).mappings()}


def visible_items(viewer: UserId, at: datetime) -> sa.Select[Any]:
    """Return the query for all items that the gate lets a viewer see."""
    joined = item_table.join(decision_table, decision_table.c.item == item_table.c.id)
    return sa.select(item_table).select_from(joined).where(visible_to(viewer, at))


def is_visible(viewer: UserId, at: datetime) -> Any:
    """Return the clause for items that the gate lets a viewer see, looked up one by one."""
    return (
        sa.select(sa.true())
        .where(decision_table.c.item == item_table.c.id, visible_to(viewer, at))
        .correlate(item_table)
        .scalar_subquery()
    )


def places_of(connection: sa.Connection, rows: Iterable[Any], viewer: UserId) -> tuple[Place, ...]:
    """Return a place for each row of an item, with its pictures and the reason."""
    rows = list(rows)
    pictures = load_pictures(connection, [row["id"] for row in rows])
    places = []
    for row in rows:
        item = Item(
            id=row["id"],
            author=row["author"],
            surface=Surface(row["surface"]),
            text=row["text"],
            pictures=pictures.get(row["id"], ()),
            to=row["to"],
            group=row["group"],
            under=row["under"],
        )
        place = Place(item=item, posted_at=row["posted_at"], reason=addressed_reason(item, viewer))
        places.append(place)
    return tuple(places)


def _may_see(
    connection: sa.Connection, viewer: UserId, item: ItemId, surface: Surface, at: datetime
) -> bool:
    asked = {"viewer": viewer, "item": item, "at": at}
    return connection.execute(_visible_one(surface), asked).first() is not None


@cache
def _visible_one(surface: Surface) -> sa.Select[Any]:
    """The query for an item of a surface, if the viewer may see it; made once, for it is slow."""
    viewer: Any = sa.bindparam("viewer")
    at: Any = sa.bindparam("at", type_=Time)
    query = visible_items(viewer, at).where(item_table.c.id == sa.bindparam("item"))
    if surface == Surface.comment:  # a comment is seen by whoever sees what it stands under
        return query
    return query.where(addressed_to(viewer, surface))


def addressed_to(viewer: UserId, surface: Surface, under: ItemId | None = None) -> Any:
    """Return the clause for items of a surface that are addressed to a viewer."""
    item = item_table.c
    if surface == Surface.direct:
        return sa.or_(item.to == viewer, item.author == viewer)
    if surface == Surface.group:
        groups = sa.select(membership_table.c.group).where(membership_table.c.user == viewer)
        return sa.or_(unindexed(item.group).in_(groups), item.author == viewer)
    if surface == Surface.comment:
        return item.under == under
    if surface == Surface.moments:
        return sa.or_(item.author == viewer, _from_friend(viewer))
    return sa.true()


def in_audience(viewer: UserId) -> Any:
    """Return the clause for items that friends may see, and if it was narrowed to few, a viewer."""
    chosen = sa.exists().where(
        audience_table.c.item == item_table.c.id, audience_table.c.user == viewer
    )
    return sa.or_(sa.not_(item_table.c.narrowed), chosen)


def _from_friend(viewer: UserId) -> Any:
    friends = sa.select(friendship_table.c.friend).where(friendship_table.c.user == viewer)
    return sa.and_(unindexed(item_table.c.author).in_(friends), in_audience(viewer))


def _cursor(asked: PageRequest, last: Place) -> str:
    at = Time().process_bind_param(last.posted_at, None)
    assert at is not None
    return write_cursor(asked, at, last.item.id)
