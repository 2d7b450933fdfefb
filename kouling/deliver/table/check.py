"""Whether likes are those that the event log tells of."""

from __future__ import annotations

from kouling.db import Connection
from kouling.deliver.table.schema import like_table
from kouling.eventlog import Faults, edge_faults, events


def like_faults(connection: Connection) -> Faults:
    """Yield the likes that the feed learns from and the log does not tell of, or the other way."""
    told: set[tuple[str, str]] = set()
    for event in events(connection, "like", "unlike"):
        user, item = event.request
        (told.add if event.verb == "like" else told.discard)((user, item))
    return edge_faults(connection, like_table, told)
