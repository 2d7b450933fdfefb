"""People: who knows whom, who follows whom, who is in which group, who keeps whom out."""

from kouling.people.table import (
    add_block,
    add_edge,
    add_follow,
    add_friendship,
    add_member,
    block_table,
    blocked_with,
    edge_table,
    follow_table,
    friendship_table,
    membership_table,
    people_faults,
    remove_block,
    remove_follow,
    remove_friendship,
    remove_member,
)

__all__ = [
    "add_block",
    "add_edge",
    "add_follow",
    "add_friendship",
    "add_member",
    "block_table",
    "blocked_with",
    "edge_table",
    "follow_table",
    "friendship_table",
    "membership_table",
    "people_faults",
    "remove_block",
    "remove_follow",
    "remove_friendship",
    "remove_member",
]
