"""Items with their decisions, and what of the past is asked about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from kouling.errors import InvalidInput, NotFound
from kouling.fold import fold
from kouling.gate.detectors.text_duplicate import bands_of, pieces_of
from kouling.gate.item import check_size
from kouling.gate.picture import digest_of
from kouling.gate.records import (
    Decision,
    GatedItem,
    Item,
    Judgement,
    Party,
    Surface,
    Visibility,
)
from kouling.gate.table.bans import banned_users
from kouling.gate.table.pictures import (
    kept_pictures,
    mark,
    store_look,
    store_pictures,
)
from kouling.gate.table.reviews import queue_case
from kouling.gate.table.schema import (
    audience_table,
    decision_table,
    item_code_table,
    item_table,
    picture_mark_table,
    text_band_table,
)
from kouling.ids import ItemId, UserId

_comments_before = (
    sa.select(item_table.c.text)
    .where(
        item_table.c.under == sa.bindparam("under"),
        item_table.c.author == sa.bindparam("author"),
        item_table.c.posted_at >= sa.bindparam("since"),
        item_table.c.id != sa.bindparam("id"),
    )
    .order_by(item_table.c.posted_at.desc(), item_table.c.id.desc())
    .limit(sa.bindparam("count", type_=sa.Integer))
)

_texts_not_shown = (
    sa.select(item_table.c.id, item_table.c.text)
    .join(text_band_table, text_band_table.c.item == item_table.c.id)
    .where(text_band_table.c.band.in_(sa.bindparam("bands", expanding=True)))
    .group_by(item_table.c.id, item_table.c.text)
    .order_by(sa.func.count().desc(), item_table.c.id)
    .limit(sa.bindparam("count", type_=sa.Integer))
)

_insert_item = item_table.insert()
_insert_decision = decision_table.insert()


def store_decision(
    connection: sa.Connection,
    item: Item,
    judgement: Judgement,
) -> None:
    """Keep an item together with its decision, and what was seen in its pictures.

    Raises `NotFound` if it comments on nothing.
    """
    decision = judgement.decision
    _check_under(connection, item)
    values = {name: getattr(item, name) for name in ("id", "author", "surface", "text")}
    values |= {name: getattr(item, name) for name in ("to", "group", "under")}
    narrowed = item.audience is not None
    connection.execute(
        _insert_item, {**values, "narrowed": narrowed, "posted_at": decision.decided_at}
    )
    _insert(connection, audience_table, [{"item": item.id, "user": u} for u in _audience(item)])
    store_pictures(connection, item)
    _insert_codes(connection, decision)
    connection.execute(_insert_decision, _row(judgement))
    _keep_looks(connection, judgement)
    _keep_pictures(connection, item, decision, _pictures_blamed(decision))
    if _is_text_blamed(decision):
        _keep_bands(connection, item, judgement.bands)
    if decision.review:
        queue_case(connection, decision)


def replace_decision(connection: sa.Connection, judgement: Judgement) -> Item:
    """Put a decision in the place of an item's earlier one, and all that follows from it.

    It holds from now on for whoever reads the item; copies of its text and pictures are known,
    or are known no more. The earlier decision stands in the event log. Returns the item.
    """
    decision = judgement.decision
    item = load_items(connection, [decision.item])[decision.item]
    row = _row(judgement)
    connection.execute(
        decision_table.update().where(decision_table.c.item == row.pop("item")).values(**row)
    )
    for table in (item_code_table, text_band_table, picture_mark_table):
        connection.execute(table.delete().where(table.c.item == item.id))
    _insert_codes(connection, decision)
    _keep_looks(connection, judgement)
    by_person = judgement.looks is None
    blamed = _pictures_cited(decision) if by_person else _pictures_blamed(decision)
    _keep_pictures(connection, item, decision, blamed)
    if _is_text_blamed(decision):
        _keep_bands(connection, item, bands_of(pieces_of(fold(item.text))))
    return item


def load_items(connection: sa.Connection, items: Sequence[ItemId]) -> dict[ItemId, Item]:
    """Return those of the items that were gated, with their pictures, by id."""
    rows = connection.execute(sa.select(item_table).where(item_table.c.id.in_(items))).mappings()
    pictures, audiences = kept_pictures(connection, items), dict[ItemId, list[UserId]]()
    audience = sa.select(audience_table).where(audience_table.c.item.in_(items))
    for addressed in connection.execute(audience.order_by(audience_table.c.user)).mappings():
        audiences.setdefault(addressed["item"], []).append(addressed["user"])
    found = {}
    for row in rows:
        fields: dict[str, Any] = dict(row)
        fields.pop("posted_at")
        narrowed = fields.pop("narrowed")
        id, surface = row["id"], Surface(fields.pop("surface"))
        found[id] = Item(
            **fields,
            surface=surface,
            audience=tuple(audiences.get(id, ())) if narrowed else None,
            pictures=pictures.get(id, ()),
        )
    return found


def list_items(connection: sa.Connection, after: ItemId | None, size: int) -> list[GatedItem]:
    """Return items, the newest first, from behind one of them on."""
    check_size(size)
    item, decision = item_table.c, decision_table.c
    columns = (item.id, item.author, item.surface, item.text, item.posted_at)
    query = (
        sa.select(*columns, decision.visibility, decision.policy_version)
        .join(decision_table, decision.item == item.id)
        .order_by(item.posted_at.desc(), item.id.desc())
        .limit(size)
    )
    if after is not None:
        known = connection.execute(sa.select(item.posted_at).where(item.id == after)).scalar()
        if known is None:
            raise NotFound(f"item {after!r:.80} was never gated", hint="name one that was listed")
        before = sa.tuple_(item.posted_at, item.id) < sa.tuple_(
            sa.literal(known, item.posted_at.type), sa.literal(after)
        )
        query = query.where(before)
    return [
        GatedItem(
            **{
                **row,
                "surface": Surface(row["surface"]),
                "visibility": Visibility(row["visibility"]),
            }
        )
        for row in connection.execute(query).mappings()
    ]


def comments_before(
    connection: sa.Connection, item: Item, since: datetime, count: int
) -> list[str]:
    """Return the author's last comments under the same item, oldest first."""
    asked = {"under": item.under, "author": item.author, "since": since, "id": item.id}
    return list(connection.scalars(_comments_before, {**asked, "count": count}))[::-1]


def texts_not_shown(
    connection: sa.Connection, bands: Iterable[int], count: int = 20
) -> list[tuple[str, str]]:
    """Return items with their texts that share a band hash and were kept from being shown."""
    rows = connection.execute(_texts_not_shown, {"bands": list(bands), "count": count})
    return [(row.id, row.text) for row in rows]


def load_decision(connection: sa.Connection, item: ItemId) -> Decision:
    """Return the decision on an item; raise `NotFound` if it was never gated."""
    body = connection.execute(
        sa.select(decision_table.c.body).where(decision_table.c.item == item)
    ).scalar()
    if body is None:
        raise NotFound(f"item {item!r:.80} was never gated", hint="gate it first")
    return msgspec.json.decode(body, type=Decision)


def visible_to(viewer: UserId, at: datetime) -> Any:
    """Return the clause for items that a viewer may see, as `visible` has it, bans included."""
    own = item_table.c.author == viewer
    allowed = decision_table.c.visibility == Visibility.allow
    limited = decision_table.c.visibility == Visibility.limit
    return sa.or_(
        sa.and_(own, sa.or_(allowed, limited)),
        sa.and_(allowed, item_table.c.author.not_in(banned_users(at))),
    )


def _row(judgement: Judgement) -> dict[str, Any]:
    decision = judgement.decision
    return {
        "item": decision.item,
        "visibility": decision.visibility,
        "policy_version": decision.policy_version,
        "decided_at": decision.decided_at,
        "body": judgement.body,
    }


def _insert_codes(connection: sa.Connection, decision: Decision) -> None:
    own = sorted({s.code for s in decision.signals if s.party is Party.own and s.code})
    _insert(connection, item_code_table, [{"item": decision.item, "code": code} for code in own])


def _keep_looks(connection: sa.Connection, judgement: Judgement) -> None:
    for digest, look in judgement.looks or ():
        store_look(connection, digest, look, judgement.decision.decided_at)


def _keep_pictures(
    connection: sa.Connection, item: Item, decision: Decision, places: Iterable[int]
) -> None:
    """Keep by what copies of the pictures at some places are known again."""
    for picture in {item.pictures[place - 1] for place in places}:
        mark(connection, digest_of(picture), decision.decided_at, item.id)


def _keep_bands(connection: sa.Connection, item: Item, bands: Iterable[int]) -> None:
    """Keep by what copies of a text are known again."""
    rows = [{"item": item.id, "band": band} for band in sorted(set(bands))]
    _insert(connection, text_band_table, rows)


def _check_under(connection: sa.Connection, item: Item) -> None:
    if item.surface != Surface.comment:
        return
    parent = connection.execute(
        sa.select(item_table.c.surface).where(item_table.c.id == item.under)
    ).scalar()
    if parent is None:
        raise NotFound(f"item {item.under!r:.80} is not there to comment on", hint="gate it first")
    if parent == Surface.comment:
        raise InvalidInput("a comment stands under an item, not under a comment")


def _audience(item: Item) -> list[UserId]:
    return sorted(set(item.audience or ()))


def _is_text_blamed(decision: Decision) -> bool:
    """A text is remembered when a rule kept it from being shown for what stands in it."""
    return any(start < end for reason in decision.reasons for start, end in reason.spans)


def _pictures_cited(decision: Decision) -> set[int]:
    return {place for reason in decision.reasons for place in reason.pictures}


def _pictures_blamed(decision: Decision) -> set[int]:
    """A picture is remembered for what was seen in it; that it was not inspected is nothing."""
    seen = {one.picture for one in decision.signals if one.kind != "not_inspected"}
    return _pictures_cited(decision) & seen


def _insert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(table.insert(), rows)
