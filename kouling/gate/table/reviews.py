"""The review queue: cases that wait, and how each was closed, once."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from kouling.errors import Conflict, InvalidInput, NotFound
from kouling.gate.records import Case, Decision, Queue, Surface, queue_max
from kouling.gate.table.schema import (
    decision_table,
    item_picture_table,
    item_table,
    review_table,
)
from kouling.ids import ItemId, UserId

_review = review_table.c
_pictures = (
    sa.select(sa.func.count())
    .where(item_picture_table.c.item == _review.item)
    .scalar_subquery()
    .label("pictures")
)
_cases = (
    sa.select(
        _review.number,
        _review.item,
        item_table.c.author,
        item_table.c.surface,
        item_table.c.text,
        _pictures,
        _review.queued_at,
        decision_table.c.body,
    )
    .join(item_table, item_table.c.id == _review.item)
    .join(decision_table, decision_table.c.item == _review.item)
    .where(_review.closed_at.is_(None))
)


def queue_case(connection: sa.Connection, decision: Decision) -> None:
    """Let an item wait for a reviewer."""
    connection.execute(
        review_table.insert(), {"item": decision.item, "queued_at": decision.decided_at}
    )


def read_queue(connection: sa.Connection, after: int, size: int) -> Queue:
    """Return the cases that wait with numbers above `after`, oldest first.

    Raises `InvalidInput` for a size that is not from 1 to 500.
    """
    if not 1 <= size <= queue_max or after < 0:
        hint = f"ask for 1 to {queue_max} cases, after the number of one"
        raise InvalidInput(f"{size} cases after {after} can't be listed", hint=hint)
    query = _cases.where(_review.number > after).order_by(_review.number).limit(size)
    cases = tuple(_case(row) for row in connection.execute(query).mappings())
    waiting = sa.select(sa.func.count()).where(_review.closed_at.is_(None))
    return Queue(cases=cases, waiting=connection.execute(waiting).scalar_one())


def open_case(connection: sa.Connection, item: ItemId) -> Case:
    """Return the case of an item that waits.

    Raises `NotFound` if there is none, and `Conflict` if it was closed.
    """
    row = connection.execute(_cases.where(_review.item == item)).mappings().one_or_none()
    if row is not None:
        return _case(row)
    closed = connection.execute(sa.select(review_table).where(_review.item == item)).one_or_none()
    if closed is None:
        hint = "the queue lists the items that do"
        raise NotFound(f"item {item!r:.80} does not wait for review", hint=hint)
    by = f"by {closed.reviewer!r:.80}" if closed.reviewer else "when it could be inspected"
    message = f"the review of item {item!r:.80} was closed {by}: {closed.visibility}"
    raise Conflict(message, hint="a case is closed once; take the next one")


def close_case(
    connection: sa.Connection,
    decision: Decision,
    reviewer: UserId | None = None,
    reason: str | None = None,
) -> None:
    """Close an item's case by the decision that a reviewer, or a second look, has led to."""
    closed = connection.execute(
        review_table.update()
        .where(_review.item == decision.item, _review.closed_at.is_(None))
        .values(
            closed_at=decision.decided_at,
            visibility=decision.visibility,
            reviewer=reviewer,
            reason=reason,
        )
    )
    assert closed.rowcount == 1, "a case is asked for before it is closed"


def _case(row: Any) -> Case:
    fields: dict[str, Any] = dict(row)
    decision = msgspec.json.decode(fields.pop("body"), type=Decision)
    return Case(**{**fields, "surface": Surface(fields["surface"])}, decision=decision)
