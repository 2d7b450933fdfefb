"""Whether share codes and offers are those that the event log tells of."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

import msgspec

from kouling.db import Connection
from kouling.eventlog import Faults, events, row_faults
from kouling.mint.records import ShareCode
from kouling.mint.table import offer_table, share_code_table


def code_faults(connection: Connection) -> Faults:
    """Yield the share codes and their offers that differ from what their minting said."""
    codes: dict[str, Mapping[str, Any]] = {}
    offers: dict[str, Mapping[str, Any]] = {}
    for event in events(connection, "mint"):
        code = msgspec.json.decode(event.answer, type=ShareCode)
        codes[code.code] = msgspec.structs.asdict(code)
        price, offer = event.request["offer"]["price"], event.request["offer"]
        offers[offer["id"]] = {**offer, "price": price["minor"], "currency": price["currency"]}
    return chain(
        row_faults(connection, offer_table, "id", offers),
        row_faults(connection, share_code_table, "code", codes),
    )
