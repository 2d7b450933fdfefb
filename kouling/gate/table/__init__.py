"""All that the gate knows of SQL: its tables, and what is read from and written to them."""

from kouling.gate.table import bans, items, policies
from kouling.gate.table.bans import (
    banned,
    banned_users,
    is_kept_out,
    leads_banned,
)
from kouling.gate.table.check import item_faults
from kouling.gate.table.items import (
    comments_before,
    load_decision,
    load_items,
    replace_decision,
    store_decision,
    texts_not_shown,
    visible_to,
)
from kouling.gate.table.known import MarkedPicture, known_pictures, marks_after
from kouling.gate.table.pictures import load_looks, load_pictures
from kouling.gate.table.policies import policy_in_force, policy_of_version
from kouling.gate.table.reviews import close_case, open_case, read_queue
from kouling.gate.table.schema import (
    audience_table,
    decision_table,
    item_code_table,
    item_picture_table,
    item_table,
    picture_look_table,
)

__all__ = [
    "MarkedPicture",
    "audience_table",
    "banned",
    "banned_users",
    "bans",
    "close_case",
    "comments_before",
    "decision_table",
    "is_kept_out",
    "item_code_table",
    "item_faults",
    "item_picture_table",
    "item_table",
    "items",
    "known_pictures",
    "leads_banned",
    "load_decision",
    "load_items",
    "load_looks",
    "load_pictures",
    "marks_after",
    "open_case",
    "picture_look_table",
    "policies",
    "policy_in_force",
    "policy_of_version",
    "read_queue",
    "replace_decision",
    "store_decision",
    "texts_not_shown",
    "visible_to",
]
