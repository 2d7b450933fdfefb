"""Whether items and their decisions are those that the event log tells of."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

import msgspec

from kouling.db import Connection
from kouling.eventlog import Faults, events, row_faults
from kouling.gate.policy.policy import policy_of_source
from kouling.gate.records import Decision
from kouling.gate.table.schema import decision_table, item_table, policy_table

_posted = ("author", "surface", "text", "to", "group", "under")


def item_faults(connection: Connection) -> Faults:
    """Yield what differs from what the log says: policies, items, decisions in force."""
    items: dict[str, Mapping[str, Any]] = {}
    decisions: dict[str, Mapping[str, Any]] = {}
    for event in events(connection, "gate", "review", "look_again"):
        decision = msgspec.json.decode(event.answer, type=Decision)
        if event.verb == "gate":
            items[decision.item] = {name: event.request.get(name) for name in _posted}
        fields = ("visibility", "policy_version", "decided_at")
        decisions[decision.item] = {
            **{name: getattr(decision, name) for name in fields},
            "body": event.answer,
        }
    return chain(
        row_faults(connection, policy_table, "version", _policies(connection)),
        row_faults(connection, item_table, "id", items),
        row_faults(connection, decision_table, "item", decisions),
    )


def _policies(connection: Connection) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for event in events(connection, "activate"):
        policy = policy_of_source(event.request)
        fields = {name: getattr(policy, name) for name in ("effective_at", "sha256", "source")}
        found.setdefault(policy.version, {**fields, "activated_at": event.at})
    return found
