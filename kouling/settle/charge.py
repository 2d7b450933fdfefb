"""What placements owe for their places in the market becomes an entry: posted at once, final."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import attrgetter

from kouling.clock import Clock
from kouling.db import Connection, Store
from kouling.deliver import Charge
from kouling.settle.ledger.rules import charge_postings
from kouling.settle.records import EntryDraft, EntryKind
from kouling.settle.table import append_entry, store_charge_postings, unposted, unposted_charges

charges_at_once = 100
"""Charges of an earlier version that one transaction posts, since all other writes wait for it."""


def post_charges(
    connection: Connection, charges: Sequence[Charge], platform: str, at: datetime, of: str = ""
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
        memo=f"paid places{of}: " + ", ".join(dict.fromkeys(c.placement for c in charges)),
    )
    store_charge_postings(connection, charges, append_entry(connection, draft, at))


def post_missing(store: Store, platform: str, clock: Clock) -> int:
    """Book charges that an earlier version made and did not post; return how many there were.

    Those of a placement and day make an entry, unless they are more than one transaction takes.
    """
    posted, after = 0, None
    while True:
        with store.read() as connection:
            part = unposted_charges(connection, after, charges_at_once)
        if not part:
            return posted
        posted += store.write(partial(_post_part, part=part, platform=platform, clock=clock))
        after = part[-1]


def _post_part(connection: Connection, part: Iterable[Charge], platform: str, clock: Clock) -> int:
    """Book those of some charges that nobody has posted meanwhile; return how many."""
    due, at = unposted(connection, part), clock()
    for (_, day), charges in groupby(due, attrgetter("placement", "day")):
        post_charges(connection, list(charges), platform, at, f" of {day}")
    return len(due)
