"""Pages of moments and groups: the newest of what a viewer's friends, or its groups, posted.

Each friend and each group is a source, whose items stand in order in an index. A page of n places
takes from the n sources whose newest items are newest, and at most n items from each: so it costs
what a viewer's own sources posted, however much strangers did. Whoever has very many sources most
likely finds a page among the newest items of all: these are looked through first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from math import isqrt
from typing import Any, NamedTuple

import sqlalchemy as sa

from kouling.db import Time
from kouling.deliver.page import PageRequest
from kouling.deliver.records import Page
from kouling.deliver.table.seen import (
    addressed_to,
    comes_after,
    in_audience,
    is_visible,
    page_from,
    visible_items,
)
from kouling.gate import Surface, item_table
from kouling.people import friendship_table, membership_table

few_sources = 100
"""Sources that are looked up at once; of more, a page is looked for among the newest items.

Chosen, not measured: what was measured is that five friends' page takes 2 ms beside 400,000
moments of others.
"""

walked_per_source = 5
"""Newest items that are looked through for each source: it takes as long as to look it up."""

_earliest, _latest = -(1 << 63), (1 << 63) - 1  # in microseconds


class _Sources(NamedTuple):
    """Where a surface's sources stand: whose they are, their names, the column of items."""

    user: Any
    name: Any
    of_item: Any


_sources = {
    Surface.moments: _Sources(
        friendship_table.c.user, friendship_table.c.friend, item_table.c.author
    ),
    Surface.group: _Sources(membership_table.c.user, membership_table.c.group, item_table.c.group),
}


def read_timeline(connection: sa.Connection, asked: PageRequest, at: datetime) -> Page:
    """Return the page of moments or of groups that was asked for, visible as of `at`."""
    after = (_latest, "") if asked.after is None else (asked.after.at, asked.after.item)
    values = {"viewer": asked.viewer, "at": at, "count": asked.size + 1}
    values |= {"after_at": after[0], "after_id": after[1]}
    rows = _walk(connection, asked.surface, values)
    if len(rows) <= asked.size:
        rows = _merge(connection, asked.surface, values)
    return page_from(connection, asked, rows)


def _walk(connection: sa.Connection, surface: Surface, values: dict[str, Any]) -> Sequence[Any]:
    """Return what a viewer of many sources may see among the newest items of all."""
    sources = connection.scalar(_source_count(surface), values) or 0
    if sources <= few_sources:
        return ()
    walked = {**values, "walked": walked_per_source * sources}
    return connection.execute(_among_newest(surface), walked).mappings().all()


def _merge(connection: sa.Connection, surface: Surface, values: dict[str, Any]) -> Sequence[Any]:
    """Return the newest items of a viewer's sources, and its own.

    A few items of each source mostly do. Where one gave all of these to the page, they tell from
    when on its others may be on it.
    """
    heads = connection.execute(_heads(surface), values).all()
    values = {**values, "names": [head.name for head in heads]}
    count, depth = values["count"], isqrt(values["count"]) + 1
    since = heads[-1].microseconds if len(heads) == count else _earliest
    if len(heads) > depth:
        few = {**values, "depth": depth, "since": since}
        rows = connection.execute(_newest(surface), few).mappings().all()
        given = Counter(row[_sources[surface].of_item.name] for row in rows)
        if all(number < depth for number in given.values()):
            return rows
        since = rows[-1]["microseconds"] if len(rows) == count else since
    deep = {**values, "depth": count, "since": since}
    return connection.execute(_newest(surface), deep).mappings().all()


# Queries are made once: making them takes longer than the database does to answer.

_viewer: Any = sa.bindparam("viewer")
_at: Any = sa.bindparam("at", type_=Time)
_count: Any = sa.bindparam("count", type_=sa.Integer)
_since: Any = sa.bindparam("since", type_=sa.BigInteger)
_posted: Any = sa.type_coerce(item_table.c.posted_at, sa.BigInteger)
_newest_first = (item_table.c.posted_at.desc(), item_table.c.id.desc())
_after = comes_after(sa.bindparam("after_at", type_=sa.BigInteger), sa.bindparam("after_id"))


@cache
def _source_count(surface: Surface) -> sa.Select[Any]:
    user, name, _ = _sources[surface]
    return sa.select(sa.func.count(name)).where(user == _viewer)


@cache
def _among_newest(surface: Surface) -> sa.Select[Any]:
    """The query for what a viewer may see among the newest items of all."""
    on_surface = item_table.c.surface == surface
    oldest = sa.select(_posted).where(on_surface, _after).order_by(*_newest_first)
    oldest = oldest.offset(sa.bindparam("walked", type_=sa.Integer)).limit(1)
    since = sa.func.coalesce(oldest.correlate(None).scalar_subquery(), _earliest)
    query = visible_items(_viewer, _at).where(on_surface, addressed_to(_viewer, surface), _after)
    return query.where(_posted >= since).order_by(*_newest_first).limit(_count)


@cache
def _heads(surface: Surface) -> sa.Select[Any]:
    """The query for the sources whose newest items are newest, with the times of these."""
    user, name, _ = _sources[surface]
    newest = _of_source(surface, item_table.c.id).order_by(*_newest_first).limit(1)
    head = item_table.alias("head")
    found = name.table.join(head, head.c.id == newest.correlate(name.table).scalar_subquery())
    at: Any = sa.type_coerce(head.c.posted_at, sa.BigInteger)
    return (
        sa.select(name.label("name"), at.label("microseconds"))
        .select_from(found)
        .where(user == _viewer)
        .order_by(head.c.posted_at.desc(), head.c.id.desc())
        .limit(_count)
    )


@cache
def _newest(surface: Surface) -> sa.Select[Any]:
    """The query for the newest of some sources' items and of the viewer's own."""
    either = sa.union(_theirs(surface), sa.select(_own(surface))).subquery().c
    order = (either.microseconds.desc(), either.id.desc())
    newest = sa.select(either.id, either.microseconds).order_by(*order).limit(_count).subquery()
    query = sa.select(item_table, newest.c.microseconds)
    return query.join(newest, newest.c.id == item_table.c.id).order_by(*_newest_first)


def _theirs(surface: Surface) -> sa.Select[Any]:
    """The query for the newest `depth` items of each of some sources, none from before `since`."""
    user, name, _ = _sources[surface]
    deepest = _of_source(surface, _posted).where(_posted >= _since).order_by(*_newest_first)
    deepest = deepest.offset(sa.bindparam("depth", type_=sa.Integer) - 1).limit(1)
    first = sa.func.coalesce(deepest.correlate(name.table).scalar_subquery(), _since)
    return _placed().where(
        user == _viewer,
        name.in_(sa.bindparam("names", expanding=True)),
        *_is_of_source(surface),
        _posted >= first,
        _after,
        is_visible(_viewer, _at),  # PostgreSQL can't tell how few these are, and would join all
    )


def _own(surface: Surface) -> sa.Subquery:
    """The query for the viewer's newest items, in groups also those that it is not a member of."""
    item = item_table.c
    own = _placed().where(item.surface == surface, item.author == _viewer, _after)
    own = own.where(is_visible(_viewer, _at))
    return own.order_by(*_newest_first).limit(_count).subquery()


def _placed() -> sa.Select[Any]:
    return sa.select(item_table.c.id, _posted.label("microseconds"))


def _of_source(surface: Surface, column: Any) -> sa.Select[Any]:
    """The query for a column of those items of a source that a viewer may see."""
    seen = visible_items(_viewer, _at).with_only_columns(column)
    return seen.where(*_is_of_source(surface), _after)


def _is_of_source(surface: Surface) -> list[Any]:
    _, name, of_item = _sources[surface]
    if surface == Surface.moments:
        return [of_item == name, item_table.c.surface == surface, in_audience(_viewer)]
    return [of_item == name]  # no other surface's items have a group
