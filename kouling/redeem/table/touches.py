"""Touches are read: what may have caused a sale."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from kouling.ids import RedemptionId, UserId
from kouling.redeem.records import Touchpoint
from kouling.redeem.table.schema import touch_table

touchpoints_max = 1_000
"""Touchpoints that are looked at for one sale: the newest ones."""

_touchpoints = (
    sa.select(touch_table)
    .where(
        touch_table.c.buyer == sa.bindparam("buyer"),
        touch_table.c.merchant == sa.bindparam("merchant"),
        touch_table.c.touched_at >= sa.bindparam("since"),
        touch_table.c.touched_at <= sa.bindparam("until"),
    )
    .order_by(touch_table.c.touched_at.desc(), touch_table.c.id.desc())
    .limit(touchpoints_max)
)


def touchpoints(
    connection: sa.Connection, buyer: UserId, merchant: UserId, since: datetime, until: datetime
) -> list[Touchpoint]:
    """Return the newest touches of a merchant's codes by a buyer in a span of time, latest first.

    There are at most `touchpoints_max`; a bot's are not among them.
    """
    asked = {"buyer": buyer, "merchant": merchant, "since": since, "until": until}
    return [
        Touchpoint(
            id=row.id,
            redemption=RedemptionId(row.redemption),
            code=row.code,
            sharer=UserId(row.sharer),
            touched_at=row.touched_at,
            own=row.own,
        )
        for row in connection.execute(_touchpoints, asked)
        if row.bot is None
    ]
