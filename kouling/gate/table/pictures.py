"""The pictures of items, what was seen in them, and the marks by which some are known again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
import sqlalchemy as sa

from kouling.gate.picture import Picture, digest_of
from kouling.gate.records import Item
from kouling.gate.table.schema import (
    item_picture_table,
    picture_look_table,
    picture_mark_table,
    picture_table,
)
from kouling.ids import ItemId
from kouling.picture import Look, hashes_to_keep, voters_to_keep

_pictures_of = (
    sa.select(item_picture_table.c.item, picture_table.c.bytes, picture_table.c.sha256)
    .join(picture_table, picture_table.c.sha256 == item_picture_table.c.picture)
    .where(item_picture_table.c.item.in_(sa.bindparam("items", expanding=True)))
    .order_by(item_picture_table.c.item, item_picture_table.c.place)
)


def store_pictures(connection: sa.Connection, item: Item) -> None:
    """Keep an item's pictures in their order; the same bytes are kept once."""
    for place, picture in enumerate(item.pictures):
        digest = digest_of(picture)
        known = sa.select(picture_table.c.sha256).where(picture_table.c.sha256 == digest)
        if connection.execute(known).scalar() is None:
            connection.execute(picture_table.insert(), {"sha256": digest, "bytes": bytes(picture)})
        connection.execute(
            item_picture_table.insert(), {"item": item.id, "place": place, "picture": digest}
        )


def load_pictures(connection: sa.Connection, items: Iterable[str]) -> dict[str, tuple[bytes, ...]]:
    """Return the pictures of those items that have any, in their order."""
    kept = kept_pictures(connection, items)
    return {item: tuple(map(bytes, pictures)) for item, pictures in kept.items()}


def kept_pictures(
    connection: sa.Connection, items: Iterable[str]
) -> dict[str, tuple[Picture, ...]]:
    """Return the same with the digests under which they are kept."""
    found: dict[str, list[Picture]] = {}
    for row in connection.execute(_pictures_of, {"items": list(items)}):
        found.setdefault(row.item, []).append(Picture.kept(row.bytes, row.sha256))
    return {item: tuple(pictures) for item, pictures in found.items()}


def store_look(connection: sa.Connection, digest: str, look: Look, at: datetime) -> None:
    """Keep what was seen in a picture, in place of what was kept of it before."""
    connection.execute(picture_look_table.delete().where(picture_look_table.c.sha256 == digest))
    connection.execute(
        picture_look_table.insert(),
        {
            "sha256": digest,
            "looked_at": at,
            "cpu_ms": look.cost.cpu_ms,
            "memory_mb": look.cost.memory_mb,
            "body": msgspec.msgpack.encode(look),
        },
    )


def load_looks(connection: sa.Connection, pictures: Iterable[str]) -> dict[str, Look]:
    """Return what was seen in those pictures that were looked into before, by digest."""
    look = picture_look_table.c
    query = sa.select(look.sha256, look.body).where(look.sha256.in_(list(pictures)))
    return {
        row.sha256: msgspec.msgpack.decode(row.body, type=Look) for row in connection.execute(query)
    }


def mark(connection: sa.Connection, digest: str, at: datetime, item: ItemId | None) -> None:
    """Let a picture be known again by its looks, if it was looked into."""
    look = load_looks(connection, [digest]).get(digest)
    if look is not None and look.imprint is not None:
        connection.execute(
            picture_mark_table.insert(),
            {
                "picture": digest,
                "item": item,
                "hashes": hashes_to_keep(look.imprint),
                "voters": voters_to_keep(look.imprint),
                "marked_at": at,
            },
        )
