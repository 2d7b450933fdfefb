"""What placements owe for their places in the market becomes an entry: posted at once, final."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from itertools import groupby
from operator import attrgetter

from kouling.clock import Clock
from kouling.db import Connection, Store
from kouling.deliver import Charge
from kouling.eventlog import present
from kouling.settle.ledger.rules import charge_postings
from kouling.settle.records import About, EntryDraft, EntryKind, Memo, MemoKind
from kouling.settle.table.charges import store_charge_postings, unposted, unposted_charges
from kouling.settle.table.ledger import append_entry

charges_at_once = 100
"""Charges of an earlier version that one transaction posts, since all other writes wait for it."""


def post_charges(
    connection: Connection,
    charges: Sequence[Charge],
    platform: str,
    at: datetime,
    day: date | None = None,
) -> None:
    """Book the charges of one page, or of a past day: a leg each, from advertiser to platform.

    It runs in the transaction that makes the charges, so no charge is without its posting.
    """
    kind = MemoKind.paid_places if day is None else MemoKind.past_places
    placements = tuple(dict.fromkeys(charge.placement for charge in charges))
    draft = EntryDraft(
        kind=EntryKind.posted,
        about=About("charge", (day or at.date()).isoformat()),
        postings=charge_postings(
            [(charge.advertiser, charge.amount) for charge in charges], platform=platform
        ),
        memo=Memo(kind, placements=placements, day=day),
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
    due, at = unposted(connection, part), present(connection, clock)
    for (_, day), charges in groupby(due, attrgetter("placement", "day")):
        post_charges(connection, list(charges), platform, at, day)
    return len(due)
