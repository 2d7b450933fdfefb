"""All that the gate knows of SQL: its tables, and what is read from and written to them."""

from kouling.gate.table.bans import (
    banned,
    is_banned,
    lift_ban,
    store_ban,
)
from kouling.gate.table.items import (
    comments_before,
    load_decision,
    store_decision,
    texts_not_shown,
    visible_to,
)
from kouling.gate.table.known import MarkedPicture, known_pictures, marks_after
from kouling.gate.table.pictures import load_looks, load_pictures
from kouling.gate.table.policies import policy_in_force, store_policy
from kouling.gate.table.schema import (
    audience_table,
    decision_table,
    item_code_table,
    item_table,
)

__all__ = [
    "MarkedPicture",
    "audience_table",
    "banned",
    "comments_before",
    "decision_table",
    "is_banned",
    "item_code_table",
    "item_table",
    "known_pictures",
    "lift_ban",
    "load_decision",
    "load_looks",
    "load_pictures",
    "marks_after",
    "policy_in_force",
    "store_ban",
    "store_decision",
    "store_policy",
    "texts_not_shown",
    "visible_to",
]
