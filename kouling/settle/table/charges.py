"""Which posting pays for which charge for a paid place: each charge one, each posting at most one.

The charges themselves are deliver's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from kouling.db import Id, metadata
from kouling.deliver import Charge, charge_table, placement_table
from kouling.money import Money
from kouling.settle.records import Entry
from kouling.settle.table.schema import posting_table

charge_posting_table = sa.Table(
    "charge_posting",
    metadata,
    sa.Column("placement", Id, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("viewer", Id, primary_key=True),
    sa.Column("entry", sa.BigInteger, nullable=False),
    sa.Column("leg", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(
        ["placement", "day", "viewer"],
        ["charge.placement", "charge.day", "charge.viewer"],
        name="fk_charge_posting_charge",
    ),
    sa.ForeignKeyConstraint(
        ["entry", "leg"], ["posting.entry", "posting.leg"], name="fk_charge_posting_posting"
    ),
    sa.UniqueConstraint("entry", "leg"),
)

_key = [charge_table.c[name] for name in ("placement", "day", "viewer")]
_key_types = [column.type for column in _key]
_same_charge = [column == charge_posting_table.c[column.name] for column in _key]


class WrongCharge(NamedTuple):
    """A charge that is not posted as it was made; `paid` is 0 where it is not posted at all."""

    placement: str
    day: date
    charged: int
    paid: int


def store_charge_postings(
    connection: sa.Connection, charges: Sequence[Charge], entry: Entry
) -> None:
    """Keep which leg of an entry pays for which charge; they stand in the same order."""
    connection.execute(
        charge_posting_table.insert(),
        [
            {
                "placement": charge.placement,
                "day": charge.day,
                "viewer": charge.viewer,
                "entry": entry.id,
                "leg": leg,
            }
            for leg, charge in enumerate(charges, 1)
        ],
    )


def unposted_charges(connection: sa.Connection, after: Charge | None, count: int) -> list[Charge]:
    """Return charges that have no posting, by placement and day, from `after` one on."""
    charge, placement = charge_table, placement_table
    joined = charge.join(placement, placement.c.id == charge.c.placement).outerjoin(
        charge_posting_table, sa.and_(*_same_charge)
    )
    query = (
        sa.select(charge, placement.c.advertiser, placement.c.currency)
        .select_from(joined)
        .where(charge_posting_table.c.entry.is_(None))
        .order_by(*_key)
        .limit(count)
    )
    if after is not None:
        key = sa.tuple_(after.placement, after.day, after.viewer, types=_key_types)
        query = query.where(sa.tuple_(*_key) > key)
    return [
        Charge(
            placement=row.placement,
            advertiser=row.advertiser,
            viewer=row.viewer,
            day=row.day,
            amount=Money(row.amount, row.currency),
        )
        for row in connection.execute(query)
    ]


def unposted(connection: sa.Connection, charges: Iterable[Charge]) -> list[Charge]:
    """Return those of some charges that have no posting, in their order."""
    charges = list(charges)
    link = charge_posting_table.c
    keys = [(charge.placement, charge.day, charge.viewer) for charge in charges]
    query = sa.select(link.placement, link.day, link.viewer).where(
        sa.tuple_(link.placement, link.day, link.viewer).in_(keys)
    )
    posted = set(map(tuple, connection.execute(query)))
    return [charge for charge, key in zip(charges, keys, strict=True) if key not in posted]


def wrong_charge(connection: sa.Connection) -> WrongCharge | None:
    """Return a charge that is in no posting, or in one of another amount; None if all are right."""
    charge, link, posting = charge_table, charge_posting_table, posting_table
    leg = sa.and_(link.c.entry == posting.c.entry, link.c.leg == posting.c.leg)
    joined = charge.outerjoin(link, sa.and_(*_same_charge)).outerjoin(posting, leg)
    paid = sa.func.coalesce(posting.c.amount, 0)
    query = sa.select(charge.c.placement, charge.c.day, charge.c.amount, paid).select_from(joined)
    row = connection.execute(query.where(charge.c.amount != paid)).first()
    return None if row is None else WrongCharge(*row)
