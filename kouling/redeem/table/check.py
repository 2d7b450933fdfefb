"""Whether redemptions are those that the event log tells of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from kouling.db import Connection
from kouling.eventlog import Faults, events, row_faults
from kouling.redeem.records import Redemption, Refusal
from kouling.redeem.table.schema import redemption_table


def redemption_faults(connection: Connection) -> Faults:
    """Yield the redemptions that differ from the answers that were given."""
    told: dict[str, Mapping[str, Any]] = {}
    for event in events(connection, "redeem"):
        answer = msgspec.json.decode(event.answer, type=Redemption | Refusal)
        if isinstance(answer, Redemption) and not answer.bot:  # whose visit is but a touch
            told.setdefault(answer.id, msgspec.structs.asdict(answer))
    return row_faults(connection, redemption_table, "id", told)
