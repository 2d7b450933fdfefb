"""Whether friendships, follows, groups and blocks are those that the event log tells of."""

from __future__ import annotations

from itertools import chain

from kouling.db import Connection
from kouling.eventlog import Faults, edge_faults, events
from kouling.people.table import block_table, follow_table, friendship_table, membership_table

_tables = {"follow": follow_table, "join": membership_table, "block": block_table}
_taken_back = {"unblock": "block"}


def people_faults(connection: Connection) -> Faults:
    """Yield the relations that tables and log don't have in common."""
    friends: set[tuple[str, str]] = set()
    told: dict[str, set[tuple[str, str]]] = {verb: set() for verb in _tables}
    for event in events(connection, "befriend", *_tables, *_taken_back):
        one, other = event.request
        if event.verb == "befriend":
            friends |= {(one, other), (other, one)}
        elif event.verb in _taken_back:
            told[_taken_back[event.verb]].discard((one, other))
        else:
            told[event.verb].add((one, other))
    found = (edge_faults(connection, _tables[verb], edges) for verb, edges in told.items())
    return chain(edge_faults(connection, friendship_table, friends), *found)
