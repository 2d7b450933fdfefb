"""The market: items by labels and words, paid placements and what they were charged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace

from kouling.db import unindexed
from kouling.deliver.market.auction import Award, Bid, auction, left_now, paid_every, paid_places
from kouling.deliver.market.records import Charge, Disclosure, Placement
from kouling.deliver.market.words import words_of, words_wanted
from kouling.deliver.page import PageRequest
from kouling.deliver.reasons import paid_reason
from kouling.deliver.records import Page, Place
from kouling.deliver.table.feed import blocks
from kouling.deliver.table.schema import (
    charge_table,
    label_table,
    market_search_table,
    placement_table,
)
from kouling.deliver.table.seen import (
    add_impressions,
    newest_first,
    places_of,
    visible_items,
)
from kouling.errors import Conflict, CurrencyMismatch, NotFound
from kouling.gate import Item, Surface, bans, item_table
from kouling.ids import ItemId, UserId
from kouling.money import Money

Bill = Callable[[sa.Connection, list[Charge], datetime], None]
"""Books charges in the transaction that makes them."""

bids_max = 1_000
"""Placements that compete for one page: the highest bids."""


matches_max = 10_000
"""Items that a search of SQLite looks at: the newest that have its words."""


def index_item(connection: sa.Connection, item: Item) -> None:
    """Let a new item of the market be found by the words of its text."""
    if item.surface == Surface.market:
        words = " ".join(words_of(item.text))
        connection.execute(market_search_table.insert(), {"item": item.id, "words": words})


def index_placements(connection: sa.Connection, item: Item) -> None:
    """Let the placements of an item be found by its words, if they came before it could be."""
    table, words = placement_table, _between_spaces(words_of(item.text))
    connection.execute(table.update().where(table.c.item == item.id).values(words=words))


def set_labels(
    connection: sa.Connection, item: ItemId, labels: Iterable[str], by: UserId | None
) -> None:
    """Let these be the labels of an item of the market; raise `Conflict` for another's item."""
    found = _market_item(connection, item)
    if by is not None and by != found.author:
        raise Conflict(
            f"item {item!r:.80} is of another author than {by!r:.80}", hint="its author labels it"
        )
    connection.execute(label_table.delete().where(label_table.c.item == item))
    rows = [{"item": item, "label": label} for label in sorted(set(labels))]
    if rows:
        connection.execute(label_table.insert(), rows)


def read_market(connection: sa.Connection, asked: PageRequest, at: datetime) -> Page:
    """Return the market's items that fit a search, newest first, without paid places."""
    return newest_first(connection, asked, _fitting(connection, asked, at))


def has_placements(connection: sa.Connection) -> bool:
    """Whether anybody pays for a place at all."""
    query = sa.select(placement_table.c.id).where(placement_table.c.stopped_at.is_(None)).limit(1)
    return connection.execute(query).first() is not None


def keep_market_page(
    connection: sa.Connection, asked: PageRequest, page: Page, bill: Bill, at: datetime
) -> Page:
    """Sell the paid places of a page, charge for them, and record its impressions."""
    competing = _competing(connection, asked, at)
    spent = _spent(connection, [row["id"] for row in competing], at.date())
    bids = [
        Bid(
            row["id"],
            row["advertiser"],
            row["item"],
            row["bid"],
            left_now(row["daily_budget"], spent.get(row["id"], 0), at),
        )
        for row in competing
    ]
    awards = auction(bids, paid_places(asked.size))
    rows = {row["id"]: row for row in competing}
    charges = [
        charge
        for award in awards
        if (charge := _charge(connection, rows[award.placement], award, asked.viewer, at))
    ]
    if charges:
        bill(connection, charges, at)
    sold = _sold_places(connection, [rows[award.placement] for award in awards], asked.viewer)
    page = replace(page, places=_with_sold(page.places, sold))
    add_impressions(connection, page, at)
    return page


def add_placement(connection: sa.Connection, placement: Placement, at: datetime) -> None:
    """Put up a placement; raise `NotFound` for its item, `CurrencyMismatch` beside others'."""
    text = _market_item(connection, placement.item).text
    other = sa.select(placement_table.c.currency).where(
        placement_table.c.stopped_at.is_(None),
        placement_table.c.currency != placement.bid.currency,
    )
    if (found := connection.execute(other).scalar()) is not None:
        raise CurrencyMismatch(f"the market's placements are in {found}", hint=f"bid in {found}")
    connection.execute(
        placement_table.insert(),
        {
            "id": placement.id,
            "advertiser": placement.advertiser,
            "item": placement.item,
            "bid": placement.bid.minor,
            "daily_budget": placement.daily_budget.minor,
            "currency": placement.bid.currency,
            "placed_at": at,
            "words": _between_spaces(words_of(text)),
        },
    )


def stop_placement(connection: sa.Connection, id: str, at: datetime) -> None:
    """End a placement for good; raise `NotFound` if it isn't there."""
    table = placement_table
    if not connection.execute(
        table.update().where(table.c.id == id, table.c.stopped_at.is_(None)).values(stopped_at=at)
    ).rowcount:
        raise NotFound(f"there is no running placement {id!r:.80}", hint="check the id")


def spent_on(connection: sa.Connection, id: str, day: date) -> Money:
    """Return what a placement was charged on a day (UTC); raise `NotFound` if it isn't there."""
    query = sa.select(placement_table.c.currency).where(placement_table.c.id == id)
    currency = connection.execute(query).scalar()
    if currency is None:
        raise NotFound(f"there is no placement {id!r:.80}", hint="check the id")
    return Money(_spent(connection, [id], day).get(id, 0), currency)


def _fitting(connection: sa.Connection, asked: PageRequest, at: datetime) -> Any:
    """The query for items that fit a search; those with its words, if any, are looked up."""
    surface: Any = unindexed(item_table.c.surface) if asked.query else item_table.c.surface
    query = visible_items(asked.viewer, at).where(surface == Surface.market, ~blocks(asked.viewer))
    for label in asked.labels:
        labelled = sa.select(label_table.c.item).where(label_table.c.label == label)
        query = query.where(item_table.c.id.in_(labelled))
    if asked.query:
        words = words_wanted(asked.query)
        if not words:  # signs alone: nothing is found by them
            return query.where(sa.false())
        query = query.where(item_table.c.id.in_(_newest(connection, _matching(connection, words))))
    return query


def _newest(connection: sa.Connection, matching: sa.Select[Any]) -> sa.Select[Any]:
    """Leave out of very many matches the oldest; PostgreSQL knows how many there are by itself."""
    if connection.dialect.name != "sqlite":
        return matching
    return matching.order_by(sa.literal_column("rowid").desc()).limit(matches_max)


def _matching(connection: sa.Connection, words: list[str]) -> Any:
    """The query for items whose text has all words of a search."""
    found = market_search_table.c
    if connection.dialect.name == "sqlite":
        return sa.select(found.item).where(found.words.op("MATCH")(" AND ".join(words)))
    simple: Any = sa.literal_column("'simple'::regconfig")
    wanted = sa.func.to_tsquery(simple, " & ".join(words))
    return sa.select(found.item).where(sa.func.to_tsvector(simple, found.words).op("@@")(wanted))


def _competing(connection: sa.Connection, asked: PageRequest, at: datetime) -> list[Any]:
    """Placements whose item fits; not the viewer's own, nor a banned or blocked advertiser's.

    Those that run are looked through, whatever there is of items: each knows its item's words.
    """
    table = placement_table.c
    query = (
        visible_items(asked.viewer, at)
        .join(placement_table, table.item == item_table.c.id)
        .with_only_columns(*(column for column in table if column is not table.words))
        .where(
            table.stopped_at.is_(None),
            *_placement_fits(asked),
            item_table.c.author != asked.viewer,
            ~blocks(asked.viewer),
            table.advertiser != asked.viewer,
            table.advertiser.not_in(bans.banned_users(at)),
            ~blocks(asked.viewer, table.advertiser),
            *_not_shown_yet(asked, at),
        )
        .order_by(table.bid.desc(), table.id)
        .limit(bids_max)
    )
    return list(connection.execute(query).mappings())


def _not_shown_yet(asked: PageRequest, at: datetime) -> list[Any]:
    """On a page that goes on: the clause for placements that this viewer was not charged for.

    So the auction goes on, too, and whoever comes next in it has its place.
    """
    if asked.after is None:
        return []
    charge = charge_table.c
    shown = sa.exists().where(
        charge.placement == placement_table.c.id,
        charge.day == at.date(),
        charge.viewer == asked.viewer,
    )
    return [~shown]


def _placement_fits(asked: PageRequest) -> list[Any]:
    """The clauses for placements whose item has all labels and words of a search."""
    table, label = placement_table.c, label_table.c
    labelled = [
        sa.exists().where(label.item == table.item, label.label == name) for name in asked.labels
    ]
    if not asked.query:
        return labelled
    words = words_wanted(asked.query)
    if not words:
        return [sa.false()]
    return [*labelled, *(table.words.contains(_between_spaces([word])) for word in words)]


def _between_spaces(words: list[str]) -> str:
    return f" {' '.join(words)} "


def _spent(connection: sa.Connection, ids: list[str], day: date) -> dict[str, int]:
    charge = charge_table.c
    query = (
        sa.select(charge.placement, sa.func.sum(charge.amount))
        .where(charge.placement.in_(ids), charge.day == day)
        .group_by(charge.placement)
    )
    return {placement: int(amount) for placement, amount in connection.execute(query)}


def _charge(
    connection: sa.Connection, row: Any, award: Award, viewer: UserId, at: datetime
) -> Charge | None:
    """Charge a placement, unless this viewer has been paid for today."""
    charge, day = charge_table.c, at.date()
    known = sa.select(charge.amount).where(
        charge.placement == row["id"], charge.day == day, charge.viewer == viewer
    )
    if connection.execute(known).first() is not None:
        return None
    values = {"placement": row["id"], "day": day, "viewer": viewer, "at": at}
    paid = {"amount": award.price, "bid": row["bid"]}
    connection.execute(charge_table.insert(), {**values, **paid})
    return Charge(
        placement=row["id"],
        advertiser=UserId(row["advertiser"]),
        viewer=viewer,
        day=day,
        amount=Money(award.price, row["currency"]),
    )


def _sold_places(connection: sa.Connection, rows: list[Any], viewer: UserId) -> list[Place]:
    items = sa.select(item_table).where(item_table.c.id.in_([row["item"] for row in rows]))
    found = {row["id"]: row for row in connection.execute(items).mappings()}
    places = places_of(connection, [found[row["item"]] for row in rows], viewer)
    return [
        replace(place, reason=paid_reason, disclosure=_disclosure(row))
        for place, row in zip(places, rows, strict=True)
    ]


def _disclosure(row: Any) -> Disclosure:
    return Disclosure(placement=row["id"], advertiser=UserId(row["advertiser"]))


def _with_sold(places: tuple[Place, ...], sold: list[Place]) -> tuple[Place, ...]:
    """Put the first paid place on top and one before each further fifth place."""
    paid = {place.item.id for place in sold}
    mixed = [place for place in places if place.item.id not in paid]
    for rank, place in enumerate(sold):
        mixed.insert(rank * paid_every, place)
    return tuple(mixed)


def _market_item(connection: sa.Connection, item: ItemId) -> Any:
    """Author and text of an item of the market; raises `NotFound` if it has no such item."""
    columns = (item_table.c.surface, item_table.c.author, item_table.c.text)
    query = sa.select(*columns).where(item_table.c.id == item)
    found = connection.execute(query).one_or_none()
    if found is None or found.surface != Surface.market:
        raise NotFound(f"the market has no item {item!r:.80}", hint="gate it there first")
    return found
