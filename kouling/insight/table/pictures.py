"""What the report on pictures reads: those of items, what looks took, which were not inspected."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
import sqlalchemy as sa

from kouling.gate import (
    Decision,
    Evidence,
    decision_table,
    item_picture_table,
    item_table,
    picture_look_table,
)
from kouling.insight.records import Day, PictureCosts, PicturesPosted


def pictures_posted(connection: sa.Connection, day: Day) -> PicturesPosted:
    """Return how many pictures items have that were posted, and how many were known by then."""
    before = sa.case((picture_look_table.c.looked_at < item_table.c.posted_at, 1), else_=0)
    joined = item_picture_table.join(
        item_table, item_table.c.id == item_picture_table.c.item
    ).outerjoin(picture_look_table, picture_look_table.c.sha256 == item_picture_table.c.picture)
    query = sa.select(sa.func.count(), sa.func.sum(before)).select_from(joined)
    count, known = connection.execute(query.where(*_posted(day))).one()
    return PicturesPosted(int(count), int(known or 0))


def picture_costs(connection: sa.Connection, day: Day) -> PictureCosts:
    """Return how many pictures were looked into, and what that took.

    A picture counts at its latest look, with all that it took so far.
    """
    look = picture_look_table.c
    then = sa.and_(look.looked_at >= day.since, look.looked_at < day.until)
    query = sa.select(sa.func.count(), sa.func.max(look.memory_mb)).where(then)
    count, peak = connection.execute(query).one()
    if not count:
        return PictureCosts(0)
    ranked = sa.select(look.cpu_ms).where(then).order_by(look.cpu_ms).limit(1)
    middle, late = (
        connection.execute(ranked.offset(-(-count * percent // 100) - 1)).scalar_one()
        for percent in (50, 99)
    )
    return PictureCosts(int(count), middle, late, peak)


def pictures_not_inspected(connection: sa.Connection, day: Day) -> dict[Evidence, int]:
    """Return how many pictures of items that were posted are not inspected, by reason."""
    query = (
        sa.select(decision_table.c.body)
        .join(item_table, item_table.c.id == decision_table.c.item)
        .where(*_posted(day), decision_table.c.body.contains('"not_inspected"'))
    )
    found: Counter[Evidence] = Counter()
    for body in connection.scalars(query):
        decision = msgspec.json.decode(body, type=Decision)
        by_place = {
            one.picture: one.evidence[0]
            for one in reversed(decision.signals)
            if one.kind == "not_inspected" and one.picture
        }
        found.update(by_place.values())
    return dict(found)


def _posted(day: Day) -> tuple[Any, Any]:
    return item_table.c.posted_at >= day.since, item_table.c.posted_at < day.until
