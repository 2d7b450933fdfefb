"""All that deliver knows of SQL: its tables, and what is read from and written to them."""

from kouling.deliver.table.graph import (
    add_block,
    add_follow,
    add_friendship,
    add_member,
    remove_block,
)
from kouling.deliver.table.likes import (
    AllLikes,
    add_like,
    author_of,
    items_of,
    like_key,
    likers,
    load_likes,
    remove_like,
    unlike_key,
)
from kouling.deliver.table.schema import follow_table, impression_table, like_table
from kouling.deliver.table.seen import (
    add_impressions,
    carriers,
    check_seen,
    read_page,
    visible_among,
)
from kouling.deliver.table.trials import load_steps, load_trial, queue_trial

__all__ = [
    "AllLikes",
    "add_block",
    "add_follow",
    "add_friendship",
    "add_impressions",
    "add_like",
    "add_member",
    "author_of",
    "carriers",
    "check_seen",
    "follow_table",
    "impression_table",
    "items_of",
    "like_key",
    "like_table",
    "likers",
    "load_likes",
    "load_steps",
    "load_trial",
    "queue_trial",
    "read_page",
    "remove_block",
    "remove_like",
    "unlike_key",
    "visible_among",
]
