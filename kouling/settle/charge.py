"""What placements owe for their places in the market becomes an entry: posted at once, final."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kouling.db import Connection
from kouling.deliver import Charge
from kouling.settle.ledger import charge_postings
from kouling.settle.records import EntryDraft, EntryKind
from kouling.settle.table import append_entry, store_charge_postings


def post_charges(
    connection: Connection, charges: Sequence[Charge], platform: str, at: datetime
) -> None:
    """Book the charges of one page: a leg each, from the advertiser to the platform.

    It runs in the transaction that makes the charges, so no charge is without its posting.
    """
    draft = EntryDraft(
        kind=EntryKind.posted,
        conversion=None,
        postings=charge_postings(
            [(charge.advertiser, charge.amount) for charge in charges], platform=platform
        ),
        memo="paid places: " + ", ".join(charge.placement for charge in charges),
    )
    store_charge_postings(connection, charges, append_entry(connection, draft, at))
