"""Redeem's table: redemptions; and how one is recorded, traced and counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from kouling.db import Id, Time, metadata
from kouling.deliver import carriers, visible_among
from kouling.gate import is_kept_out, item_code_table
from kouling.ids import ItemId, OfferId, RedemptionId, UserId
from kouling.mint import count_use
from kouling.redeem.records import Redemption, Refusal, RefusalReason, Touchpoint, Trace, Windows
from kouling.redeem.resolve import Resolved

redemption_table = sa.Table(
    "redemption",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("code", sa.String(11), sa.ForeignKey("share_code.code"), nullable=False),
    sa.Column("offer", Id, sa.ForeignKey("offer.id"), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("sharer", Id, nullable=False),
    sa.Column("buyer", Id, nullable=False),
    sa.Column("redeemed_at", Time, nullable=False, index=True),
    sa.Column("item", Id, sa.ForeignKey("item.id"), index=True),
    sa.Column("traced_by", sa.String(16), nullable=False),
    sa.Column("own", sa.Boolean, nullable=False),
    sa.Index("ix_redemption_buyer_offer_redeemed_at", "buyer", "offer", "redeemed_at"),
)


_insert = redemption_table.insert()

_earlier_use = (
    sa.select(redemption_table)
    .where(
        redemption_table.c.buyer == sa.bindparam("buyer"),
        redemption_table.c.code == sa.bindparam("code"),
        redemption_table.c.redeemed_at > sa.bindparam("since"),
    )
    .order_by(redemption_table.c.redeemed_at.desc())
    .limit(1)
)

_touchpoints = (
    sa.select(redemption_table)
    .where(
        redemption_table.c.buyer == sa.bindparam("buyer"),
        redemption_table.c.offer == sa.bindparam("offer"),
        redemption_table.c.redeemed_at >= sa.bindparam("since"),
        redemption_table.c.redeemed_at <= sa.bindparam("until"),
    )
    .order_by(redemption_table.c.redeemed_at, redemption_table.c.id)
)


class Visit:
    """One buyer's use of one resolved code, on its way to be recorded at a time."""

    def __init__(self, resolved: Resolved, buyer: UserId, at: datetime, id: RedemptionId) -> None:
        self.found, self.state = resolved.found, resolved.state
        self.share_code, self.buyer, self.at, self.id = resolved.state.share_code, buyer, at, id


def record_visit(connection: sa.Connection, visit: Visit, windows: Windows) -> Redemption | Refusal:
    """Record a redemption and count the use, or refuse a banned, hidden or used-up code.

    The same buyer's use of the same code within the repeat window is the earlier redemption.
    """
    refusal = _refuse_banned(connection, visit)
    if refusal is not None:
        return refusal
    traced = _trace(connection, visit, windows.trace)
    if isinstance(traced, Refusal):
        return traced
    earlier = _earlier(connection, visit, windows.repeat)
    if earlier is not None:
        return earlier
    if visit.share_code.uses_max is not None and visit.state.uses >= visit.share_code.uses_max:
        return Refusal(reason=RefusalReason.used_up, code=visit.found.code)
    redemption = _redemption(visit, *traced)
    values = {name: getattr(redemption, name) for name in Redemption.__struct_fields__}
    connection.execute(_insert, values)
    count_use(connection, visit.found.id)
    return redemption


def touchpoints(
    connection: sa.Connection, buyer: UserId, offer: OfferId, since: datetime, until: datetime
) -> list[Touchpoint]:
    """Return a buyer's redemptions of an offer in a span of time, earliest first."""
    asked = {"buyer": buyer, "offer": offer, "since": since, "until": until}
    rows = connection.execute(_touchpoints, asked)
    return [
        Touchpoint(
            redemption=RedemptionId(row.id),
            code=row.code,
            sharer=UserId(row.sharer),
            touched_at=row.redeemed_at,
            own=row.own,
        )
        for row in rows
    ]


def _refuse_banned(connection: sa.Connection, visit: Visit) -> Refusal | None:
    offer = visit.state.offer
    users = (visit.share_code.sharer, offer.merchant)
    if not is_kept_out(connection, users, offer.url, visit.at):
        return None
    return Refusal(reason=RefusalReason.banned, code=visit.found.code)


def _trace(
    connection: sa.Connection, visit: Visit, window: timedelta
) -> tuple[ItemId | None, Trace] | Refusal:
    """Find the item that carried the code: named by its link, else seen latest, else unknown."""
    named = _named_item(connection, visit)
    if named is not None:
        candidates, traced_by = [named], Trace.link
    else:
        since = visit.at - window
        candidates = carriers(connection, visit.buyer, visit.found.code, since)
        traced_by = Trace.impression
    if not candidates:
        return None, Trace.unknown
    shown = visible_among(connection, visit.buyer, candidates, visit.at)
    for item in candidates:
        if item in shown:
            return item, traced_by
    return Refusal(reason=RefusalReason.hidden, code=visit.found.code)


def _named_item(connection: sa.Connection, visit: Visit) -> ItemId | None:
    """The item that the pasted link names, if it does carry the code: links can be made up."""
    table, item = item_code_table, visit.found.item
    carried = sa.select(table.c.item).where(table.c.item == item, table.c.code == visit.found.code)
    return item if item and connection.execute(carried).first() else None


def _earlier(connection: sa.Connection, visit: Visit, window: timedelta) -> Redemption | None:
    asked = {"buyer": visit.buyer, "code": visit.found.code, "since": visit.at - window}
    row = connection.execute(_earlier_use, asked).mappings().one_or_none()
    return None if row is None else _read(row)


def _read(row: Any) -> Redemption:
    values = {name: row[name] for name in Redemption.__struct_fields__}
    return Redemption(**{**values, "traced_by": Trace(row["traced_by"])})


def _redemption(visit: Visit, item: ItemId | None, traced_by: Trace) -> Redemption:
    return Redemption(
        id=visit.id,
        code=visit.found.code,
        offer=visit.state.offer.id,
        url=visit.state.offer.url,
        sharer=visit.share_code.sharer,
        buyer=visit.buyer,
        redeemed_at=visit.at,
        item=item,
        traced_by=traced_by,
        own=visit.buyer == visit.share_code.sharer,
    )
