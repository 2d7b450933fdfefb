"""Sales as they are kept: the report that stands, refunds, cancellations, parties and rates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from kouling.errors import Conflict, InvalidInput
from kouling.ids import ConversionId, OfferId, RedemptionId, UserId
from kouling.money import Money
from kouling.settle.records import (
    Cancellation,
    Conversion,
    ConversionState,
    ConversionStatus,
    Memo,
    Refund,
    SaleKey,
    SaleTerms,
)
from kouling.settle.table.ledger import entries_of
from kouling.settle.table.schema import cancellation_table, conversion_table, refund_table

waiting_max = 1_000
"""Refunds and cancellations without a sale that are listed at once."""

_sale = conversion_table.c
_by_key = sa.select(conversion_table).where(
    _sale.merchant == sa.bindparam("merchant"),
    _sale.id == sa.bindparam("id"),
    _sale.line == sa.bindparam("line"),
)
_by_no = sa.select(conversion_table).where(_sale.no == sa.bindparam("no"))
_merchants = (
    sa.select(_sale.merchant)
    .where(_sale.id == sa.bindparam("id"), _sale.line == sa.bindparam("line"))
    .limit(2)
)
_held_of = (
    sa.select(conversion_table)
    .where(_sale.sharer == sa.bindparam("sharer"), sa.literal_column("conversion.held"))
    .order_by(_sale.no)
)
_insert = conversion_table.insert().returning(_sale.no)
_replace = conversion_table.update().where(_sale.no == sa.bindparam("sale_no"))

_refund = refund_table.c
_refunds_of_id = sa.select(refund_table).where(
    _refund.merchant == sa.bindparam("merchant"), _refund.id == sa.bindparam("id")
)
_waiting_refunds = (
    sa.select(refund_table)
    .where(
        _refund.conversion == sa.bindparam("conversion"),
        _refund.line == sa.bindparam("line"),
        _refund.merchant.in_(sa.bindparam("merchants", expanding=True)),
        _refund.state == sa.literal_column("'waiting'"),
    )
    .order_by(_refund.no)
)
_insert_refund = refund_table.insert()
_change_refund = (
    refund_table.update()
    .where(_refund.no == sa.bindparam("refund_no"))
    .values({name: sa.bindparam(name) for name in ("merchant", "sale", "state", "netted")})
)

_off = cancellation_table.c
_cancellation_of_id = sa.select(cancellation_table).where(
    _off.merchant == sa.bindparam("merchant"),
    _off.id == sa.bindparam("id"),
    _off.line == sa.bindparam("line"),
)
_waiting_cancellations = (
    sa.select(cancellation_table)
    .where(
        _off.conversion == sa.bindparam("conversion"),
        _off.line == sa.bindparam("line"),
        _off.merchant.in_(sa.bindparam("merchants", expanding=True)),
        _off.sale.is_(None),
    )
    .order_by(_off.no)
)
_insert_cancellation = cancellation_table.insert()
_change_cancellation = (
    cancellation_table.update()
    .where(_off.no == sa.bindparam("cancellation_no"))
    .values(merchant=sa.bindparam("merchant"), sale=sa.bindparam("sale"))
)


def merchant_of(
    connection: sa.Connection, merchant: UserId | None, id: ConversionId, line: str
) -> UserId | None:
    """Return whose sale is meant: the merchant that is named, else the only one that has it.

    Raises `InvalidInput` where several have it.
    """
    if merchant is not None:
        return merchant
    found = connection.scalars(_merchants, {"id": id, "line": line}).all()
    if len(found) > 1:
        raise InvalidInput(
            f"several merchants have a sale {id!r:.80}", hint="name the merchant, too"
        )
    return UserId(found[0]) if found else None


def load_sale(
    connection: sa.Connection, merchant: UserId, id: ConversionId, line: str
) -> ConversionState | None:
    """Return what is known of a sale with its entries, or None."""
    keys = {"merchant": merchant, "id": id, "line": line}
    row = connection.execute(_by_key, keys).one_or_none()
    return None if row is None else state_of(connection, row)


def load_sale_of(connection: sa.Connection, no: int) -> ConversionState:
    """Return the sale of a number in this database."""
    return state_of(connection, connection.execute(_by_no, {"no": no}).one())


def held_of(connection: sa.Connection, sharer: UserId) -> list[ConversionState]:
    """Return the sales of a sharer that are received and may not be settled."""
    rows = connection.execute(_held_of, {"sharer": sharer}).all()
    return [state_of(connection, row) for row in rows]


def add_sale(connection: sa.Connection, state: ConversionState) -> ConversionState:
    """Keep a sale that is not known yet, and return it with its number."""
    no = connection.execute(_insert, _values(state)).scalar_one()
    return msgspec.structs.replace(state, key=msgspec.structs.replace(state.key, no=no))


def replace_sale(connection: sa.Connection, state: ConversionState) -> None:
    """Keep what is known of a sale, in place of what was known before."""
    connection.execute(_replace, {**_values(state), "sale_no": state.key.no})


def refunds_of(connection: sa.Connection, merchant: UserId | str, id: str) -> Sequence[Any]:
    """Return the rows of a refund, one for each line of the order that it is of."""
    return connection.execute(_refunds_of_id, {"merchant": merchant, "id": id}).all()


def known_refund(connection: sa.Connection, refund: Refund, merchant: UserId | str) -> Any | None:
    """Return the row of a refund that is known already; raise `Conflict` if it is another."""
    for row in refunds_of(connection, merchant, refund.id):
        if row.line != refund.line:
            continue
        same = (row.conversion, row.amount, row.currency)
        if same != (refund.conversion, refund.amount.minor, refund.amount.currency):
            raise Conflict(
                f"refund {refund.id!r:.80} is known as {Money(row.amount, row.currency)} of"
                f" conversion {row.conversion!r:.80}",
                hint="give another refund another id",
            )
        return row
    return None


def add_refund(
    connection: sa.Connection, refund: Refund, merchant: str, sale: int | None, netted: bool
) -> None:
    """Keep a refund: applied to a sale, or waiting for one."""
    connection.execute(
        _insert_refund,
        {
            "merchant": merchant,
            "id": refund.id,
            "line": refund.line,
            "conversion": refund.conversion,
            "currency": refund.amount.currency,
            "amount": refund.amount.minor,
            "reason": refund.reason,
            "refunded_at": refund.refunded_at,
            "sale": sale,
            "state": "waiting" if sale is None else "applied",
            "netted": netted,
        },
    )


def change_refund(
    connection: sa.Connection, row: Any, state: str, key: SaleKey | None, netted: bool
) -> None:
    """Let a refund be applied to a sale, or undone."""
    connection.execute(
        _change_refund,
        {
            "refund_no": row.no,
            "merchant": row.merchant if key is None else key.merchant,
            "sale": row.sale if key is None else key.no,
            "state": state,
            "netted": netted,
        },
    )


def waiting_refunds(connection: sa.Connection, key: SaleKey) -> Sequence[Any]:
    """Return the rows of refunds that wait for a sale, in the order they came."""
    asked = {"conversion": key.id, "line": key.line, "merchants": [key.merchant, ""]}
    return connection.execute(_waiting_refunds, asked).all()


def known_cancellation(
    connection: sa.Connection, cancellation: Cancellation, merchant: str
) -> Any | None:
    """Return the row of a cancellation that is known; raise `Conflict` if it is another."""
    keys = {"merchant": merchant, "id": cancellation.id, "line": cancellation.line}
    row = connection.execute(_cancellation_of_id, keys).one_or_none()
    if row is not None and row.conversion != cancellation.conversion:
        raise Conflict(
            f"cancellation {cancellation.id!r:.80} is known of conversion {row.conversion!r:.80}",
            hint="give another cancellation another id",
        )
    return row


def add_cancellation(
    connection: sa.Connection, cancellation: Cancellation, merchant: str, sale: int | None
) -> None:
    """Keep a cancellation: of a sale, or waiting for one."""
    connection.execute(
        _insert_cancellation,
        {
            "merchant": merchant,
            "id": cancellation.id,
            "line": cancellation.line,
            "conversion": cancellation.conversion,
            "reason": cancellation.reason,
            "sale": sale,
        },
    )


def take_cancellations(connection: sa.Connection, key: SaleKey) -> bool:
    """Let the cancellations that wait for a sale be its own; return whether there were any."""
    asked = {"conversion": key.id, "line": key.line, "merchants": [key.merchant, ""]}
    rows = connection.execute(_waiting_cancellations, asked).all()
    for row in rows:
        change = {"cancellation_no": row.no, "merchant": key.merchant, "sale": key.no}
        connection.execute(_change_cancellation, change)
    return bool(rows)


def waiting(connection: sa.Connection) -> tuple[Refund | Cancellation, ...]:
    """Return refunds and cancellations whose sale is not known, or has too little left."""
    refunds = (
        sa.select(refund_table)
        .where(_refund.state == sa.literal_column("'waiting'"))
        .order_by(_refund.conversion, _refund.line)
        .limit(waiting_max)
    )
    off = (
        sa.select(cancellation_table)
        .where(_off.sale.is_(None))
        .order_by(_off.conversion, _off.line)
        .limit(waiting_max)
    )
    return (
        *(read_refund(row) for row in connection.execute(refunds)),
        *(
            Cancellation(row.id, row.conversion, row.merchant or None, row.line, row.reason)
            for row in connection.execute(off)
        ),
    )


def read_refund(row: Any) -> Refund:
    """Return a refund as its row tells it."""
    return Refund(
        id=row.id,
        conversion=row.conversion,
        amount=Money(row.amount, row.currency),
        merchant=row.merchant or None,
        line=row.line,
        reason=row.reason,
        refunded_at=row.refunded_at,
    )


def state_of(connection: sa.Connection, row: Any) -> ConversionState:
    """Return a sale as its row tells it, with its entries."""
    return msgspec.structs.replace(read_state(row), entries=tuple(entries_of(connection, row.no)))


def read_state(row: Any) -> ConversionState:
    """Return a sale as its row tells it, without its entries."""
    terms = SaleTerms(
        offer=OfferId(row.offer),
        buyer=row.buyer,
        platform=row.platform,
        sharer=row.sharer,
        redemption=None if row.redemption is None else RedemptionId(row.redemption),
        rate_bps=row.rate_bps,
        platform_bps=row.platform_bps,
        days=row.days,
        touchpoints=row.touchpoints,
    )
    return ConversionState(
        key=SaleKey(row.no, UserId(row.merchant), ConversionId(row.id), row.line),
        conversion=_conversion(row),
        terms=terms,
        refunded=Money(row.refunded, row.currency),
        netted=Money(row.netted, row.currency),
        why=None if row.why is None else msgspec.json.decode(row.why, type=Memo),
        held=row.held,
        report=row.report,
    )


def _conversion(row: Any) -> Conversion:
    return Conversion(
        id=ConversionId(row.id),
        offer=OfferId(row.offer),
        amount=Money(row.amount, row.currency),
        buyer=row.buyer,
        merchant=UserId(row.merchant),
        line=row.line,
        status=ConversionStatus(row.status),
        converted_at=row.converted_at,
        reported_at=row.reported_at,
        net=row.net,
        code=row.code,
        tracking=row.tracking,
        first=row.first,
        commission=None if row.commission is None else Money(row.commission, row.currency),
    )


def _values(state: ConversionState) -> dict[str, Any]:
    report, terms = state.conversion, state.terms
    return {
        "merchant": state.key.merchant,
        "id": state.key.id,
        "line": state.key.line,
        "offer": terms.offer,
        "buyer": terms.buyer,
        "currency": report.amount.currency,
        "amount": report.amount.minor,
        "net": report.net,
        "refunded": state.refunded.minor,
        "netted": state.netted.minor,
        "status": report.status,
        "converted_at": report.converted_at,
        "reported_at": report.reported_at,
        "code": report.code,
        "tracking": report.tracking,
        "first": report.first,
        "commission": None if report.commission is None else report.commission.minor,
        "platform": terms.platform,
        "sharer": terms.sharer,
        "redemption": terms.redemption,
        "rate_bps": terms.rate_bps,
        "platform_bps": terms.platform_bps,
        "days": terms.days,
        "touchpoints": terms.touchpoints,
        "why": None if state.why is None else msgspec.json.encode(state.why).decode(),
        "held": state.held,
        "report": state.report,
    }
