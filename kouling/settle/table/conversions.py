"""Conversions as they are kept: what was sold, what was refunded, who earns at which rates."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kouling.db import Id, Time, metadata
from kouling.ids import ConversionId
from kouling.money import Money
from kouling.settle.records import Conversion, ConversionState, ConversionStatus, RateCard
from kouling.settle.table.ledger import entries_of

conversion_table = sa.Table(
    "conversion",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("buyer", Id, nullable=False),
    sa.Column("offer", Id, sa.ForeignKey("offer.id"), nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("refunded", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("converted_at", Time, nullable=False, index=True),
    sa.Column("redemption", sa.String(32), sa.ForeignKey("redemption.id")),
    sa.Column("merchant", Id, nullable=False),
    sa.Column("sharer", Id),
    sa.Column("rate_bps", sa.Integer, nullable=False),
    sa.Column("platform_bps", sa.Integer, nullable=False),
    sa.CheckConstraint("amount > 0", "amount"),
    sa.CheckConstraint("refunded BETWEEN 0 AND amount", "refunded"),
)

_by_id = sa.select(conversion_table).where(conversion_table.c.id == sa.bindparam("id"))
_insert = conversion_table.insert()


def load_conversion(connection: sa.Connection, id: ConversionId) -> ConversionState | None:
    """Return what is known of a conversion with its entries, or None."""
    row = connection.execute(_by_id, {"id": id}).one_or_none()
    if row is None:
        return None
    conversion = Conversion(
        id=row.id,
        buyer=row.buyer,
        offer=row.offer,
        amount=Money(row.amount, row.currency),
        status=ConversionStatus(row.status),
        converted_at=row.converted_at,
    )
    return ConversionState(
        conversion=conversion,
        refunded=Money(row.refunded, row.currency),
        merchant=row.merchant,
        sharer=row.sharer,
        redemption=row.redemption,
        card=RateCard(row.rate_bps, row.platform_bps),
        entries=tuple(entries_of(connection, id)),
    )


def add_conversion(connection: sa.Connection, state: ConversionState) -> None:
    """Keep a conversion that is not known yet."""
    connection.execute(_insert, {**_values(state), "id": state.conversion.id})


def replace_conversion(connection: sa.Connection, state: ConversionState) -> None:
    """Keep what is known of a conversion, in place of what was known before."""
    table = conversion_table
    known = table.update().where(table.c.id == state.conversion.id)
    connection.execute(known.values(_values(state)))


def _values(state: ConversionState) -> dict[str, Any]:
    conversion = state.conversion
    return {
        "buyer": conversion.buyer,
        "offer": conversion.offer,
        "amount": conversion.amount.minor,
        "refunded": state.refunded.minor,
        "currency": conversion.amount.currency,
        "status": conversion.status,
        "converted_at": conversion.converted_at,
        "redemption": state.redemption,
        "merchant": state.merchant,
        "sharer": state.sharer,
        "rate_bps": state.card.rate_bps,
        "platform_bps": state.card.platform_bps,
    }
